/** The VMs of this host, of both back-ends, by their names. */
import * as v from 'valibot'
import { LabError } from '../../core/base/lab-error.ts'
import { VmNameSchema } from '../../core/contract/agent/names.ts'
import type { HostFiles } from '../proc/host-files.ts'
import { LibvirtVms } from './libvirt-vms.ts'
import { findQemuProcesses } from './qemu-processes.ts'
import { QemuVms } from './qemu-vms.ts'
import type { Virsh } from './virsh.ts'
import type { Vm } from './vm.ts'

/** What was found: VMs, and why others are not offered, in words. */
export type Found = { readonly vms: readonly Vm[]; readonly refused: readonly string[] }

/** Finds VMs, and keeps what it has open to them. */
export class Inventory {
  readonly #files: HostFiles
  readonly #libvirt: LibvirtVms
  readonly #qemu: QemuVms

  constructor(files: HostFiles, virsh: Virsh) {
    this.#files = files
    this.#libvirt = new LibvirtVms(files, virsh)
    this.#qemu = new QemuVms(files)
  }

  /**
   * VMs of the host as they are now: all, or those with these names. The others' monitors are left
   * alone, since a host may have hundreds.
   */
  async find(names?: readonly string[]): Promise<Found> {
    const isMeant = ({ name }: { readonly name: string }) => names?.includes(name) ?? true
    const processes = findQemuProcesses(this.#files).filter(isMeant)
    const [libvirt, qemu] = await Promise.all([
      this.#libvirt.find(processes.filter(({ isLibvirt }) => isLibvirt)),
      this.#qemu.find(processes.filter(({ isLibvirt }) => !isLibvirt)),
    ])
    return offerable([...libvirt.filter(isMeant), ...qemu])
  }

  /** The VMs with these names, in their order. @throws LabError `not-found` */
  async named(names: readonly string[]): Promise<Vm[]> {
    const { vms, refused } = await this.find(names)
    const found = names.map((name) => vms.find((vm) => vm.name === name))
    const missing = names.find((_name, i) => found[i] === undefined)
    if (missing === undefined) return found.filter((vm) => vm !== undefined)
    const all = await this.find()
    const hint = `VMs here: ${all.vms.map((vm) => vm.name).join(', ') || 'none'}`
    const why = [hint, ...refused].join('; ')
    throw new LabError('not-found', `no VM ${missing} on this host`, why)
  }

  /** Closes all sockets. */
  close(): void {
    this.#qemu.close()
  }
}

/** A name is how the lab means a VM: it must be one, and only one VM's. */
function offerable(all: readonly Vm[]): Found {
  const problems = all.map((vm) => {
    const name = v.safeParse(VmNameSchema, vm.name)
    if (!name.success) return name.issues[0].message
    const isShared = all.some((other) => other !== vm && other.name === vm.name)
    return isShared ? `another VM is called ${vm.name}, too` : null
  })
  const refused = problems.flatMap((problem, i) => {
    return problem === null ? [] : [`VM of process ${all[i]?.identity.pid ?? '?'}: ${problem}`]
  })
  return { vms: all.filter((_vm, i) => problems[i] === null), refused }
}
