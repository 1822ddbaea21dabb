/** Barrier waits are split by what the last arriver did meanwhile: tiny cases with known parts. */
import { describe, expect, it } from 'vitest'
import { timeOfVm } from '../../../src-main/core/model/charge.ts'
import type { ProgramParts } from './support/scenarios.ts'
import {
  compute,
  FINE_GRAIN,
  hog,
  inline,
  loop,
  role,
  runScenario,
  scenarioOf,
  timeOfThread,
  withoutOverheads,
} from './support/scenarios.ts'

const MS = 1e6
const US = 1e3
const meet = { op: 'barrier', barrier: 'all' }

const program = (spinNs: number, roles: ProgramParts['roles'], rest = {}) =>
  inline({ barriers: [{ name: 'all', spinNs }], roles, ...rest })

const near = (found: number, expected: number, within: number): void =>
  expect(Math.abs(found - expected) / expected, `${found} for ${expected}`).toBeLessThan(within)

for (const [how, spinNs] of [
  ['blocks', 0],
  ['spins', 1e9],
] as const) {
  describe(`a waiter that ${how}`, () => {
    it('waits for imbalance where the last arriver computes longer', () => {
      const roles = [
        role(1, [compute(1 * MS), meet], 'early'),
        role(1, [compute(5 * MS), meet], 'late'),
      ]
      const vm = { vcpus: 2, workload: program(spinNs, roles) }
      const m = runScenario(withoutOverheads(scenarioOf(2, [vm])))
      expect(timeOfThread(m, 0, 'barrier')).toBe(4 * MS)
      expect(timeOfThread(m, 0, 'barrier-host')).toBe(0)
    })

    it('waits for locks where the last arriver stood in line for one', () => {
      const critical = (ns: number) => ({ op: 'critical', mutex: 'lock', ns, cv: 0 })
      const roles = [
        role(1, [meet], 'early'),
        role(1, [critical(10 * MS), meet], 'holder'),
        role(1, [compute(US), critical(MS), meet], 'late'),
      ]
      const workload = program(spinNs, roles, { mutexes: ['lock'] })
      const m = runScenario(withoutOverheads(scenarioOf(3, [{ vcpus: 3, workload }])))
      near(timeOfThread(m, 0, 'barrier-lock'), 10 * MS, 0.001)
      near(timeOfThread(m, 0, 'barrier'), 1 * MS, 0.01)
    })
  })
}

describe('a barrier', () => {
  it('waits for the host where the last arriver shares its pCPU with another VM', () => {
    const roles = [
      role(1, [compute(MS / 10), meet], 'early'),
      role(1, [compute(0.3 * MS), meet], 'late'),
    ]
    const vm = { vcpus: 2, repeat: 'stop' as const, workload: program(0, roles) }
    const m = runScenario(withoutOverheads(scenarioOf(1, [vm, hog(5 * MS)]), FINE_GRAIN))
    // three share the pCPU until the early thread has had its 0.1 ms; then two, for 0.2 ms of work
    near(timeOfThread(m, 0, 'barrier-host'), 0.2 * MS, 0.15)
    near(timeOfThread(m, 0, 'barrier'), 0.2 * MS, 0.15)
  })

  it('waits for the guest where the last arriver shares its vCPU with another thread', () => {
    const roles = [
      role(1, [compute(MS / 10), meet], 'early'),
      role(1, [compute(0.3 * MS), meet], 'late'),
      role(1, [compute(5 * MS)], 'other'),
    ]
    const vm = { vcpus: 1, workload: program(0, roles) }
    const m = runScenario(withoutOverheads(scenarioOf(1, [vm]), FINE_GRAIN))
    near(timeOfThread(m, 0, 'barrier-guest'), 0.2 * MS, 0.15)
    near(timeOfThread(m, 0, 'barrier'), 0.2 * MS, 0.15)
  })

  it('is spun at no longer than its limit, also where that ends at the very time of an IPI', () => {
    const roles = [
      role(1, [compute(MS), { op: 'tlb' }, compute(50 * MS), meet], 'late'),
      role(1, [meet], 'early'),
    ]
    const vm = { vcpus: 2, workload: program(MS, roles) }
    const m = runScenario(withoutOverheads(scenarioOf(2, [vm])))
    expect(m.vms[0]!.cpuNs).toBeLessThan(53 * MS)
  })

  it('opens as often as its threads come round', () => {
    const m = runScenario(
      scenarioOf(2, [
        { vcpus: 2, workload: program(0, [role(4, [loop(25, [compute(MS, 1), meet])])]) },
      ]),
    )
    expect(m.counters.barriers).toBe(25)
  })
})

describe('spinning at user level with more threads than vCPUs', () => {
  const time = (spinNs: number): number => {
    const workload = { app: 'barrier', params: { scale: 0.02, spinNs, threads: 4 } }
    const vms = [{ vcpus: 4, workload }, hog(50 * MS, {}, 4)]
    const scheme = { id: 'vcpu-bal' }
    return runScenario(scenarioOf(4, vms, { scheme })).vms[0]!.iterationNs[0]!
  }

  it('is much worse than blocking when the VM is ballooned to half its vCPUs', () => {
    expect(time(10 * MS)).toBeGreaterThan(3 * time(0))
  })

  it('is charged as barrier waiting behind the guest queue', () => {
    const workload = { app: 'barrier', params: { scale: 0.02, spinNs: 10 * MS, threads: 4 } }
    const m = runScenario(scenarioOf(1, [{ vcpus: 2, workload }]))
    const guest = timeOfVm(m, m.vms[0]!)
    expect(guest['barrier-guest']).toBeGreaterThan(guest.useful)
  })
})
