/** flexcore: cores follow activity, after hysteresis, at the price that its resizes have. */
import { describe, expect, it } from 'vitest'
import type { Scenario } from '../../../src-main/core/contract/scenario.ts'
import { timeOfVm } from '../../../src-main/core/model/charge.ts'
import type { Machine } from '../../../src-main/core/model/machine.ts'
import { VCPU } from '../../../src-main/core/model/vocabulary.ts'
import { hog, scenarioOf, watch, withoutOverheads } from '../model/support/scenarios.ts'

const MS = 1e6
const PERIOD = 10 * MS

const onlineOf = (m: Machine): string =>
  m.vms
    .map(({ firstV, vcpus }) => {
      const states = m.vState.subarray(firstV, firstV + vcpus)
      return states.reduce((n, s) => n + (s === VCPU.offline ? 0 : 1), 0)
    })
    .join(':')

type Change = { readonly at: number; readonly counts: string }

/** How many vCPUs the VMs have online, each time that this changes. */
function changes(scenario: Scenario): { readonly log: readonly Change[]; readonly m: Machine } {
  const log: Change[] = []
  const m = watch(scenario, (machine) => {
    const counts = onlineOf(machine)
    if (counts !== log.at(-1)?.counts) log.push({ at: machine.now, counts })
  })
  return { log, m }
}

const flexcore = (params: Record<string, number | string> = {}) => ({
  scheme: { id: 'flexcore', params: { periodNs: PERIOD, ...params } },
})

describe('flexcore', () => {
  it('gives the cores of a VM that has ended to the others when that has lasted', () => {
    const vms = [hog(200 * MS, {}, 4), hog(20 * MS, {}, 4)]
    const { log, m } = changes(withoutOverheads(scenarioOf(4, vms, flexcore({ hysteresis: 3 }))))
    expect(log.map((c) => c.counts)).toEqual(['2:2', '2:1', '4:1'])
    const ended = m.vms[1]!.iterationNs[0]!
    const changed = log[1]!.at - ended
    expect(changed).toBeGreaterThan(2 * PERIOD)
    expect(changed).toBeLessThan(4 * PERIOD + MS)
  })

  it('gives a VM that starts later its share of the cores', () => {
    const vms = [hog(200 * MS, {}, 4), hog(100 * MS, { startNs: 31 * MS }, 4)]
    const { log } = changes(withoutOverheads(scenarioOf(4, vms, flexcore({ hysteresis: 2 }))))
    expect(log.slice(0, 3).map((c) => c.counts)).toEqual(['4:1', '2:1', '2:2'])
    // seen at 40 ms, confirmed at 50 ms
    expect(log[1]!.at).toBeGreaterThanOrEqual(50 * MS)
    expect(log[1]!.at).toBeLessThan(51 * MS)
  })

  it('does not follow a change that is shorter than the hysteresis', () => {
    const vms = [hog(200 * MS, {}, 4), hog(20 * MS, { startNs: 35 * MS }, 1)]
    const { log } = changes(withoutOverheads(scenarioOf(4, vms, flexcore({ hysteresis: 50 }))))
    expect(log).toHaveLength(1)
  })

  it('gives cores that a VM with one busy thread has no use for to the other', () => {
    const vms = [hog(200 * MS, {}, 6), hog(1000 * MS, { vcpus: 6 }, 1)]
    const { log } = changes(withoutOverheads(scenarioOf(6, vms, flexcore())))
    expect(log.slice(0, 3).map((c) => c.counts)).toEqual(['3:3', '3:2', '4:2'])
    expect(log[1]!.at).toBeLessThan(21 * MS)
  })

  it('pins each vCPU to a pCPU of its own', () => {
    const vms = [hog(50 * MS, {}, 6), hog(50 * MS, {}, 6), hog(50 * MS, {}, 6)]
    watch(scenarioOf(6, vms, flexcore()), (m) => {
      const pins = [...m.vPin].filter((_, v) => m.vState[v] !== VCPU.offline)
      expect(new Set(pins).size).toBe(pins.length)
      expect(Math.min(...pins)).toBeGreaterThanOrEqual(0)
    })
  })

  it('never preempts a vCPU where each has a core of its own', () => {
    const vms = [hog(100 * MS, {}, 4), hog(100 * MS, {}, 4)]
    const { m } = changes(scenarioOf(4, vms, flexcore()))
    const waits = m.vms.map((vm) => timeOfVm(m, vm))
    expect(waits.map((t) => t['fair-share'] + t.stacking + t.lhp)).toEqual([0, 0])
    expect(m.counters.preemptions).toBe(0)
  })

  it('leaves a VM without a core of its own one vCPU that shares', () => {
    const vms = [1, 2, 3, 4, 5].map(() => hog(20 * MS, {}, 2))
    const { log, m } = changes(scenarioOf(2, vms, flexcore()))
    expect(log.map((c) => c.counts)).toEqual(['1:1:1:1:1'])
    expect(m.vmFinished).toBe(5)
  })
})

describe('a resize', () => {
  const presets = [
    { resize: 'module', latencyNs: 5e3, stopNs: 0 },
    { resize: 'confinement', latencyNs: 100e3, stopNs: 0 },
    { resize: 'hotplug', latencyNs: 50 * MS, stopNs: 3 * MS },
  ]
  const vms = [hog(400 * MS, {}, 4), hog(200 * MS, { startNs: 31 * MS }, 4)]

  it.each(presets)('by $resize takes $latencyNs ns, twice where cores change hands', (preset) => {
    const { resize, latencyNs } = preset
    const { log } = changes(withoutOverheads(scenarioOf(4, vms, flexcore({ resize }))))
    const [, shrunk, grown] = log
    expect(shrunk).toEqual({ at: 50 * MS + latencyNs, counts: '2:1' })
    expect(grown).toEqual({ at: 50 * MS + 2 * latencyNs, counts: '2:2' })
  })

  it.each(presets)('by $resize stops every running thread for $stopNs ns', (preset) => {
    const { resize, stopNs } = preset
    const { m, log } = changes(withoutOverheads(scenarioOf(4, vms, flexcore({ resize }))))
    const stopped = m.vms.map((vm) => timeOfVm(m, vm).resize)
    expect(log.length).toBeGreaterThanOrEqual(3)
    // the first VM had four vCPUs when it shrank; each resize stops all threads that run then
    expect(stopped[0]! >= 4 * stopNs && stopped[0]! % MS === 0).toBe(true)
    if (stopNs === 0) expect(stopped).toEqual([0, 0])
  })
})
