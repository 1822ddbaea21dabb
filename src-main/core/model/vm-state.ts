/** VM state: what one VM has at run time besides its vCPUs and threads. */
import { createConsensus, RCU_SECTION } from './consensus.ts'
import type { Consensus } from './consensus.ts'
import { Fifo } from './fifo.ts'
import { LatencyHistogram } from './latency-histogram.ts'
import { createLockSets } from './lock-set.ts'
import type { LockSetState } from './lock-set.ts'
import { NICE_0_WEIGHT } from './nice.ts'
import type { WorkloadSpec } from './program.ts'
import type { SimSpec } from './spec.ts'

/** Bounded queue of a workload at run time; waiters are FIFO lists through `tNext`. */
export type QueueState = {
  readonly capacity: number
  readonly producersTotal: number
  /** Beginnings of the requests in the queue, where the workload responds to some. */
  readonly requests: Fifo | null
  items: number
  popped: number
  producers: number
  readonly empty: WaitList
  readonly full: WaitList
}

/** FIFO list of threads through `tNext`. */
export type WaitList = { head: number; tail: number; size: number }

/** Barrier at run time; `arrived` lists the waiters in order of arrival. */
export type BarrierState = {
  readonly parties: number
  readonly spinNs: number
  readonly arrived: WaitList
}

/** Condition at run time: signals not taken; rounds of broadcasts, and those each thread saw. */
export type ConditionState = {
  readonly broadcasts: boolean
  readonly waiters: WaitList
  signals: number
  rounds: number
  readonly passed: Int32Array
}

/** Reader-writer lock at run time. Its place has the writer and the line of waiters. */
export type RwLockState = {
  readonly lock: number
  readonly section: number
  readonly isPassive: boolean
  readonly firstT: number
  readonly threads: number
  readers: number
  /** vCPU that last wrote the lock's word. */
  lastV: number
}

/** Ticket counter at run time. */
export type CounterState = { round: number; taken: number }

/** The state of one VM beside its vCPUs and threads. */
export type VmState = {
  readonly index: number
  readonly workload: WorkloadSpec
  readonly firstV: number
  readonly vcpus: number
  readonly firstT: number
  readonly threads: number
  readonly firstLock: number
  /** Some of its threads have a nice value other than 0. */
  readonly isWeighted: boolean
  readonly barriers: readonly BarrierState[]
  readonly queues: readonly QueueState[]
  readonly counters: readonly CounterState[]
  readonly lockSets: readonly LockSetState[]
  readonly conditions: readonly ConditionState[]
  readonly rwLocks: readonly RwLockState[]
  /** By section: RCU, then the reader-writer locks. */
  readonly consensus: readonly Consensus[]
  /** Latencies of its requests; null where the workload responds to none. */
  readonly latency: LatencyHistogram | null
  /** Places for locks of sets that become entities: one a thread, as each has one at a time. */
  readonly freePlaces: number[]
  readonly iterationNs: number[]
  online: number
  threadsDone: number
  iteration: number
  iterationStart: number
  started: boolean
  /** Its work is done for good. */
  finished: boolean
  /** It was shut down during the run, and has no vCPUs any more. */
  departed: boolean
  runnable: number
  cpuNs: number
  /** IPIs between its vCPUs: wake-ups, reschedules, TLB shootdowns. */
  ipis: number
  /** Pause-loop exits of its vCPUs. */
  pleExits: number
  resizeTo: readonly number[] | null
  resizeStopNs: number
  /** vCPUs that are still to go offline. */
  leaving: number
}

const list = (): WaitList => ({ head: -1, tail: -1, size: 0 })

/** Mutexes, spin locks and reader-writer locks of a workload. */
export const fixedLocks = (w: WorkloadSpec): number =>
  w.mutexes + w.spinLocks.length + w.rwLocks.length

function createRwLocks(w: WorkloadSpec, firstT: number, firstLock: number): RwLockState[] {
  return w.rwLocks.map((kind, i) => ({
    lock: firstLock + w.mutexes + w.spinLocks.length + i,
    section: RCU_SECTION + 1 + i,
    isPassive: kind === 'passive',
    firstT,
    threads: w.threadProgram.length,
    readers: 0,
    lastV: -1,
  }))
}

function createVm(spec: SimSpec, index: number, base: readonly [number, number, number]): VmState {
  const vm = spec.vms[index]!
  const w = vm.workload
  const [firstV, firstT, firstLock] = base
  const responds = w.programs.some((program) => program.some(({ op }) => op === 'respond'))
  const rwLocks = createRwLocks(w, firstT, firstLock)
  return {
    index,
    workload: w,
    firstV,
    vcpus: vm.vcpus,
    firstT,
    threads: w.threadProgram.length,
    firstLock,
    isWeighted: w.threadWeight.some((weight) => weight !== NICE_0_WEIGHT),
    barriers: w.barriers.map((b) => ({ ...b, arrived: list() })),
    queues: w.queues.map((q) => ({
      capacity: q.capacity,
      producersTotal: q.producers,
      items: 0,
      requests: responds ? new Fifo() : null,
      popped: 0,
      producers: q.producers,
      empty: list(),
      full: list(),
    })),
    counters: Array.from({ length: w.counters }, () => ({ round: 0, taken: 0 })),
    latency: responds ? new LatencyHistogram() : null,
    lockSets: createLockSets(w, vm.vcpus),
    conditions: w.conditions.map((kind) => ({
      broadcasts: kind === 'broadcast',
      waiters: list(),
      signals: 0,
      rounds: 0,
      passed: new Int32Array(w.threadProgram.length),
    })),
    rwLocks,
    consensus: [
      createConsensus(index, vm.vcpus, RCU_SECTION, -1),
      ...rwLocks.map((rw) => createConsensus(index, vm.vcpus, rw.section, rw.lock)),
    ],
    freePlaces: w.threadProgram.map((_, i) => firstLock + fixedLocks(w) + i),
    iterationNs: [],
    online: vm.vcpus,
    threadsDone: 0,
    iteration: 0,
    iterationStart: 0,
    started: false,
    finished: false,
    departed: false,
    runnable: 0,
    cpuNs: 0,
    ipis: 0,
    pleExits: 0,
    resizeTo: null,
    resizeStopNs: 0,
    leaving: 0,
  }
}

/** All VMs, and the totals of vCPUs, threads and lock places. */
export function createVms(spec: SimSpec): { vms: VmState[]; totals: [number, number, number] } {
  const totals: [number, number, number] = [0, 0, 0]
  const vms = spec.vms.map((vm, index) => {
    const state = createVm(spec, index, totals)
    totals[0] += vm.vcpus
    totals[1] += state.threads
    // fixed locks, then one place for each thread that may hold or want one of a set
    totals[2] += fixedLocks(vm.workload) + state.threads
    return state
  })
  return { vms, totals }
}
