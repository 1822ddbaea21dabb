/** What KVM counts of a VM in debugfs (/sys/kernel/debug/kvm/PID-FD): for root, not under TCG. */
import type { VmIdentity } from '../backend/vm.ts'
import type { NotObservable } from '../../core/contract/agent/names.ts'
import type { HostFiles } from '../proc/host-files.ts'

const FOLDER = 'sys/kernel/debug/kvm'

/** Files of arch/x86/kvm/x86.c and virt/kvm by the names that the counters have in results. */
const FILES = {
  exits: 'exits',
  haltExits: 'halt_exits',
  haltWakeups: 'halt_wakeup',
  directedYields: 'directed_yield_attempted',
} as const

const PLE_REASON =
  'KVM counts exits by PAUSE in tracepoints only; directedYields is what follows from them'

/** Counters since the VM's start, and why others cannot be had. */
export type Observed = {
  readonly counters: Readonly<Record<string, number>>
  readonly notObservable: NotObservable
}

/** KVM's counters of a VM. */
export function kvmCounters(files: HostFiles, vm: VmIdentity): Observed {
  const why = whyNot(files, vm)
  const keys = Object.keys(FILES) as (keyof typeof FILES)[]
  const counters: Record<string, number> = {}
  const notObservable: Record<string, string> = { pleExits: why ?? PLE_REASON }
  const folder = why === null ? folderOf(files, vm) : undefined
  for (const key of keys) {
    const count = folder === undefined ? null : files.number(`${FOLDER}/${folder}/${FILES[key]}`)
    if (count !== null) counters[key] = count
    else notObservable[key] = why ?? `this kernel has no ${FILES[key]} in KVM's debugfs`
  }
  return { counters, notObservable }
}

function whyNot(files: HostFiles, vm: VmIdentity): string | null {
  if (vm.accel === 'tcg') return 'the VM is emulated (TCG): there is no KVM to count'
  if (folderOf(files, vm) !== undefined) return null
  return 'debugfs of KVM is not mounted, or not readable for this user'
}

function folderOf(files: HostFiles, vm: VmIdentity): string | undefined {
  return files.names(FOLDER).find((name) => name.startsWith(`${String(vm.pid)}-`))
}
