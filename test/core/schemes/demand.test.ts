/** demand: recipients of IPIs go first, senders stay, and what others pay for it. */
import { describe, expect, it } from 'vitest'
import { timeOfVm } from '../../../src-main/core/model/charge.ts'
import type { Machine } from '../../../src-main/core/model/machine.ts'
import type { VmInput } from '../model/support/scenarios.ts'
import {
  compute,
  hog,
  inline,
  loop,
  role,
  runScenario,
  scenarioOf,
  watch,
} from '../model/support/scenarios.ts'
import { sharesAtFirstEnd } from './support/properties.ts'

const MS = 1e6

/** Ticks that are spread over the period, so that no tick switches all pCPUs like a gang. */
const host = { costs: { tickSkew: 1 } }

const under = (id: string, params: Record<string, number> = {}) => ({
  scheme: { id, params },
  host,
})

/** Threads that unmap memory now and then: each time all siblings must flush their TLB. */
function flushing(times: number, workNs: number): VmInput {
  const program = [loop(times, [compute(workNs, 0.5), { op: 'tlb' }])]
  return { vcpus: 4, workload: inline({ roles: [role(4, program)] }), repeat: 'stop' }
}

const app = (name: string, scale: number): VmInput => ({
  vcpus: 4,
  workload: { app: name, params: { scale } },
})

const timeOf = (m: Machine, key: 'ipi-preempted' | 'stacking' | 'useful'): number =>
  timeOfVm(m, m.vms[0]!)[key]

describe('demand', () => {
  it('runs a preempted recipient of a TLB shootdown at once', () => {
    const scenario = (id: string) =>
      scenarioOf(4, [flushing(300, 200_000), hog(100 * MS, {}, 4)], under(id))
    const waited = (id: string): number => timeOf(runScenario(scenario(id)), 'ipi-preempted')
    expect(waited('demand')).toBeLessThan(0.05 * waited('cfs'))
  })

  for (const name of ['vips', 'dedup']) {
    it(`shortens the IPI waits and the time of ${name}`, () => {
      const run = (id: string): Machine =>
        runScenario(scenarioOf(4, [app(name, 0.05), app(name, 0.05)], under(id)))
      const [cfs, demand] = [run('cfs'), run('demand')]
      expect(timeOf(demand, 'ipi-preempted')).toBeLessThan(0.2 * timeOf(cfs, 'ipi-preempted'))
      expect(demand.vms[0]!.iterationNs[0]!).toBeLessThan(cfs.vms[0]!.iterationNs[0]!)
    })
  }

  it('keeps siblings apart', () => {
    const vms = [app('streamcluster', 0.05), app('streamcluster', 0.05)]
    const stacking = (id: string): number =>
      timeOf(runScenario(scenarioOf(4, vms, under(id))), 'stacking')
    expect(stacking('demand')).toBeLessThan(0.1 * stacking('cfs'))
  })

  it('does not help threads that spin at user level: they send no IPIs', () => {
    const spinning = (id: string): number => {
      const barriers = [{ name: 'b', spinNs: 50 * MS }]
      const roles = [role(4, [loop(200, [compute(200_000, 0.3), { op: 'barrier', barrier: 'b' }])])]
      const vm = { vcpus: 4, workload: inline({ barriers, roles }), repeat: 'stop' as const }
      return runScenario(scenarioOf(4, [vm, hog(100 * MS, {}, 4)], under(id))).now
    }
    expect(spinning('demand')).toBeGreaterThan(0.9 * spinning('balance'))
  })

  it('switches far more often, but CFS still makes up for urgent slices in the long run', () => {
    const vms = [flushing(4000, 30_000), hog(300 * MS, {}, 4)]
    const switches = (id: string): number =>
      runScenario(scenarioOf(4, vms, under(id))).counters.contextSwitches
    expect(switches('demand')).toBeGreaterThan(3 * switches('cfs'))
    const share = sharesAtFirstEnd(scenarioOf(4, vms, under('demand')))[0]!
    expect(Math.abs(share - 0.5)).toBeLessThan(0.05)
  })

  it('puts off the preemption of a sender by one delay a slice at most', () => {
    const vms = [flushing(2000, 20_000), hog(100 * MS, {}, 4)]
    const longestRun = (delayNs: number): number => {
      let most = 0
      watch(scenarioOf(4, vms, under('demand', { delayNs })), (m) => {
        for (const v of m.pCur) if (v >= 0 && v < 4) most = Math.max(most, m.now - m.vSliceAt[v]!)
      })
      return most
    }
    const tick = 4 * MS
    const without = longestRun(0.01 * MS)
    expect(longestRun(5 * MS)).toBeGreaterThan(without)
    expect(longestRun(5 * MS)).toBeLessThanOrEqual(without + 5 * MS + tick)
  })
})
