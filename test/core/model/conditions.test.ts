/** Conditions: no wake-up is lost, whoever comes first. */
import { describe, expect, it } from 'vitest'
import { buildSpec } from '../../../src-main/core/simulate/build-spec.ts'
import {
  compute,
  inline,
  loop,
  role,
  runScenario,
  scenarioOf,
  timeOfThread,
  withoutOverheads,
} from './support/scenarios.ts'

const MS = 1e6
const wait = { op: 'cond-wait', condition: 'ready' }
const signal = { op: 'cond-signal', condition: 'ready' }
const broadcast = { op: 'cond-broadcast', condition: 'ready' }
const shared = { mutexes: ['m'], conditions: [{ name: 'ready', mutex: 'm' }] }

const scenario = (roles: readonly ReturnType<typeof role>[]) => {
  const vm = { vcpus: 4, workload: inline({ ...shared, roles }) }
  return withoutOverheads(scenarioOf(4, [vm]))
}

describe('a condition', () => {
  it('wakes a waiter for each signal', () => {
    const sender = role(1, [loop(3, [compute(MS), signal])], 'sender')
    const m = runScenario(scenario([role(3, [wait], 'waiter'), sender]))
    expect(m.now).toBe(3 * MS)
    const waits = [0, 1, 2].map((t) => timeOfThread(m, t, 'condition'))
    expect(waits.sort((a, b) => a - b)).toEqual([MS, 2 * MS, 3 * MS])
  })

  it('remembers a signal that nobody waited for', () => {
    const m = runScenario(scenario([role(1, [compute(2 * MS), wait]), role(1, [signal], 'sender')]))
    expect(m.now).toBe(2 * MS)
    expect(timeOfThread(m, 0, 'condition')).toBe(0)
  })

  it('wakes all waiters by a broadcast, once a round', () => {
    const teller = role(1, [loop(2, [compute(MS), broadcast])], 'teller')
    const m = runScenario(scenario([role(3, [wait, wait], 'waiter'), teller]))
    expect(m.now).toBe(2 * MS)
    for (const t of [0, 1, 2]) expect(timeOfThread(m, t, 'condition')).toBe(2 * MS)
  })

  it('starts anew with each iteration', () => {
    const roles = [role(1, [compute(MS), wait]), role(1, [signal, signal], 'sender')]
    const vm = { vcpus: 2, iterations: 3, workload: inline({ ...shared, roles }) }
    expect(runScenario(withoutOverheads(scenarioOf(2, [vm]))).now).toBe(3 * MS)
  })
})

describe('what would hang is refused', () => {
  const issuesOf = (roles: readonly ReturnType<typeof role>[], parts: object = {}): string => {
    const vm = { vcpus: 2, workload: inline({ ...shared, ...parts, roles }) }
    const built = buildSpec(scenarioOf(2, [vm]))
    return built.ok ? 'fine' : built.error.map((i) => `${i.path}: ${i.message}`).join('; ')
  }

  it('more waits than signals', () => {
    const roles = [role(2, [loop(3, [wait])]), role(1, [loop(5, [signal])], 'sender')]
    expect(issuesOf(roles)).toMatch(
      /conditions\[0\]: "ready" is waited for 6 times and signalled 5/,
    )
  })

  it('a wait that nobody answers', () => {
    expect(issuesOf([role(1, [wait])])).toMatch(/signalled 0 times/)
  })

  it('more waits of a thread than broadcasts', () => {
    const roles = [role(2, [loop(3, [wait])]), role(1, [broadcast], 'teller')]
    expect(issuesOf(roles)).toMatch(/3 times by a thread and broadcast 1 times/)
  })

  it('signals and broadcasts on one condition', () => {
    expect(issuesOf([role(1, [signal, broadcast, wait])])).toMatch(/both signalled and broadcast/)
  })

  it('a mutex that the file does not have', () => {
    const conditions = [{ name: 'ready', mutex: 'n' }]
    expect(issuesOf([role(1, [signal, wait])], { conditions })).toMatch(
      /conditions\[0\]\.mutex: "n" is not among the mutexes/,
    )
  })

  it('but not what cannot be counted beforehand', () => {
    const tickets = { op: 'tickets', counter: 'c', count: 4, body: [compute(1000), signal] }
    const roles = [role(2, [tickets]), role(1, [loop(4, [wait])], 'waiter')]
    expect(issuesOf(roles, { counters: ['c'] })).toBe('fine')
  })
})
