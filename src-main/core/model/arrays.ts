/**
 * Arrays: the state of pCPUs (p), vCPUs (v), threads (t) and locks (l) as a structure of typed
 * arrays. Classes with fixed fields, one above the other, because V8 reads them fastest.
 */
import { REGISTERS_MAX } from './program.ts'
import { CLASSES, DEBTS, HISTORY, VCPU } from './vocabulary.ts'

const i32 = (n: number, fill = 0): Int32Array<ArrayBuffer> => new Int32Array(n).fill(fill)
const f64 = (n: number): Float64Array<ArrayBuffer> => new Float64Array(n)

/** How many there are of each. */
export type Counts = {
  readonly pcpus: number
  readonly vcpus: number
  readonly threads: number
  readonly locks: number
  readonly vms: number
  readonly sockets: number
  readonly llcs: number
  readonly cores: number
}

class Sizes {
  readonly pcpus: number
  readonly vcpus: number
  readonly threads: number
  readonly locks: number
  readonly sockets: number
  readonly llcs: number
  readonly cores: number
  protected readonly vmCount: number

  constructor(counts: Counts) {
    this.pcpus = counts.pcpus
    this.vcpus = counts.vcpus
    this.threads = counts.threads
    this.locks = counts.locks
    this.sockets = counts.sockets
    this.llcs = counts.llcs
    this.cores = counts.cores
    this.vmCount = counts.vms
  }
}

class PcpuArrays extends Sizes {
  readonly pCur = i32(this.pcpus, -1)
  readonly pHead = i32(this.pcpus, -1)
  readonly pTail = i32(this.pcpus, -1)
  /** vCPUs queued or running on the pCPU. */
  readonly pCount = i32(this.pcpus)
  readonly pMinVr = f64(this.pcpus)
  readonly pBusyNs = f64(this.pcpus)
  /** Since when the pCPU is busy, or idle. */
  readonly pSince = f64(this.pcpus)
  readonly pIdle = new Uint8Array(this.pcpus).fill(1)
  /** Time of an exit that whoever runs next on the pCPU waits for, ns. */
  readonly pExitNs = f64(this.pcpus)
  readonly pPhase = f64(this.pcpus)
  readonly pLastV = i32(this.pcpus, -1)
  readonly pAvgIdle = f64(this.pcpus)
  readonly pIdleNs = f64(this.pcpus)
  readonly pNextBalance = f64(this.pcpus)
  readonly pBoost = i32(this.pcpus, -1)
  readonly pSkip = i32(this.pcpus, -1)
  readonly pResched = new Uint8Array(this.pcpus)
  readonly pSocket = i32(this.pcpus)
  readonly pLlc = i32(this.pcpus)
  readonly pCore = i32(this.pcpus)
  /** Hardware threads of a core that are busy. */
  readonly coreBusy = i32(this.cores)
  /** vCPUs of a VM on each pCPU, and on how many pCPUs it has one: finds stacking. */
  readonly vmOnP = i32(this.vmCount * this.pcpus)
  readonly vmSpread = i32(this.vmCount)
  /** Weight of each VM as configured; a scheme may retune its vCPUs' (`vWeight`). */
  readonly vmWeight = f64(this.vmCount)
  /** Running threads of a VM on each LLC, and the demand on the LLC in KiB. */
  readonly vmOnLlc = i32(this.vmCount * this.llcs)
  readonly demandKib = f64(this.llcs)
  /** Threads of a VM whose memory is on each socket. */
  readonly vmHomes = i32(this.vmCount * this.sockets)
}

class VcpuArrays extends PcpuArrays {
  readonly vVm = i32(this.vcpus)
  readonly vState = new Uint8Array(this.vcpus).fill(VCPU.halted)
  readonly vHeld = new Uint8Array(this.vcpus)
  readonly vKick = new Uint8Array(this.vcpus)
  readonly vPhase = f64(this.vcpus)
  readonly vPolling = new Uint8Array(this.vcpus)
  readonly vPollNs = f64(this.vcpus)
  readonly vHaltAt = f64(this.vcpus)
  readonly vP = i32(this.vcpus)
  readonly vPin = i32(this.vcpus, -1)
  /** Goes offline as soon as its thread leaves a section that the guest does not preempt. */
  readonly vLeaving = new Uint8Array(this.vcpus)
  readonly vNext = i32(this.vcpus, -1)
  readonly vPrev = i32(this.vcpus, -1)
  readonly vVr = f64(this.vcpus)
  readonly vExecAt = f64(this.vcpus)
  readonly vSliceAt = f64(this.vcpus)
  /** pCPU time used, and run delay (runnable without a pCPU) of waits that are over, ns. */
  readonly vRanNs = f64(this.vcpus)
  readonly vDelayNs = f64(this.vcpus)
  /** Since when the vCPU waits for a pCPU, ns. */
  readonly vRunnableAt = f64(this.vcpus)
  readonly vWeight = f64(this.vcpus)
  readonly vCur = i32(this.vcpus, -1)
  readonly vLastT = i32(this.vcpus, -1)
  readonly vHead = i32(this.vcpus, -1)
  readonly vTail = i32(this.vcpus, -1)
  readonly vReady = i32(this.vcpus)
  readonly vGuestMinVr = f64(this.vcpus)
  readonly vGuestRan = f64(this.vcpus)
  readonly vGuestResched = new Uint8Array(this.vcpus)
  readonly vNextBalance = f64(this.vcpus)
  readonly vPleNs = f64(this.vcpus)
  readonly vYieldNext = i32(this.vcpus)
  /** How many kinds of consensus await the vCPU's report. */
  readonly vAwaited = i32(this.vcpus)
  /** Senders of TLB shootdowns that wait for a vCPU. */
  readonly vIpi = Array.from({ length: this.vcpus }, () => [] as number[])
}

class ThreadArrays extends VcpuArrays {
  readonly tVm = i32(this.threads)
  readonly tState = new Uint8Array(this.threads)
  readonly tMode = new Uint8Array(this.threads)
  readonly tOn = new Uint8Array(this.threads)
  readonly tV = i32(this.threads)
  readonly tVr = f64(this.threads)
  /** Guest CFS weight, and virtual run time per ns of run time: 1024 / weight. */
  readonly tWeight = f64(this.threads)
  readonly tVrRate = f64(this.threads)
  /** Links of wait lists, and of guest run queues. */
  readonly tNext = i32(this.threads, -1)
  readonly tReadyNext = i32(this.threads, -1)
  readonly tReadyPrev = i32(this.threads, -1)
  readonly tExecAt = f64(this.threads)
  readonly tPc = i32(this.threads)
  readonly tRegister = i32(this.threads * REGISTERS_MAX)
  readonly tRound = i32(this.threads)
  readonly tRemaining = f64(this.threads)
  readonly tSpeed = f64(this.threads).fill(1)
  /** Part of the speed that busy hardware threads of the same core leave. */
  readonly tSmtSpeed = f64(this.threads).fill(1)
  readonly tDebt = f64(this.threads * DEBTS)
  readonly tDebtSum = f64(this.threads)
  readonly tClass = new Uint8Array(this.threads)
  readonly tSince = f64(this.threads)
  readonly tSpinLeft = f64(this.threads)
  /** When the current spin with PAUSE began, ns. */
  readonly tSpinAt = f64(this.threads)
  /** How it spins. Pause-loop exiting sees all but `PAUSE.none`. */
  readonly tPause = new Uint8Array(this.threads)
  /** The lock that a spinner looks at itself (`PAUSE.retry`, `PAUSE.queue`). */
  readonly tLock = i32(this.threads, -1)
  /** Its vCPU has halted while it waited for a lock, and it has not run since. */
  readonly tSlept = new Uint8Array(this.threads)
  /** In a section of the guest kernel that the guest does not preempt (preempt_disable). */
  readonly tNoPreempt = new Uint8Array(this.threads)
  /** Section of readers that the thread is in: 0 RCU, i + 1 reader-writer lock i; −1: none. */
  readonly tReads = i32(this.threads, -1)
  /** Waits for a reader-writer lock as a writer. */
  readonly tWrites = new Uint8Array(this.threads)
  /** Bulk locking of the current operation: its lock set (−1: none), mean ns between sections. */
  readonly tSet = i32(this.threads, -1)
  readonly tOutsideNs = f64(this.threads)
  readonly tHoldNs = f64(this.threads)
  /** `tRemaining` when the thread was last known to be outside a section. */
  readonly tOutsideAt = f64(this.threads)
  readonly tKey = i32(this.threads)
  readonly tDraws = i32(this.threads)
  readonly tChanceKey = i32(this.threads)
  readonly tChances = i32(this.threads)
  readonly tRelock = i32(this.threads, -1)
  readonly tPublished = i32(this.threads)
  /** When the request in hand began, and the last arrival of the thread's own schedule. */
  readonly tRequestAt = f64(this.threads)
  readonly tNextArrival = f64(this.threads)
  readonly tNeeds = i32(this.threads, -1)
  readonly tTlbLeft = i32(this.threads)
  readonly tArrivedAt = f64(this.threads)
  /** First of the locks that blame their waiters' time on this thread. */
  readonly tBlame = i32(this.threads, -1)
  /** Bulk lock that the thread holds and is known to hold (−1: none), and the hold time left. */
  readonly tCaught = i32(this.threads, -1)
  readonly tCsLeft = f64(this.threads)
  /**
   * The next step ends at an attempt on one of so many locks of the set, or at an act of a
   * spinner's own (0: it does not).
   */
  readonly tHit = f64(this.threads)
  readonly tLastP = i32(this.threads, -1)
  readonly tLeftBusy = f64(this.threads)
  readonly tHome = i32(this.threads, -1)
  readonly time = f64(this.threads * CLASSES)
  readonly historyClass = new Uint8Array(this.threads * HISTORY)
  readonly historyNs = f64(this.threads * HISTORY)
  readonly historyAt = i32(this.threads)
  /** Keeps a history, since its VM has barriers. */
  readonly tRemembers = new Uint8Array(this.threads)
  readonly tPredecessor = i32(this.threads, -1)
  readonly tFollower = i32(this.threads, -1)
}

/** All arrays of a run at time 0: vCPUs online and halted, threads idle, pCPUs idle. */
export class Arrays extends ThreadArrays {
  /** Kind of a spin lock. */
  readonly lKind = new Uint8Array(this.locks)
  /** A spin lock of user space: the guest preempts its holder and waiters. */
  readonly lUser = new Uint8Array(this.locks)
  readonly lOwner = i32(this.locks, -1)
  /** Whose state decides how waiters are charged: the owner, or the heir on its way. */
  readonly lBlamed = i32(this.locks, -1)
  readonly lNextBlame = i32(this.locks, -1)
  readonly lHead = i32(this.locks, -1)
  readonly lTail = i32(this.locks, -1)
  readonly lWaiters = i32(this.locks)
  /** Threads that were woken for a lock of a set and have not tried again yet. */
  readonly lComing = i32(this.locks)
}
