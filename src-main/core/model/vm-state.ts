/** VM state: what one VM has at run time besides its vCPUs and threads. */
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

function createVm(spec: SimSpec, index: number, base: readonly [number, number, number]): VmState {
  const vm = spec.vms[index]!
  const w = vm.workload
  const [firstV, firstT, firstLock] = base
  const responds = w.programs.some((program) => program.some(({ op }) => op === 'respond'))
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
    freePlaces: w.threadProgram.map((_, i) => firstLock + w.mutexes + w.spinLocks.length + i),
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
    totals[2] += vm.workload.mutexes + vm.workload.spinLocks.length + state.threads
    return state
  })
  return { vms, totals }
}
