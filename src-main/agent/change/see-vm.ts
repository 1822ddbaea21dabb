/** A VM as it is, read for a plan and kept as what is put back. */
import type { GuestCpusets, VmSnapshot } from '../../core/contract/agent/change.ts'
import { LabError } from '../../core/base/lab-error.ts'
import { Confinement } from './confinement.ts'
import { processId } from './processes.ts'
import type { VmPort } from './vm-port.ts'

/** A VM's state, and why parts of it could not be read. */
export type SeenVm = {
  readonly snapshot: VmSnapshot
  readonly guestProblem: string | null
  readonly cpusetProblem: string | null
}

/** Deadlines of guest calls, ms. */
export type Deadlines = { readonly readMs: number; readonly changeMs: number }

/** What the bed's guests need at most under load, with room; measured in agent.md. */
export const DEADLINES: Deadlines = { readMs: 5000, changeMs: 20_000 }

/**
 * Reads a VM. Its guest only where `guest` says so, cpusets only where it may run programs.
 *
 * @throws LabError when the host's part cannot be read: the VM is gone, say
 */
export async function seeVm(
  vm: VmPort,
  asks: { readonly guest: boolean; readonly cpusets: boolean },
  deadlines: Deadlines = DEADLINES,
): Promise<SeenVm> {
  const affinity = vm.tids.map((_, vcpu) => vm.affinity(vcpu) ?? [])
  const state = { name: vm.name, process: processId(vm.pid), affinity }
  const none = { snapshot: { ...state, online: null, cpusets: null }, cpusetProblem: null }
  if (!asks.guest) return { ...none, guestProblem: null }
  try {
    const online = await vm.online()
    const { cpusets, problem } = asks.cpusets
      ? await readCpusets(vm, deadlines)
      : { cpusets: null, problem: 'its guest agent does not allow guest-exec' }
    return {
      snapshot: { ...state, online, cpusets },
      guestProblem: null,
      cpusetProblem: problem,
    }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    return { ...none, guestProblem: error.message }
  }
}

async function readCpusets(
  vm: VmPort,
  { readMs }: Deadlines,
): Promise<{ cpusets: GuestCpusets | null; problem: string | null }> {
  const cpusets = await new Confinement(vm, readMs).read()
  return cpusets.ok
    ? { cpusets: cpusets.value, problem: null }
    : { cpusets: null, problem: cpusets.error }
}
