/** Bulk locking: the same waits as simulating every single lock, at a fraction of the events. */
import { describe, expect, it } from 'vitest'
import { timeOfVm } from '../../../src-main/core/model/charge.ts'
import type { Machine } from '../../../src-main/core/model/machine.ts'
import type { VmInput } from './support/scenarios.ts'
import {
  compute,
  hog,
  inline,
  loop,
  role,
  runScenario,
  scenarioOf,
  withoutOverheads,
} from './support/scenarios.ts'

type Kind = 'mutex' | 'spin'
type Locking = {
  readonly kind: Kind
  readonly locks: number
  /** Mean work between two locks, and inside each. */
  readonly outsideNs: number
  readonly holdNs: number
  readonly passes: number
}

const MS = 1e6
const THREADS = 4
/** Each thread takes the locks in an order of its own; prime to their number. */
const STRIDES = [7, 11, 13, 17]
const STEPS_MAX = 150

/** Every lock is simulated. */
function explicitly({ kind, locks, outsideNs, holdNs, passes }: Locking): VmInput {
  const names = Array.from({ length: locks }, (_, i) => `lock${i}`)
  const critical = (name: string) =>
    kind === 'spin'
      ? { op: 'spin-critical', lock: name, ns: holdNs, cv: 0 }
      : { op: 'critical', mutex: name, ns: holdNs, cv: 0 }
  const pass = (t: number) =>
    names.flatMap((_, j) => {
      const next = names[(j * STRIDES[t]! + 3 * t) % locks]!
      return [compute(outsideNs, 1), critical(next)]
    })
  const roles = STRIDES.map((_, t) => role(1, [loop(passes, chunks(pass(t)))], `worker${t}`))
  const shared = kind === 'spin' ? { spinLocks: names } : { mutexes: names }
  return { vcpus: THREADS, repeat: 'stop', workload: inline({ ...shared, roles }) }
}

/** A body has at most so many steps: a long one as a few loops of one pass. */
function chunks<T extends Readonly<Record<string, unknown>>>(steps: readonly T[]) {
  const count = Math.ceil(steps.length / STEPS_MAX)
  return Array.from({ length: count }, (_, i) =>
    loop(1, steps.slice(i * STEPS_MAX, (i + 1) * STEPS_MAX)),
  )
}

/** The same rates, in bulk: one operation a pass, whose work varies as a pass of single steps. */
function inBulk({ kind, locks, outsideNs, holdNs, passes }: Locking): VmInput {
  const ns = locks * (outsideNs + holdNs)
  const cv = (Math.sqrt(locks) * outsideNs) / ns
  const step = { op: 'bulk', ns, cv, lockSet: 'set', locks, holdNs }
  const parts = {
    lockSets: [{ name: 'set', locks, kind }],
    roles: [role(THREADS, [loop(passes, [step])])],
  }
  return { vcpus: THREADS, repeat: 'stop', workload: inline(parts) }
}

/** Beside hogs that preempt it; without overheads, so that only waiting differs. */
const beside = (vm: VmInput, seed: number) =>
  withoutOverheads(
    scenarioOf(4, [vm, hog(60 * MS), hog(120 * MS, {}, 3)], { seed, switches: { ple: false } }),
  )

const SEEDS = 60
/** Kolmogorov and Smirnov's two-sample bound at 1 %, equal sizes. */
const KS_1_PERCENT = 1.628 * Math.sqrt(2 / SEEDS)

function ksDistance(a: readonly number[], b: readonly number[]): number {
  const below = (xs: readonly number[], x: number): number =>
    xs.filter((y) => y <= x).length / xs.length
  return Math.max(...[...a, ...b].map((x) => Math.abs(below(a, x) - below(b, x))))
}

function sample(vm: VmInput, firstSeed: number, read: (m: Machine) => number[]): number[][] {
  const runs = Array.from({ length: SEEDS }, (_, i) => read(runScenario(beside(vm, firstSeed + i))))
  return runs[0]!.map((_, k) => runs.map((run) => run[k]!))
}

describe('bulk locking agrees with explicit simulation', () => {
  for (const kind of ['mutex', 'spin'] as const) {
    it(`in the distribution of run time and of waiting for preempted holders: ${kind}`, () => {
      const locking = { kind, locks: 999, outsideNs: 18_000, holdNs: 2_000, passes: 3 }
      const read = (m: Machine): number[] => {
        const time = timeOfVm(m, m.vms[0]!)
        return [m.vms[0]!.iterationNs[0]!, time.lhp, time.useful]
      }
      const explicit = sample(explicitly(locking), 0, read)
      const bulk = sample(inBulk(locking), 1000, read)
      const distances = explicit.map((xs, k) => ksDistance(xs, bulk[k]!))
      for (const distance of distances) expect(distance).toBeLessThan(KS_1_PERCENT)
      // the samples mean something only where holders were preempted in many runs of either kind
      for (const [, lhp] of [explicit, bulk])
        expect(lhp!.filter((ns) => ns > 0).length).toBeGreaterThan(SEEDS / 4)
    })
  }

  it('takes far fewer events', () => {
    const locking = {
      kind: 'mutex',
      locks: 999,
      outsideNs: 18_000,
      holdNs: 2_000,
      passes: 1,
    } as const
    const events = (vm: VmInput): number => runScenario(beside(vm, 1)).engine.events
    expect(events(inBulk(locking))).toBeLessThan(0.2 * events(explicitly(locking)))
  })
})

describe('bulk locking', () => {
  for (const [kind, locks] of [
    ['mutex', 4e4],
    ['spin', 4e5],
  ] as const) {
    it(`never waits for itself, even where sections end at the same nanosecond: ${kind}`, () => {
      const step = { op: 'bulk', ns: 5 * MS, cv: 0.1, lockSet: 'set', locks, holdNs: 5 }
      const parts = {
        lockSets: [{ name: 'set', locks: 3, kind }],
        roles: [role(THREADS, [loop(8, [step])])],
      }
      const vm: VmInput = { vcpus: THREADS, repeat: 'stop', workload: inline(parts) }
      let caught = 0
      for (let seed = 0; seed < 30; seed++)
        caught += runScenario(beside(vm, seed)).counters.bulkCaught
      expect(caught).toBeGreaterThan(10)
    })
  }

  it('catches nobody where no vCPU is ever preempted', () => {
    const locking = { kind: 'spin', locks: 999, outsideNs: 900, holdNs: 100, passes: 20 } as const
    const m = runScenario(withoutOverheads(scenarioOf(4, [inBulk(locking)])))
    expect(m.counters.bulkCaught).toBe(0)
  })

  it('catches a share of the preempted threads that is the share of time inside', () => {
    const locking = { kind: 'spin', locks: 1e6, outsideNs: 700, holdNs: 300, passes: 0.05 } as const
    const scenario = { ...inBulk(locking), name: 'locking' }
    let caught = 0
    let preempted = 0
    for (let seed = 0; seed < 10; seed++) {
      const m = runScenario(withoutOverheads(scenarioOf(2, [scenario], { seed })))
      caught += m.counters.bulkCaught
      preempted += m.counters.preemptions
    }
    const sd = Math.sqrt(0.3 * 0.7 * preempted)
    expect(preempted).toBeGreaterThan(300)
    expect(Math.abs(caught - 0.3 * preempted)).toBeLessThan(2.6 * sd)
  })
})
