/**
 * A VM as the agent acts on it: the same for bare QEMU and libvirt. Every change is read back from
 * the kernel or the guest before it is believed.
 */
import { LabError } from '../../core/base/lab-error.ts'
import { formatCpus } from '../../core/base/cpu-list.ts'
import type { HostFiles } from '../proc/host-files.ts'
import { threadAffinity } from '../proc/threads.ts'
import type { Guest } from './guest.ts'

/** What is known of a VM when it is found. */
export type VmIdentity = {
  readonly name: string
  readonly backend: 'qemu' | 'libvirt'
  readonly state: 'running' | 'paused' | 'off'
  /** QEMU's process; null when it is off. */
  readonly pid: number | null
  readonly accel: 'kvm' | 'tcg' | 'unknown'
  readonly memoryBytes: number | null
  /** Host threads by vCPU index; null where neither monitor nor thread names tell. */
  readonly tids: readonly (number | null)[]
  /** What of it could not be seen, in words. */
  readonly problem: string | null
}

/** How a back-end acts on a VM. */
export type VmControls = {
  /** Null: it has no channel for a guest agent, or none that we may use. */
  readonly guest: Guest | null
  /** Asks for an affinity; whether it came is read back by Vm. */
  pin(vcpu: number, tid: number, cpus: readonly number[]): Promise<void>
}

/** One VM of the host, as it was found. */
export class Vm {
  readonly identity: VmIdentity
  readonly #controls: VmControls
  readonly #files: HostFiles

  constructor(identity: VmIdentity, controls: VmControls, files: HostFiles) {
    this.identity = identity
    this.#controls = controls
    this.#files = files
  }

  get name(): string {
    return this.identity.name
  }

  /** How many vCPUs it has, online or not. */
  get vcpuCount(): number {
    return this.identity.tids.length
  }

  /** Its guest agent. @throws LabError `unavailable` when it has none */
  get guest(): Guest {
    if (this.#controls.guest !== null) return this.#controls.guest
    const hint = 'give it a virtio-serial port named org.qemu.guest_agent.0'
    throw new LabError('unavailable', `${this.name} has no guest agent`, hint)
  }

  /** A vCPU's host thread. @throws LabError `unavailable` when it is unknown or gone */
  thread(vcpu: number): { readonly pid: number; readonly tid: number } {
    const { pid, tids } = this.identity
    const tid = tids[vcpu] ?? null
    if (pid !== null && tid !== null) return { pid, tid }
    throw new LabError('unavailable', `${this.name}: the host thread of vCPU ${vcpu} is unknown`)
  }

  /** CPUs of the host that a vCPU may run on. @throws LabError `not-found` when it has ended */
  affinity(vcpu: number): number[] {
    const { pid, tid } = this.thread(vcpu)
    const cpus = threadAffinity(this.#files, pid, tid)
    if (cpus === null) throw new LabError('not-found', `${this.name} has ended`)
    return cpus
  }

  /** Lets a vCPU run on these CPUs only. @throws LabError when it does not come to that */
  async setAffinity(vcpu: number, cpus: readonly number[]): Promise<void> {
    const { tid } = this.thread(vcpu)
    const wanted = formatCpus(cpus)
    if (formatCpus(this.affinity(vcpu)) === wanted) return
    await this.#controls.pin(vcpu, tid, cpus)
    const found = formatCpus(this.affinity(vcpu))
    if (found === wanted) return
    const what = `${this.name}: vCPU ${vcpu} was to run on CPUs ${wanted}, but may on ${found}`
    throw new LabError('unavailable', what, 'a cgroup of the host may confine it')
  }
}
