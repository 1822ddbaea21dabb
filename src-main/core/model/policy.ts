/** Policy: what a scheme may decide. Absent members mean stock KVM on CFS. */
import type { HostScheduler } from './host-scheduler.ts'
import type { Machine } from './machine.ts'

/** A scheme at work. The functions get the machine; they act through `actions.ts`. */
export type Policy = {
  /** In which order vCPUs get a pCPU; absent: CFS. */
  readonly host?: HostScheduler
  /** Once, before the first event: pins, initial vCPU counts, first timers. */
  readonly start?: (m: Machine) => void
  /** The scheme's timer `k` fired. */
  readonly timer?: (m: Machine, k: number) => void
  /** A resize of the VM took effect. */
  readonly resized?: (m: Machine, vm: number) => void
  /** May the vCPU be queued on the pCPU? Asked at wake-up and by load balancing. */
  readonly allows?: (m: Machine, v: number, p: number) => boolean
  /** The VM started, finished for good, or departed. */
  readonly vmChanged?: (m: Machine, vm: number) => void
  /**
   * The pCPU's current vCPU could be preempted now: for how long that is put off, ns (0: not).
   * Asked again when the time is over or something else asks for a choice.
   */
  readonly defersNs?: (m: Machine, p: number, v: number) => number
  /** The thread has left a section that the guest does not preempt: a kernel lock, a shootdown. */
  readonly sectionLeft?: (m: Machine, t: number) => void
  /** A vCPU sent an IPI to a sibling: a wake-up, a reschedule or a TLB shootdown. */
  readonly ipiSent?: (m: Machine, from: number, to: number) => void
  /** A thread's wait for a kernel spin lock or a shootdown, spinning with PAUSE, is over. */
  readonly spinEnded?: (m: Machine, t: number, waitedNs: number) => void
}
