/**
 * What changing a VM takes of a back-end. Small, so that the model host of the tests is the same
 * thing as QEMU's sockets and libvirt.
 */

/** What a guest's program left. */
export type GuestOutput = {
  /** Exit code; null: a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * One VM. Every guest call has a deadline and leaves the channel in step when it misses it; guest
 * calls of one VM follow each other, so one that answers shows that all before it are over.
 */
export type VmPort = {
  readonly name: string
  /** QEMU's process. */
  readonly pid: number
  /** Host threads by vCPU index; null where they cannot be seen. */
  readonly tids: readonly (number | null)[]
  /**
   * Where a vCPU's thread may run, as the kernel has it now; null where it cannot be seen.
   *
   * @throws LabError `not-found` when the VM has ended
   */
  affinity(vcpu: number): number[] | null
  /** @throws LabError when it does not come to that */
  setAffinity(vcpu: number, cpus: readonly number[]): Promise<void>
  /** Guest CPUs that are online. @throws LabError `unavailable` when the guest does not answer */
  online(): Promise<number[]>
  /** Makes these, and no others, online. @throws LabError when it does not come to that in time */
  setOnline(cpus: readonly number[], deadlineMs: number): Promise<void>
  /** Runs a program of the guest, without a shell. */
  exec(argv: readonly string[], stdin: string, deadlineMs: number): Promise<GuestOutput>
}
