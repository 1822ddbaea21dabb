/** Ballooning: what happens to the threads of a vCPU that goes, and of one that comes. */
import { describe, expect, it } from 'vitest'
import type { Machine } from '../../../src-main/core/model/machine.ts'
import { VCPU } from '../../../src-main/core/model/vocabulary.ts'
import { checkInvariants } from './support/invariants.ts'
import type { VmInput } from './support/scenarios.ts'
import {
  compute,
  hog,
  inline,
  loop,
  role,
  runScenario,
  scenarioOf,
  watch,
  withoutOverheads,
} from './support/scenarios.ts'

const MS = 1e6
const QUICK = { id: 'flexcore', params: { periodNs: MS, hysteresis: 1 } }

/** Four threads that are nearly always inside a kernel lock, or in line for it. */
function lockBound(rest: Partial<VmInput> = {}): VmInput {
  const section = { op: 'spin-critical', lock: 'lock', ns: 20_000, cv: 1 }
  const program = [loop(400, [compute(2000, 1), section])]
  const workload = inline({ spinLocks: ['lock'], roles: [role(4, program)] })
  return { vcpus: 4, workload, repeat: 'stop', ...rest }
}

/** Threads that wait for TLB flushes most of the time. */
function flushBound(): VmInput {
  const workload = inline({ roles: [role(4, [loop(300, [compute(10_000, 1), { op: 'tlb' }])])] })
  return { vcpus: 4, workload, repeat: 'stop' }
}

const onlineOf = (m: Machine, vm: number): number => {
  const { firstV, vcpus } = m.vms[vm]!
  return m.vState.slice(firstV, firstV + vcpus).filter((s) => s !== VCPU.offline).length
}

describe('a vCPU that is ballooned', () => {
  for (const [what, vm] of [
    ['a kernel lock', lockBound()],
    ['a TLB flush', flushBound()],
  ] as const) {
    it(`goes only when its thread has left ${what}, and nothing deadlocks`, () => {
      for (let seed = 0; seed < 10; seed++) {
        const late = hog(5 * MS, { startNs: 1 * MS }, 4)
        const m = watch(scenarioOf(4, [vm, late], { seed, scheme: QUICK }), (machine) =>
          checkInvariants(machine, 'flexcore'),
        )
        expect(m.counters.resizes).toBeGreaterThan(0)
      }
    })
  }

  it('leaves its threads to its siblings, which finish all the work', () => {
    const vms = [hog(20 * MS, {}, 4), hog(20 * MS, {}, 4)]
    const m = runScenario(withoutOverheads(scenarioOf(4, vms, { scheme: QUICK })))
    expect(m.now).toBeGreaterThanOrEqual(40 * MS)
    expect(m.now).toBeLessThan(45 * MS)
  })
})

describe('a vCPU that comes back', () => {
  it('takes over threads that wait in the guest, without a wake-up to place them', () => {
    const vms = [hog(100 * MS, {}, 4), hog(10 * MS, {}, 4)]
    const scenario = withoutOverheads(scenarioOf(4, vms, { scheme: QUICK }))
    const counts = new Set<number>()
    const m = watch(scenario, (machine) => counts.add(onlineOf(machine, 0)))
    expect([...counts].sort()).toEqual([2, 4])
    // four threads of 100 ms: 10 ms each until the other VM is done at 20 ms, then all at once
    expect(m.now / MS).toBeGreaterThan(110)
    expect(m.now / MS).toBeLessThan(115)
  })
})
