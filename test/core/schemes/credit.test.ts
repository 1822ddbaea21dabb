/** credit: slices of 30 ms, boosted wake-ups, stealing; what that does to VMs that synchronise. */
import { describe, expect, it } from 'vitest'
import type { Scenario } from '../../../src-main/core/contract/scenario.ts'
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
  withoutOverheads,
} from '../model/support/scenarios.ts'
import { pairTimeNs, sharesAt } from './support/properties.ts'

const MS = 1e6
const credit = { scheme: { id: 'credit' } }

const sleepy = (times: number, sleepNs: number, workNs: number) =>
  loop(times, [{ op: 'sleep', ns: sleepNs, cv: 0 }, compute(workNs)])

/** A VM of one vCPU that sleeps and works in turn. */
const io = (times: number, sleepNs: number, workNs: number): VmInput => ({
  vcpus: 1,
  repeat: 'stop',
  workload: inline({ roles: [role(1, [sleepy(times, sleepNs, workNs)])] }),
})

/** By how much each round of the first VM takes longer than its sleep and work, ms. */
function delayMs(scenario: Scenario, rounds: number, roundNs: number): number {
  const m = runScenario(withoutOverheads(scenario))
  return (m.vms[0]!.iterationNs[0]! / rounds - roundNs) / MS
}

describe('credit', () => {
  it('keeps time in whole ns, with slices that three ticks do not divide', () => {
    // 1 ms / 3: rounding once left less of a slice than a double can tell, and time stood still
    const params = { sliceNs: 1e6, ratelimitNs: 100_000.5 }
    const vms = [hog(40 * MS, {}, 3), hog(40 * MS, {}, 3)]
    watch(scenarioOf(2, vms, { scheme: { id: 'credit', params } }), ({ now }) => {
      if (!Number.isInteger(now)) expect.fail(`an event at ${now} ns`)
    })
  })

  it('lets a busy vCPU run for 30 ms', () => {
    const ends: number[] = []
    let current = -1
    watch(withoutOverheads(scenarioOf(1, [hog(90 * MS), hog(90 * MS)], credit)), (m) => {
      if (m.pCur[0] !== current) ends.push(m.now / MS)
      current = m.pCur[0]!
    })
    expect(ends.slice(0, 5)).toEqual([0, 30, 60, 90, 120])
  })

  it('fixes the latency of a VM that mostly waits: BOOST lets it in at once', () => {
    const scenario = scenarioOf(1, [io(400, 5 * MS, 100e3), hog(4000 * MS)], credit)
    expect(delayMs(scenario, 400, 5.1 * MS)).toBeLessThan(0.1)
  })

  it('breaks the latency of a VM that waits and computes: it gets no BOOST', () => {
    const roles = [role(1, [sleepy(100, 5 * MS, 100e3)]), role(1, [compute(2000 * MS)], 'hog')]
    const mixed = { vcpus: 1, workload: inline({ roles }) }
    let round = 0
    const m = watch(withoutOverheads(scenarioOf(1, [mixed, hog(4000 * MS)], credit)), (machine) => {
      if (machine.tState[0] === 0 && round === 0) round = machine.now / 100
    })
    expect(m.vmFinished).toBe(2)
    expect(round - 5.1 * MS).toBeGreaterThan(2 * MS)
  })

  it('keeps whoever has just begun for a millisecond, also from a boosted one', () => {
    const scenario = scenarioOf(1, [io(1000, 200e3, 10e3), hog(2000 * MS)], credit)
    const delay = delayMs(scenario, 1000, 210e3)
    expect(delay).toBeGreaterThan(0.75)
    expect(delay).toBeLessThan(0.85)
  })

  it('steals work with credit left when its own has none: three hogs share two pCPUs', () => {
    const vms = [hog(9000 * MS), hog(9000 * MS), hog(9000 * MS)]
    const shares = sharesAt(scenarioOf(2, vms, credit), 8000 * MS)
    for (const share of shares) expect(Math.abs(share - 1 / 3)).toBeLessThan(0.02)
  })

  it('breaks VMs that send IPIs: a shootdown waits for slices, and less for shorter ones', () => {
    const short = { id: 'credit', params: { sliceNs: 6 * MS } }
    const long = pairTimeNs('dedup', { id: 'credit' })
    expect(long).toBeGreaterThan(1.3 * pairTimeNs('dedup', short))
    expect(long).toBeGreaterThan(1.6 * pairTimeNs('dedup', { id: 'cfs' }))
  })

  it('breaks VMs that synchronise: barriers take longer than under cfs', () => {
    const time = pairTimeNs('streamcluster', { id: 'credit' })
    expect(time).toBeGreaterThan(1.2 * pairTimeNs('streamcluster', { id: 'cfs' }))
  })

  it('lets a VM that spins in vain yield, but not starve', () => {
    const spin = { vcpus: 4, workload: { app: 'spin', params: { scale: 1, holdNs: 5000 } } }
    const rest = { ...credit, switches: { ple: true } }
    const shares = sharesAt(scenarioOf(2, [spin, hog(6000 * MS, {}, 4)], rest), 2000 * MS)
    expect(Math.min(...shares)).toBeGreaterThan(0.2)
  })
})
