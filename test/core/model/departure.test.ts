/** VMs that come and go: shut down at `stopNs`, whatever their threads were doing. */
import { describe, expect, it } from 'vitest'
import { timeOfVm } from '../../../src-main/core/model/charge.ts'
import { SCHEMES } from '../../../src-main/core/schemes/registry.ts'
import { buildSpec } from '../../../src-main/core/simulate/build-spec.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import type { VmInput } from './support/scenarios.ts'
import { hog, inline, loop, role, runScenario, scenarioOf } from './support/scenarios.ts'
import { watch, withoutOverheads } from './support/scenarios.ts'

const MS = 1e6

/** Computes for 100 ms on each of two vCPUs, and repeats until it is shut down. */
const visitor = (stopNs: number, rest: Partial<VmInput> = {}): VmInput =>
  hog(100 * MS, { repeat: 'until-others', stopNs, name: 'visitor', ...rest }, 2)
const resident = (ns: number): VmInput => hog(ns, { name: 'resident' }, 2)

describe('a VM that departs', () => {
  it.each(SCHEMES.map((s) => s.id))('leaves the pCPUs to the others under %s', (id) => {
    const vms = [resident(1000 * MS), visitor(200 * MS)]
    const m = runScenario(withoutOverheads(scenarioOf(2, vms, { scheme: { id } })))
    const shared = 200 * MS
    const isStatic = id === 'vcpu-bal' || id === 'pin'
    const least = 1000 * MS + (isStatic ? 0 : shared / 2)
    expect(m.now).toBeGreaterThan(least - 60 * MS)
    // a static scheme does not give back what it took
    expect(m.now).toBeLessThan(isStatic ? 2200 * MS : least + 250 * MS)
  })

  it('is charged nothing but idle time from then on, and all of it', () => {
    const vms = [resident(400 * MS), visitor(100 * MS)]
    let atStop = 0
    const m = watch(scenarioOf(2, vms), (machine) => {
      const vm = machine.vms[1]!
      if (vm.departed && atStop === 0) atStop = timeOfVm(machine, vm).useful
    })
    const times = timeOfVm(m, m.vms[1]!)
    expect(times.useful).toBe(atStop)
    expect(times.idle).toBe(2 * (m.now - 100 * MS))
    const all = Object.values(times).reduce((a, b) => a + b)
    expect(all).toBe(2 * m.now)
  })

  it('keeps the iterations that it finished, and does not hold up the run', () => {
    const vms = [resident(300 * MS), visitor(250 * MS, { iterations: 50, startNs: 10 * MS })]
    const result = simulate(scenarioOf(4, vms))
    expect(result.vms[1]!.iterationNs).toHaveLength(2)
    expect(result.timeNs).toBe(result.vms[0]!.iterationNs[0])
    expect(result.makespanNs).toBeLessThan(310 * MS)
  })

  it('does not hold up a run that ends before it departs', () => {
    const result = simulate(scenarioOf(4, [resident(50 * MS), visitor(1e6 * MS)]))
    expect(result.makespanNs).toBeLessThan(60 * MS)
    expect(result.vms[1]!.iterationNs).toHaveLength(0)
  })

  it('takes its locks, waiters and sleepers with it', () => {
    const steps = [
      { op: 'critical', mutex: 'm', ns: MS },
      { op: 'spin-critical', lock: 's', ns: MS },
      { op: 'sleep', ns: MS },
      { op: 'tlb' },
      { op: 'barrier', barrier: 'b' },
    ]
    const workload = inline({
      mutexes: ['m'],
      spinLocks: ['s'],
      barriers: [{ name: 'b', spinNs: MS }],
      roles: [role(6, [loop(1000, steps)])],
    })
    for (let stopNs = 20 * MS; stopNs < 30 * MS; stopNs += 0.7 * MS) {
      const vms = [resident(40 * MS), { vcpus: 3, workload, stopNs }]
      const m = runScenario(scenarioOf(2, vms))
      expect(m.vms[1]!.departed).toBe(true)
      expect(m.vms[1]!.runnable).toBe(0)
    }
  })

  it('gives its cores back under flexcore, though they were 1 at the least', () => {
    const vms = [hog(1000 * MS, {}, 4), hog(1e5 * MS, { stopNs: 100 * MS }, 4)]
    let online = 0
    watch(scenarioOf(4, vms, { scheme: { id: 'flexcore' } }), (m) => {
      online = m.vms[0]!.online
    })
    expect(online).toBe(4)
  })
})

describe('stopNs', () => {
  const issuesOf = (vms: readonly VmInput[]): readonly string[] => {
    const spec = buildSpec(scenarioOf(2, vms))
    return spec.ok ? [] : spec.error.map((i) => `${i.path}: ${i.message} (${i.hint})`)
  }

  it('must lie after startNs', () => {
    expect(issuesOf([resident(MS), visitor(5, { startNs: 5 })])).toEqual([
      'vms[1].stopNs: must be more than startNs, 5, not 5 (a VM departs after it has arrived)',
    ])
  })

  it('must leave a VM whose work ends the run', () => {
    const issues = issuesOf([visitor(5), visitor(7, { name: 'other' })])
    expect(issues).toHaveLength(1)
    expect(issues[0]).toMatch(/^vms: every VM departs/)
  })
})
