/**
 * Vocabulary of the model's state: states, modes, debts, classes, events and counters by number or
 * name.
 *
 * The files of the event loop take what they need of it into constants of their own, since V8 folds
 * those into its code but loads an import at every use: 5 % of the time of an event.
 */
import { TIME_CLASS_KEYS } from '../base/time-class.ts'
import type { TimeClassKey } from '../base/time-class.ts'

/** vCPU states. A held (co-stopped) vCPU is runnable with `vHeld` set. */
export const VCPU = { offline: 0, halted: 1, runnable: 2, running: 3 } as const

/** Thread states: `current` is current on its vCPU, whether or not that vCPU runs. */
export const THREAD = { idle: 0, ready: 1, current: 2, blocked: 3 } as const

/**
 * What a current thread does: next operation, work of an operation, spinning for something, or
 * paying what it owes before its next operation.
 */
export const MODE = { next: 0, work: 1, spin: 2, pay: 3 } as const

/** Overheads that a thread pays before it goes on; indices of the debt lanes. */
export const DEBT = { switch: 0, refill: 1, resize: 2, ipi: 3, lock: 4 } as const
/** Number of debt lanes. */
export const DEBTS = 5

/** Kinds of spin locks of a guest kernel. From `tas` on, waiters look at the lock themselves. */
export const LOCK = { ticket: 0, mcs: 1, 'pv-ticket': 2, tas: 3, 'pv-qspinlock': 4 } as const

/**
 * How a thread spins: without PAUSE; with PAUSE until it is let go; so, but halting its vCPU when a
 * limit is over; so, trying at times of its own; so, as a waiter of a PV queue lock.
 */
export const PAUSE = { none: 0, forever: 1, limited: 2, retry: 3, queue: 4 } as const

/** Entries of each thread's history ring, a power of two. */
export const HISTORY = 64

/** Counters of the host. */
export const HOST_COUNTERS = [
  'contextSwitches',
  'migrations',
  'wakeups',
  'exits',
  'ipis',
  'pleExits',
  'directedYields',
  'preemptions',
  'lockHolderPreemptions',
  'bulkCaught',
  'resizes',
  'guestSwitches',
  'guestMigrations',
  'halts',
  'lockHalts',
  'lockSteals',
  'tlbShootdowns',
  'gracePeriods',
  'barriers',
] as const

/** Host counters by name. */
export type HostCounters = Record<(typeof HOST_COUNTERS)[number], number>

/** Classes of time, plus the provisional class of a barrier wait that is not over. */
export const CLASSES = TIME_CLASS_KEYS.length + 1

/** Index of each class in the accumulators. */
export const CLASS = Object.fromEntries(TIME_CLASS_KEYS.map((k, i) => [k, i])) as Record<
  TimeClassKey,
  number
>
/** Provisional class of a barrier wait: split when the barrier opens. */
export const BARRIER_OPEN = CLASSES - 1

/** Kinds of events, in order of priority at the same time. */
export const KIND = {
  vcpuStep: 0,
  vcpuKick: 1,
  threadTimer: 2,
  vmLife: 3,
  vmResize: 4,
  haltPoll: 5,
  guestTick: 6,
  hostTick: 7,
  policy: 8,
  hostSlice: 9,
} as const
