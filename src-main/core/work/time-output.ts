/**
 * What `time` prints about a program: bash's keyword, POSIX `time -p`, GNU time (`-v` or its own
 * default line) and busybox's. It stands at the end of, or within, the program's own output.
 */
import { err, ok, type Result } from '../base/result.ts'
import { readDuration } from './duration.ts'
import { linesOf } from './lines.ts'

/** Times of one program, ns; what the dialect does not print is null. */
export interface TimedProgram {
  readonly realNs: number
  readonly userNs: number | null
  readonly sysNs: number | null
  /** Of the program and its children; `-v` only. */
  readonly voluntary: number | null
  readonly involuntary: number | null
  /** Why its time does not count: it failed or was killed. */
  readonly problem: string | null
}

/** Timed programs beyond which an output is refused. */
const PROGRAMS_MAX = 10_000

/** Each of an output's timed programs in order, or why there is none. */
export function parseTimeOutput(text: string): Result<TimedProgram[], string> {
  const reader = new TimeReader()
  for (const line of linesOf(text)) {
    reader.read(line)
    if (reader.programs.length > PROGRAMS_MAX) return err('the output holds too many times')
  }
  return reader.programs.length > 0 ? ok(reader.programs) : err('the output holds no line of time')
}

type Draft = { -readonly [K in keyof TimedProgram]: TimedProgram[K] }

const FAILED = /^Command (exited with non-zero status \d+|terminated by signal \d+|stopped by .*)$/
const SHORT = /^(real|user|sys)[ \t]+(.+)$/
const GNU_DEFAULT = /^(\d+\.\d+)user (\d+\.\d+)system ([\d:.]+)elapsed /
const ELAPSED = 'Elapsed (wall clock) time (h:mm:ss or m:ss): '
const VERBOSE = /^\t(User time|System time|(?:V|Inv)oluntary context switches)[^:]*: ([\d.]+)$/

/** Puts the programs of an output together, line by line; lines of others are skipped. */
export class TimeReader {
  readonly programs: TimedProgram[] = []
  #draft: Draft | null = null
  #verbose: Partial<Draft> = {}
  #problem: string | null = null

  read(line: string): void {
    if (FAILED.test(line)) this.#problem = line
    else if (line.charCodeAt(0) === 0x09) this.#readVerbose(line)
    else this.#readShort(line)
  }

  #add(realNs: number, more: Partial<Draft> = {}): void {
    const nothing = { userNs: null, sysNs: null, voluntary: null, involuntary: null }
    this.#draft = { ...nothing, ...more, realNs, problem: this.#problem }
    this.#problem = null
    this.programs.push(this.#draft)
  }

  #readShort(line: string): void {
    const gnu = GNU_DEFAULT.exec(line)
    if (gnu !== null) {
      const [userNs, sysNs, realNs] = gnu.slice(1).map((part) => readDuration(part))
      if (realNs !== undefined) this.#add(realNs, { userNs: userNs!, sysNs: sysNs! })
      return
    }
    const [, key, value = ''] = SHORT.exec(line) ?? []
    const ns = key === undefined ? undefined : readDuration(value)
    if (ns === undefined) return
    if (key === 'real') this.#add(ns)
    else if (this.#draft !== null) this.#draft[key === 'user' ? 'userNs' : 'sysNs'] = ns
  }

  /** `-v` prints user and system time before, the switches after the elapsed time. */
  #readVerbose(line: string): void {
    const at = line.indexOf(ELAPSED)
    if (at >= 0) {
      const realNs = readDuration(line.slice(at + ELAPSED.length))
      if (realNs !== undefined) this.#add(realNs, this.#verbose)
      this.#verbose = {}
      return
    }
    const [, key = '', value = ''] = VERBOSE.exec(line) ?? []
    if (key === 'User time') this.#verbose.userNs = readDuration(value) ?? null
    else if (key === 'System time') this.#verbose.sysNs = readDuration(value) ?? null
    else if (this.#draft === null) return
    else if (key.startsWith('V')) this.#draft.voluntary = Number(value)
    else if (key.startsWith('I')) this.#draft.involuntary = Number(value)
  }
}
