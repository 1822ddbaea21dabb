// What /proc says about processes, as far as the bed's cleaning up needs it.
import { readdirSync, readFileSync } from 'node:fs'

/** A process that cannot be mistaken for a later one with the same id. */
export interface ProcessKey {
  readonly pid: number
  /** Clock ticks from the machine's boot to the process's start (proc(5), stat field 22). */
  readonly startTicks: number
}

interface ProcessStat extends ProcessKey {
  readonly parent: number
  readonly isDead: boolean
}

/** The key of a process; undefined when it has ended. */
export function processKey(pid: number): ProcessKey | undefined {
  const stat = processStat(pid)
  return stat === undefined || stat.isDead ? undefined : { pid, startTicks: stat.startTicks }
}

/** Whether the process still runs. A zombie does not. */
export function isRunning({ pid, startTicks }: ProcessKey): boolean {
  return processKey(pid)?.startTicks === startTicks
}

/** The processes and their children's children, parents before children. */
export function withDescendants(roots: readonly ProcessKey[]): ProcessKey[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processStat(Number(name)) ?? [])
  const found = [...roots]
  for (const { pid } of found) {
    for (const child of all) {
      if (child.parent === pid && !found.some((one) => one.pid === child.pid)) found.push(child)
    }
  }
  return found
}

function processStat(pid: number): ProcessStat | undefined {
  const text = readOrEmpty(`/proc/${pid}/stat`)
  // The name is in parentheses and may hold anything, so fields count from the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  if (fields.length < 20) return undefined
  const [state = '', parent = ''] = fields
  const [threads, startTicks] = [Number(fields[17]), Number(fields[19])]
  // The first thread of a killed process is a zombie while the others still end.
  const isDead = (state === 'Z' && threads <= 1) || state === 'X'
  return { pid, parent: Number(parent), startTicks, isDead }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // The process has ended between the listing and the reading.
    return ''
  }
}
