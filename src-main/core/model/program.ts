/**
 * Program: what a thread does, as a flat list of operations with jump targets, so that the
 * interpreter is one switch. `core/workloads` compiles the readable workload files into this form.
 * Durations are ns of work at full speed; `cv` is the coefficient of variation, 0 … 1, drawn from
 * the thread's own stream as mean × (1 − cv + cv × Exp(1)).
 */

/** One operation. Mutexes, barriers, … are indices into the workload's lists. */
export type Op =
  /** Works for `ns` (mean). */
  | { readonly op: 'compute'; readonly ns: number; readonly cv: number }
  /** Works for `ns`, taking short locks of a set at `locksPerNs`: bulk locking. */
  | {
      readonly op: 'bulk'
      readonly ns: number
      readonly cv: number
      readonly lockSet: number
      readonly locksPerNs: number
      readonly holdNs: number
    }
  /** Futex mutex: free → taken in user space; else the thread blocks in the guest kernel. */
  | { readonly op: 'lock'; readonly mutex: number }
  | { readonly op: 'unlock'; readonly mutex: number }
  /** Spin lock of the lock's kind. The guest does not preempt the holder of one of its kernel's. */
  | { readonly op: 'spin-lock'; readonly lock: number }
  | { readonly op: 'spin-unlock'; readonly lock: number }
  /** Spins up to the barrier's `spinNs` without PAUSE, then blocks; the last one releases all. */
  | { readonly op: 'barrier'; readonly barrier: number }
  /** register := count (rounded, ≥ 0); a loop of 0 passes jumps to `exit`. */
  | { readonly op: 'set'; readonly register: number; readonly count: number; readonly exit: number }
  /** register −= 1; jumps to `to` while > 0. */
  | { readonly op: 'again'; readonly register: number; readonly to: number }
  /** Takes the next ticket of a counter; jumps to `exit` when `count` tickets are taken. */
  | {
      readonly op: 'take'
      readonly counter: number
      readonly count: number
      readonly exit: number
    }
  /** Thread begins its next round of a counter (before its first `take`); the first re-arms it. */
  | { readonly op: 'arm'; readonly counter: number }
  /** With the queue's mutex held: adds an item; full: waits on the queue's condition. */
  | { readonly op: 'push'; readonly queue: number; readonly mutex: number }
  /** With the mutex held: removes an item; empty: waits; closed and empty: jumps to `exit`. */
  | { readonly op: 'pop'; readonly queue: number; readonly mutex: number; readonly exit: number }
  /** This producer is done; after the last one the queue is closed and its waiters wake. */
  | { readonly op: 'close'; readonly queue: number }
  /** Publishes one more row of this thread to its follower and wakes it. */
  | { readonly op: 'publish' }
  /**
   * Waits until the thread's predecessor (ring of the role's threads) has published enough rows:
   * of its current frame at least `min(row + lag, rows)`, row = own rows published in this frame.
   */
  | { readonly op: 'follow'; readonly rows: number; readonly lag: number }
  /** Reader-writer lock of the guest kernel; see `rw-locks.ts`. */
  | {
      readonly op: 'read-lock' | 'read-unlock' | 'write-lock' | 'write-unlock'
      readonly lock: number
    }
  /** RCU: a section of readers, and a wait until all readers of now are gone; see `rcu.ts`. */
  | { readonly op: 'rcu-lock' | 'rcu-unlock' | 'rcu-sync' }
  /** With the mutex held: waits for a signal or the next broadcast; see `conditions.ts`. */
  | { readonly op: 'wait'; readonly condition: number; readonly mutex: number }
  | { readonly op: 'signal' | 'broadcast'; readonly condition: number }
  /**
   * TLB shootdown: IPIs to the other vCPUs that run threads of this VM; spins until all
   * acknowledge.
   */
  | { readonly op: 'tlb' }
  /** Sleeps or waits for a device. */
  | { readonly op: 'sleep'; readonly ns: number; readonly cv: number }
  /** Waits for the next request of the thread's own schedule: gaps of `ns` (mean). */
  | { readonly op: 'arrive'; readonly ns: number; readonly cv: number }
  /** A request begins now. */
  | { readonly op: 'request' }
  /** The request in hand, begun here or taken from a queue, is answered: its latency counts. */
  | { readonly op: 'respond' }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'end' }

/** A flat program; ends with `end`. */
export type Program = readonly Op[]

/** Registers a thread has for its loops. */
export const REGISTERS_MAX = 8

/** A barrier: how many arrive, how long a waiter spins before it blocks. */
export type BarrierSpec = { readonly parties: number; readonly spinNs: number }

/** A bounded queue with one mutex and two conditions. */
export type QueueSpec = { readonly capacity: number; readonly producers: number }

/** Kinds of spin locks of a guest kernel; see `spin-locks.ts`. */
export const KERNEL_LOCK_KINDS = ['ticket', 'tas', 'mcs', 'pv-ticket', 'pv-qspinlock'] as const
/** Kind of a spin lock of a guest kernel. */
export type KernelLockKind = (typeof KERNEL_LOCK_KINDS)[number]
/** Kinds of spin locks; those of user space leave their holder and waiters to be preempted. */
export const SPIN_LOCK_KINDS = [...KERNEL_LOCK_KINDS, 'user-ticket', 'user-tas'] as const
/** Kind of a spin lock. */
export type SpinLockKind = (typeof SPIN_LOCK_KINDS)[number]

/** Kinds of reader-writer locks of a guest kernel; see `rw-locks.ts`. */
export const RW_LOCK_KINDS = ['spin', 'passive'] as const
/** Kind of a reader-writer lock of a guest kernel. */
export type RwLockKind = (typeof RW_LOCK_KINDS)[number]

/** Many short locks of one kind, taken in bulk. `spin`: waits by spinning, else futex. */
export type LockSetSpec = { readonly locks: number; readonly kind: 'mutex' | 'spin' }

/** How a thread's speed depends on caches and memory. Fractions of the work at full speed. */
export type MemorySpec = {
  /** Private working set of a thread, KiB: refilled after losing a core. */
  readonly privateKib: number
  /** Working set shared by the VM's threads, KiB: competes for the LLC. */
  readonly sharedKib: number
  /** Extra time per unit of work when none of the LLC demand fits (CPI growth), ≥ 0. */
  readonly missPenalty: number
  /** Extra time per unit of work when all memory is on another socket, ≥ 0. */
  readonly remotePenalty: number
  /** Fraction of a thread's memory traffic that goes to data shared by all threads, 0 … 1. */
  readonly sharedFraction: number
}

/** A workload compiled for a VM: one iteration is from all threads' start to the last one's end. */
export type WorkloadSpec = {
  readonly app: string
  readonly programs: readonly Program[]
  /** Program of each thread. */
  readonly threadProgram: readonly number[]
  /** Predecessor of each thread for `follow`; −1: none. */
  readonly threadPredecessor: readonly number[]
  /** Weight of each thread in the guest's CFS; 1024 = nice 0. */
  readonly threadWeight: readonly number[]
  readonly mutexes: number
  readonly spinLocks: readonly SpinLockKind[]
  readonly rwLocks: readonly RwLockKind[]
  /** Each condition is either signalled or broadcast. */
  readonly conditions: readonly ('signal' | 'broadcast')[]
  readonly barriers: readonly BarrierSpec[]
  readonly queues: readonly QueueSpec[]
  readonly counters: number
  readonly lockSets: readonly LockSetSpec[]
  readonly memory: MemorySpec
}
