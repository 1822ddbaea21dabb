/**
 * Lock sets: what a VM knows of many short locks of one kind that its threads take in bulk. A set
 * is simulated thinned (only the attempts that can meet a busy lock) or singly (each attempt).
 */
import type { Op, WorkloadSpec } from './program.ts'

/** A lock set at run time. */
export type LockSetState = {
  readonly locks: number
  readonly spin: boolean
  /** The largest share of its time that a thread spends inside sections of this set, 0 … 1. */
  readonly insideMax: number
  /** Locks of the set that the other threads hold at a time, on average at most. */
  readonly crowd: number
  /** Each attempt is simulated, because too many would find their lock busy. */
  singly: boolean
  /** Places of the locks that are entities just now: held, or with threads that want them. */
  readonly live: number[]
}

/**
 * Up to this chance that an attempt finds its lock busy while all threads run, a set is thinned.
 * Thinning takes the phases of two threads as independent up to first order in this chance; at
 * this bound waits are off by less than 1 %, with two locks of two threads by 2 %. Held from both
 * sides by bulk-agreement.test.ts.
 */
export const THINNED_BUSY_MAX = 0.1

/** Threads that are inside for more of their time than this are simulated singly in any case. */
const THINNED_INSIDE_MAX = 0.5

type BulkOp = Extract<Op, { op: 'bulk' }>

const usesOf = (program: readonly Op[], set: number): readonly BulkOp[] =>
  program.filter((op): op is BulkOp => op.op === 'bulk' && op.lockSet === set)

/** All lock sets of a workload on a VM of `vcpus`, and how each is simulated. */
export function createLockSets(w: WorkloadSpec, vcpus: number): readonly LockSetState[] {
  return w.lockSets.map(({ locks, kind }, index) => {
    const uses = w.programs.map((program) => usesOf(program, index))
    const users = w.threadProgram.filter((program) => uses[program]!.length > 0).length
    const insideMax = Math.max(0, ...uses.flat().map((op) => op.locksPerNs * op.holdNs))
    const others = Math.max(0, Math.min(users, vcpus) - 1)
    const busy = (others * insideMax) / locks
    return {
      locks,
      spin: kind === 'spin',
      insideMax,
      crowd: (w.threadProgram.length - 1) * insideMax,
      singly: busy > THINNED_BUSY_MAX || insideMax > THINNED_INSIDE_MAX,
      live: [],
    }
  })
}
