/** Co-scheduling: what the schemes that stop and start whole VMs have in common. */
import { setHeld } from '../model/actions.ts'
import type { Machine } from '../model/machine.ts'

/** Co-stops all vCPUs of a VM, or lets all of them go. */
export function holdVm(m: Machine, index: number, held: boolean): void {
  const vm = m.vms[index]!
  for (let i = 0; i < vm.vcpus; i++) setHeld(m, vm.firstV + i, held)
}
