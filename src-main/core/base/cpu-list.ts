/**
 * CPU lists as Linux writes them, `0-3,8`: in /proc/PID/status, cpusets, taskset and virsh. In
 * the lab they are arrays of CPU numbers, ascending, each once.
 */
import { err, ok } from './result.ts'
import type { Result } from './result.ts'

const CPU_MAX = 8191

/** `0-3,8` for [0, 1, 2, 3, 8]; empty for none. */
export function formatCpus(cpus: readonly number[]): string {
  const ranges: string[] = []
  for (let i = 0; i < cpus.length;) {
    let last = i
    while (cpus[last + 1] === cpus[last]! + 1) last++
    ranges.push(last === i ? `${cpus[i]}` : `${cpus[i]}-${cpus[last]}`)
    i = last + 1
  }
  return ranges.join(',')
}

/** CPUs of a list; blanks around it do not count, an empty one has none. */
export function parseCpus(text: string): Result<number[], string> {
  const trimmed = text.trim()
  if (trimmed === '') return ok([])
  const cpus = new Set<number>()
  for (const part of trimmed.split(',')) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part)
    const first = Number(match?.[1])
    const last = Number(match?.[2] ?? match?.[1])
    if (match === null || first > last || last > CPU_MAX) {
      return err(`“${trimmed.slice(0, 100)}” is not a list of CPUs`)
    }
    for (let cpu = first; cpu <= last; cpu++) cpus.add(cpu)
  }
  return ok([...cpus].sort((a, b) => a - b))
}
