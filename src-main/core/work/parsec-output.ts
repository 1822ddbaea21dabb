/**
 * Output of PARSEC 3.0: of parsecmgmt, which may have run several benchmarks, or of a benchmark
 * built with hooks and started without it. parsecmgmt ends with "Done." and exit code 0 also when
 * the benchmark failed, so what a run printed has to show that it came to its end.
 */
import { err, ok, type Result } from '../base/result.ts'
import { linesOf } from './lines.ts'
import { TimeReader } from './time-output.ts'

/** One benchmark that ran. Times in ns; null: not printed. */
export interface ParsecRun {
  /** `parsec.streamcluster`; empty where the benchmark was started without parsecmgmt. */
  readonly benchmark: string
  /** The command that parsecmgmt shows; empty likewise. */
  readonly command: string
  /** Region of interest. vips has no hooks; a build without gcc-hooks prints none of any app. */
  readonly roiNs: number | null
  readonly realNs: number | null
  readonly userNs: number | null
  readonly sysNs: number | null
  /** Why its times do not count. */
  readonly problem: string | null
}

/** Runs beyond which an output is refused. */
const RUNS_MAX = 10_000
const TEXT_LENGTH_MAX = 500

/** An output's runs in order, or why there is none: parsecmgmt's own error, say. */
export function parseParsecOutput(text: string): Result<ParsecRun[], string> {
  const reader = new ParsecReader()
  for (const line of linesOf(text)) {
    reader.read(line)
    if (reader.runs.length > RUNS_MAX) return err('the output holds too many runs of PARSEC')
  }
  return reader.finish()
}

interface Draft {
  readonly benchmark: string
  command: string
  readonly times: TimeReader
  readonly rois: number[]
  problem: string | null
  /** Whether hooks and parsecmgmt's frame were seen to begin and to end. */
  hooks: 'none' | 'begun' | 'ended'
  frame: 'none' | 'begun' | 'ended'
}

const RUNNING = /^\[PARSEC\] \[=+ Running benchmark (\S{1,200}) \[\d+\] =+\]$/
const COMMAND = /^\[PARSEC\] Running '(.*)':$/
const FRAME = /^\[PARSEC\] \[-+ +(Beginning|End) of output +-+\]$/
const ERROR = /^\[PARSEC\] Error: (.*)$/
const ROI = /^\[HOOKS\] Total time spent in ROI: (\d{1,9}(?:\.\d{1,9})?)s$/
/** What bash says of a child that a signal ended; `\S*` is parsecmgmt or a script around it. */
const SIGNALLED = new RegExp(
  String.raw`^\S*: line \d+: +\d+ (Aborted|Killed|Terminated|Segmentation fault|Bus error|` +
    String.raw`Illegal instruction|Floating point exception)\b`,
)

class ParsecReader {
  readonly runs: ParsecRun[] = []
  #draft: Draft | null = null
  #error: string | null = null
  /** Between "Benchmarks to run" and "Done." of a parsecmgmt. */
  #isManaged = false

  read(line: string): void {
    // A program that ends its output without a newline puts its last words before the hooks'.
    const hooks = line.indexOf('[HOOKS] ')
    if (hooks >= 0) this.#readHooks(line.slice(hooks))
    else if (line.startsWith('[PARSEC] ')) this.#readManager(line)
    else if (this.#draft === null && !line.startsWith('real')) return
    else this.#readProgram(line)
  }

  finish(): Result<ParsecRun[], string> {
    this.#close()
    const problem = this.#error ?? (this.#isManaged ? 'parsecmgmt did not come to its end' : null)
    const last = this.runs.pop()
    if (last === undefined) return err(problem ?? 'the output holds nothing that PARSEC prints')
    return ok([...this.runs, { ...last, problem: last.problem ?? problem }])
  }

  #readHooks(line: string): void {
    if (line.startsWith('[HOOKS] PARSEC Hooks Version')) this.#beginHooks()
    else if (line === '[HOOKS] Terminating' && this.#draft !== null) this.#draft.hooks = 'ended'
    const [, seconds] = ROI.exec(line) ?? []
    if (seconds !== undefined) this.#open('').rois.push(Math.round(Number(seconds) * 1e9))
  }

  #beginHooks(): void {
    if (this.#draft?.frame === 'none' && this.#draft.hooks !== 'none') this.#close()
    this.#open('').hooks = 'begun'
  }

  #readManager(line: string): void {
    if (line.startsWith('[PARSEC] Benchmarks to run:')) this.#isManaged = true
    if (line === '[PARSEC] Done.') this.#isManaged = false
    const [, benchmark] = RUNNING.exec(line) ?? []
    if (benchmark !== undefined) {
      this.#close()
      this.#open(benchmark)
    }
    const [, command] = COMMAND.exec(line) ?? []
    if (command !== undefined) this.#open('').command = command.slice(0, TEXT_LENGTH_MAX)
    const [, edge] = FRAME.exec(line) ?? []
    if (edge === 'Beginning') this.#open('').frame = 'begun'
    if (edge === 'End') {
      this.#open('').frame = 'ended'
      this.#close()
    }
    const [, message] = ERROR.exec(line) ?? []
    if (message !== undefined) this.#fail(message.slice(0, TEXT_LENGTH_MAX))
  }

  #readProgram(line: string): void {
    const draft = this.#open('')
    draft.times.read(line)
    const [, signal] = SIGNALLED.exec(line) ?? []
    if (signal !== undefined) draft.problem ??= `the program ended by a signal: ${signal}`
  }

  #fail(message: string): void {
    this.#error ??= message
    if (this.#draft !== null) this.#draft.problem ??= message
  }

  #open(benchmark: string): Draft {
    this.#draft ??= {
      benchmark,
      command: '',
      times: new TimeReader(),
      rois: [],
      problem: null,
      hooks: 'none',
      frame: 'none',
    }
    return this.#draft
  }

  #close(): void {
    if (this.#draft !== null && isRun(this.#draft)) this.runs.push(runOf(this.#draft))
    this.#draft = null
  }
}

/** A line that begins with "real" alone does not make a run of PARSEC. */
function isRun(draft: Draft): boolean {
  return draft.benchmark !== '' || draft.hooks !== 'none' || draft.rois.length > 0
}

function runOf(draft: Draft): ParsecRun {
  const { benchmark, command, rois } = draft
  const time = draft.times.programs.at(-1)
  return {
    benchmark,
    command,
    roiNs: rois.at(-1) ?? null,
    realNs: time?.realNs ?? null,
    userNs: time?.userNs ?? null,
    sysNs: time?.sysNs ?? null,
    problem: draft.problem ?? problemOf(draft) ?? time?.problem ?? null,
  }
}

function problemOf({ benchmark, frame, hooks, rois }: Draft): string | undefined {
  if (rois.length > 1) return 'it printed more than one time of its region of interest'
  if (hooks === 'begun') return 'the program did not come to its end'
  if (benchmark !== '' && frame !== 'ended') return 'its output is cut off'
  return undefined
}
