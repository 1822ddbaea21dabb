/** delay: holders of kernel locks keep their pCPU until they let go, up to a cap. */
import { describe, expect, it } from 'vitest'
import type { Scenario } from '../../../src-main/core/contract/scenario.ts'
import { timeOfVm } from '../../../src-main/core/model/charge.ts'
import type { Machine } from '../../../src-main/core/model/machine.ts'
import { KIND, MODE, VCPU } from '../../../src-main/core/model/vocabulary.ts'
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
} from '../model/support/scenarios.ts'

const MS = 1e6
const CAP = 100e3

/** Ticks that are spread over the period, so that no tick switches all pCPUs like a gang. */
const host = { costs: { tickSkew: 1 } }

const under = (id: string, params: Record<string, number> = {}) => ({
  scheme: { id, params },
  host,
})

/** Threads that hold a kernel lock for `holdNs` again and again. */
function lockBound(kind: string, times: number, holdNs: number): VmInput {
  const section = { op: 'spin-critical', lock: 'lock', ns: holdNs, cv: 1 }
  const program = [loop(times, [compute(30_000, 1), section])]
  const workload = inline({ spinLocks: [{ name: 'lock', kind }], roles: [role(4, program)] })
  return { vcpus: 4, workload, repeat: 'stop' }
}

/** The same work with many short locks, taken in bulk. */
function bulkLocks(kind: string): VmInput {
  const bulk = { op: 'bulk', ns: 20 * MS, cv: 0, locks: 4000, holdNs: 1500, lockSet: 'set' }
  const lockSets = [{ name: 'set', locks: 64, kind }]
  const workload = inline({ lockSets, roles: [role(4, [loop(10, [bulk])])] })
  return { vcpus: 4, workload, repeat: 'stop' }
}

/** The longest that a preemption was put off: a slice timer runs for the same slice of a vCPU. */
function longestDelay(scenario: Scenario): number {
  const since = new Map<number, { readonly slice: string; readonly at: number }>()
  let longest = 0
  watch(scenario, (m) => {
    for (let p = 0; p < m.pcpus; p++) {
      const v = m.pCur[p]!
      const waits = m.engine.queue.timeOf(m.slots.first[KIND.hostSlice]! + p) < Infinity
      const slice = v < 0 ? '' : `${v} ${m.vSliceAt[v]!}`
      if (v < 0 || !waits || !inSection(m, v)) since.delete(p)
      else if (since.get(p)?.slice !== slice) since.set(p, { slice, at: m.now })
      longest = Math.max(longest, m.now - (since.get(p)?.at ?? m.now))
    }
  })
  return longest
}

const inSection = (m: Machine, v: number): boolean => {
  const t = m.vCur[v]!
  return t >= 0 && m.tNoPreempt[t] !== 0 && m.tMode[t] !== MODE.spin
}

/** How often a thread of the first VM lost its pCPU inside a section, over a few seeds. */
function caught(vms: readonly VmInput[], id: string): number {
  let count = 0
  for (const seed of [1, 2, 3, 4]) {
    const ran = new Uint8Array(4)
    watch(scenarioOf(4, vms, { seed, ...under(id) }), (m) => {
      for (let v = 0; v < 4; v++) {
        const isOn = m.vState[v] === VCPU.running ? 1 : 0
        if (ran[v] === 1 && isOn === 0 && inSection(m, v)) count++
        ran[v] = isOn
      }
    })
  }
  return count
}

describe('delay', () => {
  const lhp = (m: Machine): number => timeOfVm(m, m.vms[0]!).lhp

  it('makes the preemption of holders of kernel locks vanish', () => {
    const vms = [lockBound('tas', 4000, 5000), hog(200 * MS, {}, 4)]
    expect(caught(vms, 'cfs')).toBeGreaterThan(5)
    expect(caught(vms, 'delay')).toBe(0)
    const run = (id: string): number => lhp(runScenario(scenarioOf(4, vms, under(id))))
    expect(run('delay')).toBeLessThan(0.1 * run('cfs'))
  })

  it('finds the holders of locks that are taken in bulk as well', () => {
    const vms = [bulkLocks('spin'), hog(200 * MS, {}, 4)]
    expect(caught(vms, 'cfs')).toBeGreaterThan(5)
    expect(caught(vms, 'delay')).toBe(0)
  })

  it('puts no preemption off for longer than the cap, in sections of any length', () => {
    const vms = [lockBound('tas', 100, 2 * MS), lockBound('ticket', 3000, 3000)]
    const longest = longestDelay(scenarioOf(2, vms, under('delay')))
    expect(longest).toBeGreaterThan(0.5 * CAP)
    expect(longest).toBeLessThanOrEqual(CAP)
    const shorter = longestDelay(scenarioOf(2, vms, under('delay', { capNs: 20e3 })))
    expect(shorter).toBeLessThanOrEqual(20e3)
  })

  it('keeps to the cap in random scenarios', () => {
    for (let seed = 7300; seed < 7340; seed++) {
      const scenario = { ...randomScenario(seed), scheme: { id: 'delay', params: {} } }
      expect(longestDelay(scenario), `seed ${seed}`).toBeLessThanOrEqual(CAP)
    }
  })

  it('preempts holders after all where sections are longer than the cap', () => {
    const vms = [lockBound('tas', 100, 2 * MS), hog(200 * MS, {}, 4)]
    expect(caught(vms, 'delay')).toBeGreaterThan(0)
  })

  it('leaves waiters to their fate: who is next at a ticket lock is preempted as ever', () => {
    const vms = [lockBound('ticket', 4000, 5000), hog(200 * MS, {}, 4)]
    const run = (id: string): number => lhp(runScenario(scenarioOf(4, vms, under(id))))
    expect(run('delay')).toBeGreaterThan(0.2 * run('cfs'))
  })

  it('changes nothing for user-level locks and barriers', () => {
    const parts = {
      mutexes: ['m'],
      barriers: [{ name: 'b', spinNs: 100_000 }],
      lockSets: [{ name: 'set', locks: 64, kind: 'mutex' }],
    }
    const steps = [
      compute(200_000, 0.5),
      { op: 'critical', mutex: 'm', ns: 20_000, cv: 1 },
      { op: 'bulk', ns: MS, cv: 0, locks: 200, holdNs: 1500, lockSet: 'set' },
      { op: 'barrier', barrier: 'b' },
    ]
    const workload = inline({ ...parts, roles: [role(4, [loop(60, steps)])] })
    const vms: readonly VmInput[] = [{ vcpus: 4, workload }, hog(100 * MS, {}, 4)]
    const hash = (id: string): string =>
      runScenario(scenarioOf(4, vms, under(id))).engine.hash.digest()
    expect(hash('delay')).toBe(hash('cfs'))
  })
})
