/** Kinds of spin locks: what each does under preemption, as their papers say. */
import { describe, expect, it } from 'vitest'
import type { ScenarioInput } from '../../../src-main/core/contract/scenario.ts'
import { timeOfVm } from '../../../src-main/core/model/charge.ts'
import type { Machine } from '../../../src-main/core/model/machine.ts'
import { KERNEL_LOCK_KINDS } from '../../../src-main/core/model/program.ts'
import type { SpinLockKind } from '../../../src-main/core/model/program.ts'
import { checkInvariants } from './support/invariants.ts'
import {
  compute,
  hog,
  inline,
  role,
  runScenario,
  scenarioOf,
  timeOfThread,
  watch,
  withoutOverheads,
} from './support/scenarios.ts'
import type { VmInput } from './support/scenarios.ts'

const MS = 1e6
const US = 1e3
const SEEDS = [1, 2, 3, 4, 5]
const NO_PLE = { switches: { ple: false } } as const

const section = (ns: number, cv = 0) => ({ op: 'spin-critical', lock: 'lock', ns, cv })
const locked = (kind: SpinLockKind) => ({ spinLocks: [{ name: 'lock', kind }] })

/** Threads that take a lock every 20 µs for 2 µs. */
function contenders(kind: SpinLockKind, threads = 8): VmInput {
  const app = kind === 'ticket' ? 'spin' : `spin-${kind}`
  const params = { scale: 0.02, holdNs: 2000, threads }
  return { name: 'locking', vcpus: threads, repeat: 'stop', workload: { app, params } }
}

const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length

/** Mean time of the contenders' iteration beside as many hogs, ms. */
function besideHogs(kind: SpinLockKind, rest: Partial<ScenarioInput> = NO_PLE): number {
  const times = SEEDS.map((seed) => {
    const vms = [contenders(kind), hog(400 * MS, { weight: 1024 }, 8)]
    const m = runScenario(scenarioOf(8, vms, { seed, ...rest }))
    return m.vms[0]!.iterationNs[0]!
  })
  return mean(times) / MS
}

/** The same without anybody beside them, ms. */
const alone = (kind: SpinLockKind): number =>
  runScenario(scenarioOf(8, [contenders(kind)], NO_PLE)).vms[0]!.iterationNs[0]! / MS

/** Slow-down by hogs, over what half the pCPUs would explain. */
const collapse = (kind: SpinLockKind, rest?: Partial<ScenarioInput>): number =>
  besideHogs(kind, rest) / (2 * alone(kind))

const COLLAPSES = ['ticket', 'mcs'] as const
const COPES = ['tas', 'pv-ticket', 'pv-qspinlock'] as const

describe('beside hogs that preempt every vCPU', () => {
  it.each(COLLAPSES)('a FIFO lock collapses: %s', (kind) => {
    expect(collapse(kind)).toBeGreaterThan(5)
  })

  it.each(COPES)('one that passes sleepers over, or lets them sleep, does not: %s', (kind) => {
    expect(collapse(kind)).toBeLessThan(2.5)
  })

  it.each(COLLAPSES)('pause-loop exiting helps a FIFO lock: %s', (kind) => {
    expect(collapse(kind, { switches: { ple: true } })).toBeLessThan(0.5 * collapse(kind))
  })

  it.each(KERNEL_LOCK_KINDS)('every rule of the model holds: %s', (kind) => {
    const vms = [contenders(kind, 4), hog(20 * MS, {}, 3), { ...contenders(kind, 3), name: 'b' }]
    const m = watch(scenarioOf(3, vms, NO_PLE), (machine) => checkInvariants(machine, 'cfs'))
    expect(m.vmFinished).toBe(3)
  })
})

/** A holder, and waiters that arrive one microsecond after another; each has a core. */
function inLine(kind: SpinLockKind, waiters: number, holdNs: number, ownNs = US): VmInput {
  const roles = Array.from({ length: waiters }, (_, i) =>
    role(1, [compute((i + 1) * US), section(ownNs), compute(10 * MS)], `waiter${i}`),
  )
  const workload = inline({
    ...locked(kind),
    roles: [role(1, [section(holdNs), compute(US)], 'holder'), ...roles],
  })
  return { vcpus: waiters + 1, repeat: 'stop', workload }
}

/** Runs on cores for all, and gives the order in which the threads' vCPUs got the lock. */
function order(kind: SpinLockKind, seed: number): readonly number[] {
  const got: number[] = []
  const scenario = withoutOverheads(scenarioOf(9, [inLine(kind, 8, MS)], { seed, ...NO_PLE }))
  watch(scenario, (m) => {
    const owner = m.lOwner[0]!
    if (owner >= 0 && got.at(-1) !== owner) got.push(owner)
  })
  return got
}

describe('the order of waiters', () => {
  const arrival = [0, 1, 2, 3, 4, 5, 6, 7, 8]

  it.each(['ticket', 'mcs', 'pv-ticket', 'pv-qspinlock'] as const)('is kept by %s', (kind) => {
    for (const seed of SEEDS) expect(order(kind, seed)).toEqual(arrival)
  })

  it('is not kept by test-and-set: it differs from run to run', () => {
    const orders = SEEDS.map((seed) => order('tas', seed))
    for (const one of orders) expect([...one].sort((a, b) => a - b)).toEqual(arrival)
    expect(new Set(orders.map(String)).size).toBeGreaterThan(3)
  })
})

describe('a hand-over', () => {
  const TRANSFER = 100
  const LINE = 40
  /** From the first release to the last acquisition, less the waiters' own sections. */
  function handOversNs(kind: SpinLockKind, waiters: number): number {
    const guest = { lockTransferNs: TRANSFER, lockLineNs: LINE }
    const vm = inLine(kind, waiters, MS)
    const scenario = withoutOverheads(scenarioOf(waiters + 1, [vm], { guest, ...NO_PLE }))
    const m = runScenario(scenario)
    return m.now - MS - waiters * US - 10 * MS
  }

  it.each([1, 4, 16])('of an MCS lock takes one transfer, with %i waiters', (n) => {
    expect(handOversNs('mcs', n)).toBe(n * TRANSFER)
  })

  it.each([1, 4, 16])('of a ticket lock waits for half of the other pollers, of %i', (n) => {
    const others = (n * (n - 1)) / 2
    expect(handOversNs('ticket', n)).toBe(n * TRANSFER + (others * LINE) / 2)
  })

  it('of test-and-set waits for the next try too, at most a back-off limit', () => {
    const ns = handOversNs('tas', 1)
    expect(ns).toBeGreaterThan(TRANSFER)
    expect(ns).toBeLessThan(TRANSFER + 12 * US)
  })
})

describe('a paravirtual waiter', () => {
  const SPIN = 32768 * 8
  const hold = 50 * MS
  const beside = (kind: SpinLockKind): Machine => {
    const vms = [inLine(kind, 1, hold), hog(30 * MS, { weight: 2 })]
    return runScenario(withoutOverheads(scenarioOf(2, vms, NO_PLE)))
  }

  it('halts after 2^15 iterations and leaves its pCPU to others until its turn', () => {
    const m = beside('pv-ticket')
    expect(m.counters.lockHalts).toBe(1)
    expect(m.vms[0]!.cpuNs).toBe(hold + US + US + SPIN + US + 10 * MS)
    expect(m.vms[1]!.iterationNs[0]).toBeLessThan(45 * MS)
  })

  it('else burns the pCPU for as long as it waits', () => {
    const m = beside('ticket')
    expect(m.counters.lockHalts).toBe(0)
    expect(m.vms[0]!.cpuNs).toBeGreaterThan(1.9 * hold + 10 * MS)
    expect(m.vms[1]!.iterationNs[0]).toBeGreaterThan(hold)
  })

  it('is kicked at its turn, at the cost of an IPI and a wake-up', () => {
    const costs = { ipiNs: 2000, wakeNs: 5000 }
    const scenario = scenarioOf(2, [inLine('pv-ticket', 1, hold)], { host: { costs }, ...NO_PLE })
    const m = runScenario(withoutOverheads(scenario))
    expect(m.counters.ipis).toBe(1)
    expect(timeOfThread(m, 0, 'switch')).toBe(2000)
    expect(timeOfThread(m, 1, 'wake')).toBe(2 * 5000)
    expect(m.now).toBe(5000 + hold + 5000 + US + 10 * MS)
  })

  it('of a queue lock halts early behind one that has halted, within 256 iterations', () => {
    const halts: number[] = []
    const scenario = withoutOverheads(scenarioOf(5, [inLine('pv-qspinlock', 4, hold)], NO_PLE))
    watch(scenario, (m) => {
      if (m.counters.lockHalts > halts.length) halts.push(m.now)
    })
    // the first gives up after its 2^15 iterations; each next one sees it at its next look
    expect(halts[0]).toBe(US + SPIN)
    expect(halts).toHaveLength(4)
    for (const [i, at] of halts.entries())
      if (i > 0) expect(at - halts[i - 1]!).toBeLessThanOrEqual(256 * 8)
  })

  it('of a queue lock is passed by newcomers while it wakes up', () => {
    const m = runScenario(scenarioOf(8, [contenders('pv-qspinlock'), hog(400 * MS, {}, 8)], NO_PLE))
    expect(m.counters.lockHalts).toBeGreaterThan(10)
    expect(m.counters.lockSteals).toBeGreaterThan(0)
  })

  it('flushes its TLB when asked to: the IPI wakes its vCPU', () => {
    const roles = [
      role(1, [section(hold)], 'holder'),
      role(1, [compute(US), section(US)], 'waiter'),
      role(1, [compute(10 * MS), { op: 'tlb' }, compute(US)], 'sender'),
    ]
    const vm = { vcpus: 3, workload: inline({ ...locked('pv-ticket'), roles }) }
    const host = { costs: { wakeNs: 5000 } }
    const m = runScenario(withoutOverheads(scenarioOf(3, [vm], { host, ...NO_PLE })))
    expect(timeOfThread(m, 2, 'ipi-preempted')).toBe(5000)
    expect(m.counters.lockHalts).toBe(2)
  })
})

describe('the switch pvLocks', () => {
  const traceOf = (kind: SpinLockKind, pvLocks: 'none' | 'ticket' | 'qspinlock'): string => {
    const vms = [contenders(kind, 6), hog(20 * MS, {}, 4)]
    return runScenario(scenarioOf(4, vms, { switches: { pvLocks } })).engine.hash.digest()
  }

  it.each(['ticket', 'qspinlock'] as const)('makes ticket locks paravirtual: %s', (pvLocks) => {
    expect(traceOf('ticket', pvLocks)).toBe(traceOf(`pv-${pvLocks}`, 'none'))
    expect(traceOf('ticket', pvLocks)).not.toBe(traceOf('ticket', 'none'))
  })

  it.each(['tas', 'mcs'] as const)('leaves what a file asks for by name: %s', (kind) => {
    expect(traceOf(kind, 'ticket')).toBe(traceOf(kind, 'none'))
  })
})

describe('the wait for a lock', () => {
  it('of a FIFO lock is lock-holder preemption while the next in line is preempted', () => {
    const lhpMs = (kind: SpinLockKind): number => {
      const vms = [contenders(kind), hog(400 * MS, {}, 8)]
      const m = runScenario(scenarioOf(8, vms, NO_PLE))
      return timeOfVm(m, m.vms[0]!).lhp / MS
    }
    expect(lhpMs('ticket')).toBeGreaterThan(5 * lhpMs('tas'))
  })

  it('of a waiter that is itself preempted while the lock is free is no lock wait', () => {
    const parts = {
      ...locked('tas'),
      roles: [
        role(1, [section(2 * MS), compute(40 * MS)], 'holder'),
        role(1, [compute(US), section(MS)], 'waiter'),
      ],
    }
    const vm = { vcpus: 2, workload: inline(parts) }
    const m = runScenario(withoutOverheads(scenarioOf(1, [vm], NO_PLE)))
    const waiter = 1
    const waited = timeOfThread(m, waiter, 'lhp') + timeOfThread(m, waiter, 'lock')
    expect(waited).toBeLessThan(30 * MS)
    expect(timeOfThread(m, waiter, 'useful')).toBe(MS + US)
  })
})
