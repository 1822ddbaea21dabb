/** Readers and writers: RCU and reader-writer locks with vCPUs that are preempted. */
import { describe, expect, it } from 'vitest'
import type { Machine } from '../../../src-main/core/model/machine.ts'
import { checkInvariants } from './support/invariants.ts'
import {
  compute,
  hog,
  inline,
  loop,
  role,
  runScenario,
  scenarioOf,
  timeOfThread,
  watch,
  withoutOverheads,
} from './support/scenarios.ts'

const MS = 1e6
const US = 1e3
const SEEDS = [1, 2, 3, 4, 5]
const NO_PLE = { switches: { ple: false } } as const

const read = (ns: number, cv = 0) => ({ op: 'read-critical', lock: 'lock', ns, cv })
const write = (ns: number) => ({ op: 'write-critical', lock: 'lock', ns, cv: 0 })
const KINDS = ['spin', 'passive'] as const
type Kind = (typeof KINDS)[number]
const locked = (kind: Kind) => ({ rwLocks: [{ name: 'lock', kind }] })

type Roles = readonly ReturnType<typeof role>[]

/** One VM whose threads have a vCPU each; without overheads, on so many pCPUs. */
function run(pcpus: number, parts: object, roles: Roles, seed = 1): Machine {
  const vm = { vcpus: roles.length, workload: inline({ ...parts, roles }) }
  const scenario = withoutOverheads(scenarioOf(pcpus, [vm], { seed, ...NO_PLE }))
  return watch(scenario, (m) => checkInvariants(m, 'cfs'))
}

describe.each(KINDS)('a reader-writer lock (%s)', (kind) => {
  it('lets readers in together and a writer alone', () => {
    const roles = [
      role(1, [read(10 * MS)], 'a'),
      role(1, [read(20 * MS)], 'b'),
      role(1, [compute(US), write(5 * MS)], 'writer'),
      role(1, [compute(2 * US), read(MS)], 'late'),
    ]
    const m = run(4, locked(kind), roles)
    expect(m.now).toBe(26 * MS)
    expect(timeOfThread(m, 2, 'lock')).toBe(20 * MS - US)
    expect(timeOfThread(m, 3, 'lock')).toBe(25 * MS - 2 * US)
  })

  it('makes a writer wait for a preempted reader: lock-holder preemption', () => {
    const roles = [role(1, [read(50 * MS)], 'reader'), role(1, [compute(US), write(MS)], 'writer')]
    const m = run(1, locked(kind), roles)
    const lhp = timeOfThread(m, 1, 'lhp')
    expect(lhp).toBeGreaterThan(10 * MS)
    expect(Math.abs(timeOfThread(m, 0, 'fair-share') - lhp)).toBeLessThan(5 * MS)
  })

  it('keeps its rules beside hogs', () => {
    const roles = [role(4, [loop(100, [read(20 * US, 1), compute(US), write(10 * US)])])]
    const vm = { vcpus: 4, repeat: 'stop' as const, workload: inline({ ...locked(kind), roles }) }
    for (const seed of SEEDS) {
      const scenario = scenarioOf(3, [vm, hog(20 * MS, {}, 3)], { seed, ...NO_PLE })
      expect(watch(scenario, (m) => checkInvariants(m, 'cfs')).vmFinished).toBe(2)
    }
  })
})

describe('readers', () => {
  const many = [role(4, [loop(1000, [compute(US), read(US)])])]
  const time = (kind: Kind): number => {
    const guest = { lockTransferNs: 100 }
    const vm = { vcpus: 4, workload: inline({ ...locked(kind), roles: many }) }
    return runScenario(withoutOverheads(scenarioOf(4, [vm], { guest, ...NO_PLE }))).now
  }

  it('of a passive lock pay nothing', () => {
    expect(time('passive')).toBe(2 * MS)
  })

  it('of a lock that counts them pay for its cache line', () => {
    expect(time('spin')).toBeGreaterThan(2.1 * MS)
  })
})

describe('a writer of a passive lock', () => {
  const roles = [
    role(1, [compute(20 * MS)], 'other'),
    role(1, [compute(20 * MS)], 'another'),
    role(1, [compute(MS), write(MS)], 'writer'),
  ]

  it('waits for preempted vCPUs that have no reader: they cannot report', () => {
    const waits = SEEDS.map((seed) =>
      timeOfThread(run(2, locked('passive'), roles, seed), 2, 'ipi-preempted'),
    )
    expect(Math.max(...waits)).toBeGreaterThan(MS)
  })

  it('does not wait where all vCPUs run', () => {
    const m = run(3, locked('passive'), roles)
    expect(timeOfThread(m, 2, 'ipi-preempted')).toBe(0)
    expect(m.counters.ipis).toBe(2)
  })
})

describe('a grace period', () => {
  const others = (ns: number, n: number) =>
    Array.from({ length: n }, (_, i) => role(1, [compute(ns)], `other${i}`))
  const updater = role(1, [compute(US), { op: 'rcu-sync' }, compute(US)], 'updater')
  /** When the only grace period was over, by the end of the updater's work. */
  const endOf = (m: Machine): number => m.now - timeOfThread(m, 0, 'idle') - US

  it('ends at once when every other vCPU idles', () => {
    expect(endOf(run(2, {}, [updater, role(1, [compute(10)], 'other')]))).toBe(US)
  })

  it('waits until each vCPU that runs has ticked', () => {
    const end = endOf(run(4, {}, [updater, ...others(20 * MS, 3)]))
    expect(end).toBeGreaterThan(US)
    expect(end).toBeLessThanOrEqual(4 * MS + US)
  })

  it('is longer where a vCPU is preempted, and the wait is charged to that', () => {
    const ends = (pcpus: number): number =>
      SEEDS.reduce(
        (sum, seed) => sum + endOf(run(pcpus, {}, [updater, ...others(40 * MS, 5)], seed)),
        0,
      )
    expect(ends(2)).toBeGreaterThan(2 * ends(6))
    const m = run(2, {}, [updater, ...others(40 * MS, 5)])
    expect(timeOfThread(m, 0, 'ipi-preempted')).toBeGreaterThan(MS)
    expect(m.counters.gracePeriods).toBe(1)
  })

  it('does not end inside a section of readers, however many ticks pass', () => {
    const reader = role(1, [{ op: 'rcu-read', ns: 30 * MS }, compute(10 * MS)], 'reader')
    const m = run(2, {}, [updater, reader])
    const end = endOf(m)
    expect(end).toBeGreaterThan(30 * MS)
    expect(end).toBeLessThanOrEqual(34 * MS)
    expect(timeOfThread(m, 0, 'lock')).toBe(30 * MS - US)
  })

  it('charges a preempted reader as lock-holder preemption', () => {
    const reader = role(1, [{ op: 'rcu-read', ns: 40 * MS }], 'reader')
    const m = run(1, {}, [updater, reader, role(1, [compute(40 * MS)], 'other')])
    expect(timeOfThread(m, 0, 'lhp')).toBeGreaterThan(10 * MS)
  })

  it('is shared by all that call meanwhile', () => {
    const callers = Array.from({ length: 4 }, (_, i) =>
      role(1, [compute((i + 1) * US), { op: 'rcu-sync' }, compute(US)], `caller${i}`),
    )
    const m = run(6, {}, [...callers, ...others(20 * MS, 2)])
    expect(m.counters.gracePeriods).toBe(2)
  })
})
