/** What the host's scheduler counts of a VM's vCPU threads, by small reads: a loop makes them. */
import { readFileSync } from 'node:fs'
import type { VcpuUse } from './scheme-goals.ts'
import type { VmPort } from './vm-port.ts'

/**
 * Totals since the VM's start, by vCPU: time on a pCPU and time runnable without one
 * (/proc/PID/task/TID/schedstat, ns), and the pCPU where it was last (stat, field 39). Null: the VM
 * has ended. A thread that cannot be seen counts nothing.
 */
export function readVcpuTimes({ pid, tids }: Pick<VmPort, 'pid' | 'tids'>): VcpuUse[] | null {
  try {
    return tids.map((tid) => {
      if (tid === null) return { usedNs: 0, delayNs: 0, pcpu: null }
      const folder = `/proc/${pid}/task/${tid}`
      const [usedNs, delayNs] = readFileSync(`${folder}/schedstat`, 'utf8').split(' ').map(Number)
      const stat = readFileSync(`${folder}/stat`, 'utf8')
      const pcpu = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[36])
      return { usedNs: usedNs ?? 0, delayNs: delayNs ?? 0, pcpu }
    })
  } catch {
    return null
  }
}

/** What was used between two readings; null where either is missing. */
export function usedBetween(
  before: readonly VcpuUse[] | null,
  after: readonly VcpuUse[] | null,
): VcpuUse[] | null {
  if (before === null || after === null) return null
  return after.map(({ usedNs, delayNs, pcpu }, i) => ({
    usedNs: Math.max(0, usedNs - (before[i]?.usedNs ?? 0)),
    delayNs: Math.max(0, delayNs - (before[i]?.delayNs ?? 0)),
    pcpu,
  }))
}
