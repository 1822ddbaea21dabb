/** eevdf: eligible vCPUs by virtual deadline, requests that run to parity, lag kept over sleep. */
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
import { longestWaitNs } from './support/properties.ts'

const MS = 1e6
const TICK = { tickNs: 250e3 }
const eevdf = { scheme: { id: 'eevdf' } }
const cfs = { scheme: { id: 'cfs' } }

/** How long each stay of another vCPU on pCPU 0 was, ms. */
function staysMs(scenario: Scenario): readonly number[] {
  const stays: number[] = []
  let since = 0
  let current = -1
  watch(withoutOverheads(scenario, TICK), (m) => {
    if (m.pCur[0] === current || m.vmFinished > 0) return
    if (current >= 0) stays.push((m.now - since) / MS)
    current = m.pCur[0]!
    since = m.now
  })
  return stays
}

const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

/** Sleeps 9 ms and works 1 ms, 100 times. */
function napping(): VmInput {
  const program = [loop(100, [{ op: 'sleep', ns: 9 * MS, cv: 0 }, compute(1 * MS)])]
  return { vcpus: 1, repeat: 'stop', workload: inline({ roles: [role(1, program)] }) }
}

describe('eevdf', () => {
  it('gives each vCPU one request in turn: 0.75 ms on one pCPU, to the next tick', () => {
    const stays = staysMs(scenarioOf(1, [hog(60 * MS), hog(60 * MS)], eevdf))
    expect(medianOf(stays)).toBe(0.75)
  })

  it('has requests four times as long on a host of eight pCPUs', () => {
    const vms = [hog(60 * MS, {}, 8), hog(60 * MS, {}, 8)]
    expect(medianOf(staysMs(scenarioOf(8, vms, eevdf)))).toBe(3)
  })

  it('fixes long waits: of 24 busy vCPUs on eight pCPUs none waits as long as under cfs', () => {
    const vms = [0, 1, 2].map(() => hog(200 * MS, {}, 8))
    const wait = (rest: typeof eevdf): number =>
      longestWaitNs(withoutOverheads(scenarioOf(8, vms, rest), TICK)) / MS
    expect(wait(eevdf)).toBeLessThan(13)
    expect(wait(cfs)).toBeGreaterThan(15)
  })

  it('breaks sleepers: one that wakes waits for the running request, where cfs lets it in', () => {
    const end = (rest: typeof eevdf): number => {
      const vms = [napping(), hog(3000 * MS, {}, 1)]
      const m = runScenario(withoutOverheads(scenarioOf(1, vms, rest), TICK))
      return m.vms[0]!.iterationNs[0]! / MS
    }
    expect(end(cfs)).toBeLessThan(1010)
    expect(end(eevdf)).toBeGreaterThan(1030)
  })

  it('lets nobody sleep his debt away: a vCPU that has run too much has so when it wakes', () => {
    const program = [loop(400, [compute(1 * MS), { op: 'sleep', ns: 10e3, cv: 0 }])]
    const blinking = { vcpus: 1, workload: inline({ roles: [role(1, program)] }) }
    const scenario = scenarioOf(1, [blinking, hog(300 * MS)], eevdf)
    let shares: readonly number[] = []
    watch(withoutOverheads(scenario, TICK), (m) => {
      if (m.now < 300 * MS) shares = m.vms.map((vm) => vm.cpuNs / m.now)
    })
    expect(shares[0]).toBeGreaterThan(0.45)
    expect(shares[0]).toBeLessThan(0.52)
  })
})
