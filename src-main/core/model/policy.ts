/** Policy: what a scheme may decide. Absent members mean stock KVM on CFS. */
import type { Machine } from './machine.ts'

/** A scheme at work. The functions get the machine; they act through `actions.ts`. */
export type Policy = {
  /** Once, before the first event: pins, initial vCPU counts, first timers. */
  readonly start?: (m: Machine) => void
  /** The scheme's timer `k` fired. */
  readonly timer?: (m: Machine, k: number) => void
  /** A resize of the VM took effect. */
  readonly resized?: (m: Machine, vm: number) => void
  /** May the vCPU be queued on the pCPU? Asked at wake-up and by load balancing. */
  readonly allows?: (m: Machine, v: number, p: number) => boolean
  /** The VM started, or finished for good. */
  readonly vmChanged?: (m: Machine, vm: number) => void
}
