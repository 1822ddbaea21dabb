/** The host and its VMs for the changes: the agent's back-ends behind the ports they ask for. */
import { LabError } from '../../core/base/lab-error.ts'
import type { VmFacts } from '../../core/contract/agent/facts.ts'
import { runInGuest } from '../backend/guest-exec.ts'
import type { Inventory } from '../backend/inventory.ts'
import type { Vm } from '../backend/vm.ts'
import { readPcpus } from '../facts/topology.ts'
import { readVmFacts } from '../facts/vm-facts.ts'
import type { HostFiles } from '../proc/host-files.ts'
import { allowedCpus } from '../proc/threads.ts'
import type { HostAccess } from './host-changes.ts'
import type { VmPort } from './vm-port.ts'

/** Reaches them through an inventory. */
export function hostAccess(files: HostFiles, inventory: Inventory): HostAccess {
  return {
    host: () => {
      const pcpus = readPcpus(files)
      const allowed = allowedCpus(files.text('proc/self/status'))
      return { pcpus, allowedCpus: allowed ?? pcpus.map(({ id }) => id) }
    },
    vms: async (names) => {
      const vms = await inventory.named(names)
      return await Promise.all(
        vms.map(async (vm): Promise<{ facts: VmFacts; port: VmPort | null }> => {
          return { facts: await readVmFacts(files, vm), port: portOf(vm) }
        }),
      )
    },
    openVms: async (names) => {
      const { vms } = await inventory.find(names)
      const ports = vms.flatMap((vm) => portOf(vm) ?? [])
      return new Map(ports.map((port) => [port.name, port]))
    },
  }
}

/** A VM as the changes see it; null: it has no process. */
function portOf(vm: Vm): VmPort | null {
  const { name, pid, tids } = vm.identity
  if (pid === null) return null
  return {
    name,
    pid,
    tids,
    affinity: (vcpu) => ((tids[vcpu] ?? null) === null ? null : vm.affinity(vcpu)),
    setAffinity: (vcpu, cpus) => vm.setAffinity(vcpu, cpus),
    online: () => vm.guest.online(),
    setOnline: async (cpus, deadlineMs) => {
      await vm.guest.setOnline(cpus, deadlineMs)
    },
    exec: async (argv, stdin, deadlineMs) => {
      const exit = await runInGuest(vm.guest, { argv, stdin }, deadlineMs)
      if (exit.isCut) throw new LabError('budget', `${name}: ${argv[0] ?? ''} printed too much`)
      const [stdout, stderr] = [exit.stdout.toString(), exit.stderr.toString()]
      return { code: exit.code, stdout, stderr }
    },
  }
}
