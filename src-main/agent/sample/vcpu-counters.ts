/** The counters of one vCPU's host thread, from its files in /proc (Linux: fs/proc/array.c). */
import type { HostFiles } from '../proc/host-files.ts'
import { ProcReader } from './proc-reader.ts'

/** Totals since the thread's start. */
export type VcpuCounters = {
  readonly runNs: number
  readonly runDelayNs: number
  readonly voluntary: number
  readonly involuntary: number
  /** The CPU it was on last. */
  readonly pcpu: number | null
}

/** Reads one thread's counters. */
export class VcpuReader {
  readonly #files: readonly ProcReader[]

  /** @throws Error when the thread has ended */
  constructor(files: HostFiles, { pid, tid }: { readonly pid: number; readonly tid: number }) {
    const folder = `proc/${pid}/task/${tid}`
    this.#files = ['schedstat', 'status', 'stat'].map(
      (name) => new ProcReader(files, `${folder}/${name}`),
    )
  }

  /** @throws Error when the thread has ended */
  read(): VcpuCounters {
    const [schedstat = '', status = '', stat = ''] = this.#files.map((file) => file.read())
    return { ...parseSchedstat(schedstat), ...parseSwitches(status), pcpu: parseLastCpu(stat) }
  }

  close(): void {
    for (const file of this.#files) file.close()
  }
}

/** `run delay slices`, ns. @throws Error when it is not that: a kernel without schedstats */
export function parseSchedstat(text: string): { runNs: number; runDelayNs: number } {
  const match = /^(\d+) (\d+) \d+\s*$/.exec(text)
  if (match === null) throw new Error(`schedstat reads “${text.slice(0, 50)}”`)
  return { runNs: Number(match[1]), runDelayNs: Number(match[2]) }
}

/** Switches of a thread's `status`. */
export function parseSwitches(text: string): { voluntary: number; involuntary: number } {
  const count = (name: string) => {
    // From the end: these are its last lines, and it has some 60.
    const at = text.lastIndexOf(`\n${name}_ctxt_switches:`)
    return at === -1 ? 0 : parseInt(text.slice(text.indexOf(':', at) + 1), 10)
  }
  return { voluntary: count('voluntary'), involuntary: count('nonvoluntary') }
}

/** Field 39 of `stat`; the name before may hold blanks and brackets, so it counts from its end. */
export function parseLastCpu(text: string): number | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const cpu = Number(fields[36] ?? NaN)
  return Number.isSafeInteger(cpu) && cpu >= 0 ? cpu : null
}
