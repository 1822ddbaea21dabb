/** credit2: one queue a socket by credit, short stays, and sockets that are balanced late. */
import { describe, expect, it } from 'vitest'
import { randomScenario } from '../../support/random-scenario.ts'
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
import { longestIdling, pairTimeNs } from './support/properties.ts'

const MS = 1e6
const credit2 = { scheme: { id: 'credit2', params: {} } }

const bursts = (vcpus: number, workMs: number, pauseMs: number): VmInput => {
  const pause = { op: 'sleep', ns: pauseMs * MS, cv: 0.5 }
  const program = [loop(6, [compute(workMs * MS, 0.5), pause])]
  return { vcpus, repeat: 'stop', workload: inline({ roles: [role(vcpus, program)] }) }
}

describe('credit2', () => {
  it('lets a busy vCPU run for one to ten milliseconds', () => {
    const stays: number[] = []
    let since = 0
    let current = -1
    watch(withoutOverheads(scenarioOf(1, [hog(90 * MS), hog(90 * MS)], credit2)), (m) => {
      if (m.pCur[0] === current || m.vmFinished > 0) return
      if (current >= 0) stays.push((m.now - since) / MS)
      since = m.now
      current = m.pCur[0]!
    })
    expect(stays.length).toBeGreaterThan(15)
    for (const stay of stays) {
      expect(stay).toBeGreaterThanOrEqual(1)
      // a timer of 10 ms at most, and what may be carried over a reset
      expect(stay).toBeLessThanOrEqual(10.5)
    }
  })

  it('fixes shootdowns that wait for 30 ms: dedup takes half as long as under credit', () => {
    expect(pairTimeNs('dedup', { id: 'credit2' })).toBeLessThan(
      0.6 * pairTimeNs('dedup', { id: 'credit' }),
    )
  })

  it('breaks spin locks as cfs does: holders are preempted', () => {
    const workload = { app: 'spin', params: { scale: 0.2, holdNs: 20_000 } }
    const vms = [{ vcpus: 4, workload }, hog(400 * MS, {}, 4)]
    const m = runScenario(scenarioOf(4, vms, credit2))
    expect(m.counters.lockHolderPreemptions).toBeGreaterThan(0)
  })

  it('keeps no pCPU of a socket idle beside a vCPU that waits there', () => {
    for (let seed = 7200; seed < 7240; seed++) {
      const random = randomScenario(seed)
      const scenario = { ...random, ...credit2, host: { ...random.host, sockets: 1 } }
      expect(longestIdling(scenario).ns, `seed ${seed}`).toBe(0)
    }
  })

  it('breaks work conservation between sockets: one may idle long beside work of another', () => {
    const vms = [bursts(4, 100, 100), bursts(2, 300, 300)]
    const host = { sockets: 2, coresPerSocket: 2 }
    const idling = Array.from({ length: 10 }, (_, seed) => {
      const scenario = withoutOverheads(scenarioOf(2, vms, { seed, host, ...credit2 }))
      return longestIdling(scenario).ns / MS
    })
    expect(Math.max(...idling)).toBeGreaterThan(60)
    expect(Math.max(...idling)).toBeLessThan(1000)
  })

  it('moves waiting vCPUs to a socket that has become free', () => {
    const vms = [hog(300 * MS, {}, 4), hog(2000 * MS, {}, 4)]
    const host = { sockets: 2, coresPerSocket: 2 }
    const m = runScenario(withoutOverheads(scenarioOf(2, vms, { host, ...credit2 })))
    // 600 ms with four vCPUs too many, then each has its own
    expect(m.now / MS).toBeLessThan(2700)
  })
})
