/** vscale and preferred-cpus: guests that change their number of vCPUs themselves. */
import { describe, expect, it } from 'vitest'
import type { Scenario } from '../../../src-main/core/contract/scenario.ts'
import { timeOfVm } from '../../../src-main/core/model/charge.ts'
import type { Machine } from '../../../src-main/core/model/machine.ts'
import { extendabilities } from '../../../src-main/core/schemes/vscale.ts'
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
import { onlineOf, sharesAt } from './support/properties.ts'

const MS = 1e6

type Change = { readonly at: number; readonly counts: string }

/** How many vCPUs the VMs have online, each time that this changes. */
function changes(scenario: Scenario): { readonly log: readonly Change[]; readonly m: Machine } {
  const log: Change[] = []
  const m = watch(scenario, (machine) => {
    const counts = onlineOf(machine).join(':')
    if (counts === log.at(-1)?.counts) return
    if (machine.now > 0 && log.at(-1)?.at === machine.now) log.pop()
    log.push({ at: machine.now, counts })
  })
  return { log, m }
}

/** Threads that meet at a kernel lock again and again. */
function lockBound(times: number): VmInput {
  const section = { op: 'spin-critical', lock: 'lock', ns: 2000, cv: 1 }
  const program = [loop(times, [compute(20_000, 1), section])]
  const workload = inline({ spinLocks: ['lock'], roles: [role(4, program)] })
  return { vcpus: 4, workload, repeat: 'stop' }
}

const scheme = (id: string, params: Record<string, number> = {}) => ({ scheme: { id, params } })

describe('extendability', () => {
  const equal = (demands: readonly number[]) => demands.map((demand) => ({ demand, weight: 1024 }))

  it('is the fair share where everybody uses it', () => {
    expect(extendabilities(12, equal([6, 9]), 0)).toEqual([6, 6])
    const weighted = [
      { demand: 4, weight: 1024 },
      { demand: 12, weight: 2048 },
    ]
    expect(extendabilities(12, weighted, 0)).toEqual([4, 8])
  })

  it('gives what one leaves to those who compete, by weight', () => {
    expect(extendabilities(12, equal([1, 6]), 0)).toEqual([6, 11])
    const usages = [
      { demand: 0, weight: 1024 },
      { demand: 9, weight: 1024 },
      { demand: 9, weight: 2048 },
    ]
    expect(extendabilities(12, usages, 0)).toEqual([3, 4, 8])
  })
})

describe('vscale', () => {
  it('shrinks busy VMs to their shares after two polls and the time of a freeze', () => {
    const vms = [hog(200 * MS, {}, 4), hog(200 * MS, {}, 4)]
    const { log } = changes(withoutOverheads(scenarioOf(4, vms, scheme('vscale'))))
    expect(log.slice(0, 2)).toEqual([
      { at: 0, counts: '4:4' },
      { at: 20 * MS + 2100, counts: '2:2' },
    ])
  })

  it('gives a busy VM the cores of one that has ended, and takes them back for a new one', () => {
    const late = hog(100 * MS, { startNs: 400 * MS }, 4)
    const vms = [hog(500 * MS, {}, 4), hog(40 * MS, {}, 4), late]
    const { log } = changes(withoutOverheads(scenarioOf(4, vms, scheme('vscale'))))
    const first = log.map((c) => ({ ...c, busy: Number(c.counts[0]) }))
    const alone = first.filter((c) => c.at > 200 * MS && c.at < 400 * MS).at(-1) ?? first.at(-1)!
    expect(Math.max(...first.filter((c) => c.at < 400 * MS).map((c) => c.busy))).toBe(4)
    expect(alone.busy).toBe(4)
    const shared = first.filter((c) => c.at > 420 * MS && c.at < 500 * MS).map((c) => c.busy)
    expect(Math.min(...shared)).toBeLessThanOrEqual(3)
  })

  it('shortens the waits for locks whose holder is preempted', () => {
    const vms = [lockBound(4000), hog(200 * MS, {}, 4)]
    // over seeds: where all pCPUs happen to switch at the same ticks, cfs goes without
    const lhp = (id: string): number =>
      [1, 2, 3, 4, 5].reduce((sum, seed) => {
        const m = runScenario(scenarioOf(4, vms, { ...scheme(id), seed }))
        return sum + timeOfVm(m, m.vms[0]!).lhp
      }, 0)
    expect(lhp('vscale')).toBeLessThan(0.5 * lhp('cfs'))
  })

  it('pins nothing, and rounds up: a pCPU that does not divide is shared', () => {
    const vms = [hog(100 * MS, {}, 3), hog(100 * MS, {}, 3)]
    const { log, m } = changes(withoutOverheads(scenarioOf(3, vms, scheme('vscale'))))
    expect(log[1]!.counts).toBe('2:2')
    expect([...new Set(m.vPin)]).toEqual([-1])
    expect(timeOfVm(m, m.vms[0]!)['fair-share']).toBeGreaterThan(0)
  })
})

describe('preferred-cpus', () => {
  const quick = { periodNs: 50 * MS }

  it('gives up one vCPU a period while its steal is high, and not the last', () => {
    const vms = [hog(900 * MS, {}, 4), hog(900 * MS, {}, 4)]
    const { log } = changes(
      withoutOverheads(scenarioOf(2, vms, scheme('preferred-cpus', { ...quick, low: 0 }))),
    )
    expect(log.slice(0, 4).map((c) => c.counts)).toEqual(['4:4', '3:3', '2:2', '1:1'])
    expect(log.some((c) => c.counts.includes('0'))).toBe(false)
    expect(log[1]!.at).toBe(50 * MS + 100_000)
  })

  it('takes it back when the steal is gone', () => {
    const vms = [hog(900 * MS, {}, 4), hog(60 * MS, {}, 4)]
    const { log } = changes(withoutOverheads(scenarioOf(4, vms, scheme('preferred-cpus', quick))))
    const own = log.map((c) => c.counts[0])
    expect(own).toContain('3')
    expect(own.at(-1)).toBe('4')
  })

  it('takes a second by default: a run of less sees no change', () => {
    const vms = [hog(400 * MS, {}, 4), hog(400 * MS, {}, 4)]
    const { log, m } = changes(scenarioOf(4, vms, scheme('preferred-cpus')))
    expect(m.now).toBeLessThan(1000 * MS)
    expect(log).toHaveLength(1)
  })

  it('does not rest: free of steal both take a vCPU back, and have steal again', () => {
    const vms = [hog(900 * MS, {}, 4), hog(900 * MS, {}, 4)]
    const { log } = changes(withoutOverheads(scenarioOf(4, vms, scheme('preferred-cpus', quick))))
    expect(log.slice(2, 6).map((c) => c.counts)).toEqual(['2:2', '3:3', '2:2', '3:3'])
  })

  it('is blind to weights: the heavier VM folds as well, and gets less than its share', () => {
    const vms = [hog(1500 * MS, {}, 4), hog(1500 * MS, { weight: 4096 }, 4)]
    const scenario = withoutOverheads(scenarioOf(4, vms, scheme('preferred-cpus', quick)))
    expect(sharesAt(scenario, 450 * MS)[1]).toBeLessThan(0.65)
  })
})
