/** Who used the host's CPUs during a run: the VMs, the agent, and everybody else. */
import type { Vm } from '../backend/vm.ts'
import type { HostFiles } from '../proc/host-files.ts'
import { agentCpuNs, parseBusyNs } from '../sample/busy-time.ts'

/** USER_HZ, as in sample/busy-time.ts. */
const TICK_NS = 1e7

/** CPU time used so far, ns; `vmsNs` is null where a process is hidden. */
export type CpuUse = {
  readonly hostNs: number
  readonly vmsNs: number | null
  readonly agentNs: number
}

/** CPU time used until now. QEMU's whole process counts for its VM, not only the vCPUs. */
export function cpuUse(files: HostFiles, vms: readonly Vm[]): CpuUse {
  const used = vms.map(({ identity }) => processCpuNs(files, identity.pid))
  const busy = parseBusyNs(files.text('proc/stat') ?? '')
  return {
    hostNs: busy.reduce((sum, ns) => sum + ns, 0),
    vmsNs: used.includes(null) ? null : used.reduce<number>((sum, ns) => sum + (ns ?? 0), 0),
    agentNs: agentCpuNs(files),
  }
}

/** What the agent used, and what went to neither it nor the VMs, between two looks, ns. */
export function cpuUseBetween(before: CpuUse, after: CpuUse) {
  const usedByAgentNs = after.agentNs - before.agentNs
  const { vmsNs: from } = before
  const { vmsNs: to } = after
  if (from === null || to === null) return { agentCpuNs: usedByAgentNs, foreignCpuNs: null }
  const foreignNs = after.hostNs - before.hostNs - (to - from) - usedByAgentNs
  // Ticks of processes and of CPUs are counted apart, so the difference can be a little below 0.
  return { agentCpuNs: usedByAgentNs, foreignCpuNs: Math.max(0, foreignNs) }
}

/** utime and stime, fields 14 and 15 of proc(5), over all threads; null when it is hidden. */
function processCpuNs(files: HostFiles, pid: number | null): number | null {
  const stat = files.text(`proc/${String(pid)}/stat`)
  if (stat === null) return null
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return Number.isSafeInteger(ticks) ? ticks * TICK_NS : null
}
