/** How busy the host's CPUs were, and the agent itself. */
import type { HostFiles } from '../proc/host-files.ts'

/** USER_HZ: what /proc/stat counts in, the same on every Linux that Node runs on. */
const TICK_NS = 1e7

/** Busy ns of each CPU since boot by /proc/stat: all but idle and I/O wait. */
export function parseBusyNs(text: string): number[] {
  const busy: number[] = []
  for (const line of text.split('\n')) {
    const match = /^cpu\d+ (.*)$/.exec(line)
    if (match === null) {
      if (busy.length > 0) break
      continue
    }
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (match[1] ?? '')
      .split(' ')
      .map(Number)
    busy.push((user + nice + system + irq + softirq + steal) * TICK_NS)
  }
  return busy
}

/** CPU time of the agent and of the children it has waited for, ns. Children count in ticks. */
export function agentCpuNs(files: HostFiles): number {
  const { user, system } = process.cpuUsage()
  const stat = files.text('proc/self/stat') ?? ''
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // cutime and cstime: fields 16 and 17 of proc(5).
  const childTicks = Number(fields[13] ?? 0) + Number(fields[14] ?? 0)
  return (user + system) * 1000 + childTicks * TICK_NS
}
