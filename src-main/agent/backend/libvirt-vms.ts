/** libvirt's VMs: named, pinned and spoken to through it; threads and pins are read in /proc. */
import { LabError } from '../../core/base/lab-error.ts'
import type { HostFiles } from '../proc/host-files.ts'
import { namedVcpus, tidsByIndex } from '../proc/threads.ts'
import { Guest } from './guest.ts'
import type { QemuProcess } from './qemu-processes.ts'
import type { Domain, Virsh } from './virsh.ts'
import { Vm } from './vm.ts'

/** Finds libvirt's VMs, and keeps their guests' queues between calls. */
export class LibvirtVms {
  readonly #files: HostFiles
  readonly #virsh: Virsh
  readonly #guests = new Map<string, Guest>()

  constructor(files: HostFiles, virsh: Virsh) {
    this.#files = files
    this.#virsh = virsh
  }

  /** All of libvirt's VMs. Those of `processes` that it does not tell of have a problem. */
  async find(processes: readonly QemuProcess[]): Promise<Vm[]> {
    const { domains, problem } = await this.#domains()
    const known = new Set(domains.map(({ name }) => name))
    const unknown = processes.filter(({ name }) => !known.has(name))
    return [
      ...domains.map((domain) => this.#vm(domain, processes)),
      ...unknown.map((process) => this.#unreached(process, problem ?? 'it does not list it')),
    ]
  }

  /** A host without libvirt is none the worse, so why it cannot be asked is no error here. */
  async #domains(): Promise<{ domains: readonly Domain[]; problem: string | null }> {
    try {
      return { domains: await this.#virsh.domains(), problem: null }
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      return { domains: [], problem: error.message }
    }
  }

  #vm(domain: Domain, processes: readonly QemuProcess[]): Vm {
    const { uuid, name, state, memoryBytes } = domain
    const process = processes.find((one) => one.name === name)
    const named = process === undefined ? [] : namedVcpus(this.#files, process.pid)
    const isBlind = state !== 'off' && named.length < domain.vcpus
    const tids = isBlind ? Array<null>(domain.vcpus).fill(null) : tidsByIndex(named)
    const problem = isBlind ? 'the host threads of its vCPUs are not to be seen' : null
    const accel = named[0]?.accel ?? process?.accel ?? 'unknown'
    const pid = process?.pid ?? null
    return new Vm(
      { name, backend: 'libvirt', state, pid, accel, memoryBytes, tids, problem },
      {
        guest: state === 'off' ? null : this.#guest(uuid),
        pin: (vcpu, _tid, cpus) => this.#virsh.pin(uuid, vcpu, cpus),
      },
      this.#files,
    )
  }

  /** Shown with the reason; nothing of it is changed, since libvirt would not know. */
  #unreached(process: QemuProcess, why: string): Vm {
    const { name, pid, memoryBytes } = process
    const named = namedVcpus(this.#files, pid)
    const problem = `libvirt runs it, but cannot be asked: ${why}`
    const tids = tidsByIndex(named)
    const accel = named[0]?.accel ?? process.accel
    const refuse = () => Promise.reject(new LabError('unavailable', problem))
    return new Vm(
      { name, backend: 'libvirt', state: 'running', pid, accel, memoryBytes, tids, problem },
      { guest: new Guest({ call: refuse, close: () => undefined }), pin: refuse },
      this.#files,
    )
  }

  #guest(uuid: string): Guest {
    const guest = this.#guests.get(uuid) ?? new Guest(this.#virsh.guest(uuid))
    this.#guests.set(uuid, guest)
    return guest
  }
}
