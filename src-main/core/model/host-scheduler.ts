/**
 * Host scheduler: in which order vCPUs get a pCPU. Stock KVM's is CFS (`host-cfs.ts`); a scheme may
 * bring another one, as Xen and later kernels do. Run queues, pins, held vCPUs and all costs are
 * the model's; a host scheduler only decides.
 */
import type { Machine } from './machine.ts'

/**
 * The decisions of one host's scheduler. It keeps its state per vCPU and pCPU itself (CFS in the
 * machine's arrays). A queue is the list `pHead[p]` → `vNext`; held vCPUs stand in it and must not
 * be picked.
 */
export type HostScheduler = {
  /** The pCPU's current vCPU ran for `ranNs`. */
  readonly account: (m: Machine, p: number, v: number, ranNs: number) => void
  /** Who runs next on the pCPU; −1: none. Who ran until now stands at the end of the queue. */
  readonly pick: (m: Machine, p: number) => number
  /** How long the vCPU just picked may run, ns; Infinity: ticks decide. Absent: always so. */
  readonly sliceNs?: (m: Machine, p: number, v: number) => number
  /** Host tick on a busy pCPU: is a new choice due? */
  readonly tick: (m: Machine, p: number) => boolean
  /** A vCPU wakes on the pCPU and is about to be queued: its place in the order. */
  readonly woken: (m: Machine, v: number, p: number) => void
  /** Should the vCPU that has just woken preempt the pCPU's current one? */
  readonly preempts: (m: Machine, v: number, p: number) => boolean
  /** Where a vCPU wakes; must heed `mayUse`. */
  readonly selectPcpu: (m: Machine, v: number) => number
  /** The vCPU goes from one pCPU's queue to another's. */
  readonly moved: (m: Machine, v: number, from: number, to: number) => void
  /** The pCPU is about to idle: pulls work to its queue; true when some came. */
  readonly pullIdle: (m: Machine, p: number) => boolean
  /** Host tick on a busy pCPU: balances load. */
  readonly balance: (m: Machine, p: number) => void
  /** A runnable vCPU halts or goes offline; it still stands on its pCPU. */
  readonly leaves?: (m: Machine, v: number) => void
  /**
   * A vCPU that spins in vain yields; `target` is a preempted sibling, −1: none. Absent: a directed
   * yield to the target through `pSkip` and `pBoost`.
   */
  readonly yields?: (m: Machine, v: number, target: number) => void
}
