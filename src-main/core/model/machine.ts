/**
 * Machine: the plain state of a run, a structure of typed arrays indexed by pCPU (p), vCPU (v),
 * thread (t), VM (m) and lock (l). The functions of the other files work on it; it has no behaviour.
 */
import { TIME_CLASS_KEYS } from '../base/time-class.ts'
import { Engine } from '../sim/engine.ts'
import { encode } from './code.ts'
import type { GuestCosts, HostCosts } from './parameters.ts'
import type { Policy } from './policy.ts'
import type { WorkloadSpec } from './program.ts'
import { REGISTERS_MAX } from './program.ts'
import type { Slots } from './slots.ts'
import { layoutSlots } from './slots.ts'
import type { SimSpec } from './spec.ts'
import { pcpuCount } from './spec.ts'

/** vCPU states. A held (co-stopped) vCPU is runnable with `vHeld` set. */
export const VCPU = { offline: 0, halted: 1, runnable: 2, running: 3 } as const

/** Thread states: `current` is current on its vCPU, whether or not that vCPU runs. */
export const THREAD = { idle: 0, ready: 1, current: 2, blocked: 3 } as const

/** What a current thread does: next operation, work of an operation, or spinning for something. */
export const MODE = { next: 0, work: 1, spin: 2 } as const

/** Overheads that a thread pays before it goes on; indices of the debt lanes. */
export const DEBT = { switch: 0, refill: 1, resize: 2, ipi: 3, lock: 4 } as const
/** Number of debt lanes. */
export const DEBTS = 5

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
  'tlbShootdowns',
  'barriers',
] as const

/** Host counters by name. */
export type HostCounters = Record<(typeof HOST_COUNTERS)[number], number>

/** Bounded queue of a workload at run time; waiters are FIFO lists through `tNext`. */
export type QueueState = {
  readonly capacity: number
  readonly producersTotal: number
  items: number
  pushed: number
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

/** A bulk lock set at run time: the locks whose holder was caught holding one. */
export type LockSetState = { readonly locks: number; readonly spin: boolean; caught: number[] }

/** The state of one VM beside its vCPUs and threads. */
export type VmState = {
  readonly index: number
  readonly workload: WorkloadSpec
  readonly firstV: number
  readonly vcpus: number
  readonly firstT: number
  readonly threads: number
  readonly firstLock: number
  readonly barriers: readonly BarrierState[]
  readonly queues: readonly QueueState[]
  readonly counters: readonly CounterState[]
  readonly lockSets: readonly LockSetState[]
  readonly hasBarriers: boolean
  readonly iterationNs: number[]
  online: number
  threadsDone: number
  iteration: number
  iterationStart: number
  started: boolean
  finished: boolean
  runnable: number
  cpuNs: number
  resizeTo: readonly number[] | null
  resizeStopNs: number
}

/** Everything. */
export type Machine = ReturnType<typeof createMachine>

const list = (): WaitList => ({ head: -1, tail: -1, size: 0 })

function createVm(spec: SimSpec, index: number, base: readonly [number, number, number]): VmState {
  const vm = spec.vms[index]!
  const w = vm.workload
  const [firstV, firstT, firstLock] = base
  return {
    index,
    workload: w,
    firstV,
    vcpus: vm.vcpus,
    firstT,
    threads: w.threadProgram.length,
    firstLock,
    barriers: w.barriers.map((b) => ({ ...b, arrived: list() })),
    queues: w.queues.map((q) => ({
      capacity: q.capacity,
      producersTotal: q.producers,
      items: 0,
      pushed: 0,
      popped: 0,
      producers: q.producers,
      empty: list(),
      full: list(),
    })),
    counters: Array.from({ length: w.counters }, () => ({ round: 0, taken: 0 })),
    lockSets: w.lockSets.map((s) => ({ locks: s.locks, spin: s.kind === 'spin', caught: [] })),
    hasBarriers: w.barriers.length > 0,
    iterationNs: [],
    online: vm.vcpus,
    threadsDone: 0,
    iteration: 0,
    iterationStart: 0,
    started: false,
    finished: false,
    runnable: 0,
    cpuNs: 0,
    resizeTo: null,
    resizeStopNs: 0,
  }
}

function createVms(spec: SimSpec): { vms: VmState[]; totals: [number, number, number] } {
  const totals: [number, number, number] = [0, 0, 0]
  const vms = spec.vms.map((vm, index) => {
    const state = createVm(spec, index, totals)
    totals[0] += vm.vcpus
    totals[1] += state.threads
    // fixed locks, then one place for each thread that may be caught in a bulk lock
    totals[2] += vm.workload.mutexes + vm.workload.spinLocks + state.threads
    return state
  })
  return { vms, totals }
}

/** CFS constants of one kernel, scaled by its CPUs, ns. */
export type CfsConstants = {
  readonly latencyNs: number
  readonly minGranularityNs: number
  readonly wakeupGranularityNs: number
}

/** Scales CFS's constants by 1 + ilog2(min(cpus, 8)), as the kernel does at boot. */
function cfsConstants(cpus: number, of: HostCosts | GuestCosts): CfsConstants {
  const scale = 32 - Math.clz32(Math.min(cpus, 8))
  return {
    latencyNs: of.cfsLatencyNs * scale,
    minGranularityNs: of.cfsMinGranularityNs * scale,
    wakeupGranularityNs: of.cfsWakeupGranularityNs * scale,
  }
}

const i32 = (n: number, fill = 0): Int32Array<ArrayBuffer> => new Int32Array(n).fill(fill)
const f64 = (n: number): Float64Array<ArrayBuffer> => new Float64Array(n)

function pcpuState(pcpus: number) {
  return {
    pCur: i32(pcpus, -1),
    pHead: i32(pcpus, -1),
    pTail: i32(pcpus, -1),
    /** vCPUs queued or running on the pCPU. */
    pCount: i32(pcpus),
    pMinVr: f64(pcpus),
    pBusyNs: f64(pcpus),
    /** Since when the pCPU is busy, or idle. */
    pSince: f64(pcpus),
    pIdle: new Uint8Array(pcpus).fill(1),
    /** Time of an exit that whoever runs next on the pCPU waits for, ns. */
    pExitNs: f64(pcpus),
    pPhase: f64(pcpus),
    pLastV: i32(pcpus, -1),
    pAvgIdle: f64(pcpus),
    pIdleNs: f64(pcpus),
    pNextBalance: f64(pcpus),
    pBoost: i32(pcpus, -1),
    pSkip: i32(pcpus, -1),
    pResched: new Uint8Array(pcpus),
    pSocket: i32(pcpus),
  }
}

function vcpuState(vcpus: number) {
  return {
    vVm: i32(vcpus),
    vState: new Uint8Array(vcpus).fill(VCPU.halted),
    vHeld: new Uint8Array(vcpus),
    vKick: new Uint8Array(vcpus),
    vPhase: f64(vcpus),
    vPolling: new Uint8Array(vcpus),
    vPollNs: f64(vcpus),
    vHaltAt: f64(vcpus),
    vP: i32(vcpus),
    vPin: i32(vcpus, -1),
    vNext: i32(vcpus, -1),
    vPrev: i32(vcpus, -1),
    vVr: f64(vcpus),
    vExecAt: f64(vcpus),
    vSliceAt: f64(vcpus),
    vWeight: f64(vcpus),
    vCur: i32(vcpus, -1),
    vLastT: i32(vcpus, -1),
    vHead: i32(vcpus, -1),
    vTail: i32(vcpus, -1),
    vReady: i32(vcpus),
    vGuestMinVr: f64(vcpus),
    vGuestRan: f64(vcpus),
    vGuestResched: new Uint8Array(vcpus),
    vNextBalance: f64(vcpus),
    vPleNs: f64(vcpus),
    vYieldNext: i32(vcpus),
  }
}

function threadState(threads: number) {
  return {
    tVm: i32(threads),
    tState: new Uint8Array(threads),
    tMode: new Uint8Array(threads),
    tOn: new Uint8Array(threads),
    tV: i32(threads),
    tVr: f64(threads),
    /** Links of wait lists, and of guest run queues. */
    tNext: i32(threads, -1),
    tReadyNext: i32(threads, -1),
    tReadyPrev: i32(threads, -1),
    tExecAt: f64(threads),
    tPc: i32(threads),
    tRegister: i32(threads * REGISTERS_MAX),
    tRound: i32(threads),
    tRemaining: f64(threads),
    tSpeed: f64(threads).fill(1),
    tDebt: f64(threads * DEBTS),
    tDebtSum: f64(threads),
    tClass: new Uint8Array(threads),
    tSince: f64(threads),
    tSpinLeft: f64(threads),
    /** Spins with PAUSE in the kernel, so that pause-loop exiting sees it. */
    tPause: new Uint8Array(threads),
    /** Bulk locking of the current operation: its lock set (−1: none), locks per ns, hold time. */
    tSet: i32(threads, -1),
    tLockRate: f64(threads),
    tHoldNs: f64(threads),
    tKey: i32(threads),
    tDraws: i32(threads),
    tChanceKey: i32(threads),
    tChances: i32(threads),
    tRelock: i32(threads, -1),
    tPublished: i32(threads),
    tNeeds: i32(threads, -1),
    tTlbLeft: i32(threads),
    tArrivedAt: f64(threads),
    /** First of the locks that blame their waiters' time on this thread. */
    tBlame: i32(threads, -1),
    /** Bulk lock that the thread holds and is known to hold (−1: none), and the hold time left. */
    tCaught: i32(threads, -1),
    tCsLeft: f64(threads),
    /** The next step ends at an attempt on a caught lock. */
    tHit: new Uint8Array(threads),
    tLastP: i32(threads, -1),
    tLeftBusy: f64(threads),
    tHome: i32(threads, -1),
    time: f64(threads * CLASSES),
    historyClass: new Uint8Array(threads * HISTORY),
    historyNs: f64(threads * HISTORY),
    historyAt: i32(threads),
  }
}

function lockState(locks: number) {
  return {
    lOwner: i32(locks, -1),
    /** Whose state decides how waiters are charged: the owner, or the heir on its way. */
    lBlamed: i32(locks, -1),
    lNextBlame: i32(locks, -1),
    lHead: i32(locks, -1),
    lTail: i32(locks, -1),
    lWaiters: i32(locks),
    lSet: i32(locks, -1),
  }
}

/** Classes of time, plus the provisional class of a barrier wait that is not over. */
export const CLASSES = TIME_CLASS_KEYS.length + 1

/** Builds the state at time 0: all vCPUs online and halted, all threads idle. */
export function createMachine(spec: SimSpec, policy: Policy) {
  const pcpus = pcpuCount(spec.topology)
  const { vms, totals } = createVms(spec)
  const [vcpus, threads, locks] = totals
  const slots: Slots = layoutSlots(spec, vcpus, threads)
  const counters = Object.fromEntries(HOST_COUNTERS.map((c) => [c, 0])) as HostCounters
  return {
    spec,
    policy,
    hostCfs: cfsConstants(pcpus, spec.costs),
    guestCfs: spec.vms.map((vm) => cfsConstants(vm.vcpus, spec.guest)),
    costs: spec.costs,
    guest: spec.guest,
    pcpus,
    vcpus,
    threads,
    sockets: spec.topology.sockets,
    perSocket: spec.topology.coresPerSocket * spec.topology.threadsPerCore,
    slots,
    engine: new Engine(slots.total, (slot) => slots.kindOf[slot]!),
    now: 0,
    vms,
    counters,
    vmFinished: 0,
    idleClass: TIME_CLASS_KEYS.indexOf('idle'),
    idlePcpus: pcpus,
    heldRunnable: 0,
    /** vCPUs of a VM on each pCPU, and on how many pCPUs it has one: finds stacking. */
    vmOnP: i32(vms.length * pcpus),
    vmSpread: i32(vms.length),
    /** Running threads of a VM on each socket, and the socket's LLC demand in KiB. */
    vmOnSocket: i32(vms.length * spec.topology.sockets),
    socketKib: f64(spec.topology.sockets),
    vmHomes: i32(vms.length * spec.topology.sockets),
    toAdvance: [] as number[],
    toReschedule: [] as number[],
    toGuestReschedule: [] as number[],
    /** Spinners whose last reason to wait disappeared with a ballooned vCPU. */
    toRelease: [] as number[],
    /** VMs whose next iteration starts when the current event is handled. */
    toStart: [] as number[],
    code: vms.flatMap((vm) => encode(vm.workload)),
    tPredecessor: i32(threads, -1),
    tFollower: i32(threads, -1),
    /** Senders of TLB shootdowns that wait for a vCPU. */
    vIpi: Array.from({ length: vcpus }, () => [] as number[]),
    ...pcpuState(pcpus),
    ...vcpuState(vcpus),
    ...threadState(threads),
    ...lockState(locks),
  }
}
