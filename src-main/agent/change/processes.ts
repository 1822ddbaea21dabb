/** Processes by what no other one has: number and start, since numbers are used again. */
import { readFileSync } from 'node:fs'
import { LabError } from '../../core/base/lab-error.ts'
import type { ProcessId } from './journal-format.ts'

/** When a process started, in ticks since boot (proc(5), stat field 22); null: it has ended. */
function findStartTicks(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // One that only waits to be reaped does nothing any more.
    if (fields[0] === 'Z' || fields[0] === 'X') return null
    const ticks = Number(fields[19])
    return Number.isSafeInteger(ticks) ? ticks : null
  } catch {
    return null
  }
}

/** A process that is there. @throws LabError `not-found` when there is none of that number */
export function processId(pid: number): ProcessId {
  const startTicks = findStartTicks(pid)
  if (startTicks !== null) return { pid, startTicks }
  throw new LabError('not-found', `there is no process ${pid} any more`)
}

/** Whether this very process is still there. */
export const isAlive = ({ pid, startTicks }: ProcessId): boolean =>
  findStartTicks(pid) === startTicks

/** Ends this very process at once, also a frozen one; harmless when it is gone. */
export function killProcess(id: ProcessId): void {
  if (!isAlive(id)) return
  try {
    process.kill(id.pid, 'SIGKILL')
  } catch {
    // it ended between the look and the signal
  }
}

/** The host's boot, as the kernel names it. */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
