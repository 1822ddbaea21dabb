/** How a run ends: its work done, or an error that says what to change. */
import { describe, expect, it } from 'vitest'
import { SCHEMES } from '../../../src-main/core/schemes/registry.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import { THREAD } from '../../../src-main/core/model/vocabulary.ts'
import type { ProgramParts, VmInput } from './support/scenarios.ts'
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

const vm = (parts: ProgramParts): VmInput => ({ vcpus: 2, repeat: 'stop', workload: inline(parts) })

/** A producer of five items, a queue that holds one, and a consumer that takes one. */
const stuck = vm({
  queues: [{ name: 'queue', capacity: 1 }],
  roles: [
    role(1, [
      loop(5, [compute(MS), { op: 'push', queue: 'queue' }]),
      { op: 'close', queue: 'queue' },
    ]),
    role(1, [{ op: 'pop', queue: 'queue' }], 'taker'),
  ],
})

describe('a thread that ends its program', () => {
  const waker = [compute(MS), { op: 'critical', mutex: 'lock', ns: MS }]
  /** Both begin at once; the second waits for the mutex, and its waking is the first one's last. */
  const parts = { mutexes: ['lock'], roles: [role(2, waker)] }

  it('pays first what it owes: its next iteration begins without debts', () => {
    const scenario = scenarioOf(2, [{ ...vm(parts), iterations: 5 }])
    let ended = 0
    watch(scenario, (m) => {
      for (let t = 0; t < m.threads; t++) {
        if (m.tState[t] !== THREAD.idle) continue
        ended++
        expect(m.tDebtSum[t]).toBe(0)
      }
    })
    expect(ended).toBeGreaterThan(0)
  })
})

describe('a run', () => {
  it.each(SCHEMES.map((s) => s.id))('under %s names a workload that hangs', (id) => {
    const vms = [hog(10 * MS, { vcpus: 2 }), { ...stuck, name: 'stuck' }]
    const run = () => runScenario(scenarioOf(2, vms, { scheme: { id } }))
    expect(run).toThrow(/stuck: all threads of inline wait for each other/)
  })

  it('names it also where a scheme and a counterfactual keep timers of their own', () => {
    const vms = [hog(10 * MS, { vcpus: 2 }), { ...stuck, name: 'stuck' }]
    const scenario = scenarioOf(2, vms, { scheme: { id: 'gang' }, without: ['coordination'] })
    expect(() => simulate(scenario)).toThrow(/stuck: all threads of inline wait for each other/)
  })

  it('names a program that loops without time passing', () => {
    const parts = {
      queues: [{ name: 'queue', capacity: 1e9 }],
      roles: [
        role(1, [
          loop(1e9, [{ op: 'push', queue: 'queue' }]),
          compute(MS),
          { op: 'close', queue: 'queue' },
        ]),
        role(1, [{ op: 'each', queue: 'queue', body: [compute(1)] }], 'taker'),
      ],
    }
    expect(() => runScenario(scenarioOf(2, [vm(parts)]))).toThrow(/loops without time passing/)
  })

  it('names an iteration that takes no time', () => {
    const parts = { roles: [role(1, [loop(0, [compute(MS)])])] }
    const scenario = withoutOverheads(scenarioOf(1, [vm(parts)]))
    expect(() => runScenario(scenario)).toThrow(/takes no time/)
  })

  it('stops at its budget of events, and of simulated time', () => {
    const endless = (budget: object) => () =>
      runScenario(scenarioOf(1, [hog(1e6 * MS)], { budget }))
    expect(endless({ eventsMax: 1000 })).toThrow(/budget/)
    expect(endless({ simulatedNsMax: 50 * MS })).toThrow(/budget/)
  })

  it('stops when it is told to', () => {
    const scenario = scenarioOf(1, [hog(1e6 * MS), hog(1e6 * MS)], { budget: { eventsMax: 1e9 } })
    expect(() => simulate(scenario, { shouldStop: () => true })).toThrow(/cancelled/)
  })

  it('tells its progress, which grows to less than all of it', () => {
    const fractions: number[] = []
    const scenario = scenarioOf(2, [hog(9000 * MS, { iterations: 10 }), hog(90_000 * MS)])
    simulate(scenario, { onProgress: (p) => fractions.push(p.fraction) })
    expect(fractions.length).toBeGreaterThan(0)
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
    expect(fractions.at(-1)).toBeLessThan(1)
  })

  it('gives each VM the iterations that it asked for, and co-runners as many as fit', () => {
    const vms = [hog(10 * MS, { iterations: 3 }), hog(2 * MS, { repeat: 'until-others' })]
    const m = runScenario(scenarioOf(2, vms))
    expect(m.vms[0]!.iterationNs).toHaveLength(3)
    expect(m.vms[1]!.iterationNs.length).toBeGreaterThan(10)
    for (const ns of m.vms[0]!.iterationNs) expect(ns).toBeGreaterThanOrEqual(10 * MS)
  })

  it('starts a VM when the scenario says, and counts its iteration from there', () => {
    const m = runScenario(scenarioOf(2, [hog(MS, { startNs: 50 * MS })]))
    expect(m.now).toBeGreaterThanOrEqual(51 * MS)
    expect(m.vms[0]!.iterationNs[0]).toBeLessThan(2 * MS)
  })
})
