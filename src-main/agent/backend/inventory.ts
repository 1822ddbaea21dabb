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

  /** All VMs of the host as they are now. */
  async find(): Promise<Found> {
    const processes = findQemuProcesses(this.#files)
    const [libvirt, qemu] = await Promise.all([
      this.#libvirt.find(processes.filter(({ isLibvirt }) => isLibvirt)),
      this.#qemu.find(processes.filter(({ isLibvirt }) => !isLibvirt)),
    ])
    return offerable([...libvirt, ...qemu])
  }

  /** The VMs with these names, in their order. @throws LabError `not-found` */
  async named(names: readonly string[]): Promise<Vm[]> {
    const { vms, refused } = await this.find()
    return names.map((name) => {
      const vm = vms.find((one) => one.name === name)
      if (vm !== undefined) return vm
      const others = vms.map((one) => one.name).join(', ')
      const hint = [`VMs here: ${others || 'none'}`, ...refused].join('; ')
      throw new LabError('not-found', `no VM ${name} on this host`, hint)
    })
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
