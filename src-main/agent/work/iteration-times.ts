/** Times of iterations: from what the program printed in each, by the format that was asked for. */
import { LabError } from '../../core/base/lab-error.ts'
import { err, ok, type Result } from '../../core/base/result.ts'
import type { Program } from '../../core/contract/agent/program.ts'
import { parseMicroOutput } from '../../core/work/micro-output.ts'
import { readTimeNs } from '../../core/work/read-time.ts'
import type { LaunchedIteration } from './launch-report.ts'
import type { Launched } from './launch.ts'

const TAIL_CHARACTERS = 4000

/** ns of an iteration. @throws LabError when it failed, or its output holds no time */
export function timeOf(
  vm: string,
  program: Program,
  launched: Launched,
  one: LaunchedIteration,
): number {
  const output = outputOf(launched, one)
  const failure = failureOf(one)
  const time = failure === null ? readTime(program, one, output) : err(failure)
  if (time.ok) return time.value
  const tail = printable(output).trimEnd().slice(-500)
  throw new LabError('conflict', `${vm}: ${time.error}`, `the end of its output: ${tail}`)
}

/** The end of all that a program printed, for people: control characters replaced. */
export function tailOf({ output }: Launched): string {
  return printable(output.subarray(-TAIL_CHARACTERS).toString())
}

/** Why an iteration does not count; null when it ended well. */
export function failureOf({ exit, signal }: LaunchedIteration): string | null {
  if (signal > 0) return `the program was ended by signal ${signal}`
  return exit === 0 ? null : `the program ended with exit code ${exit}`
}

/** What an iteration printed. */
export function outputOf({ output }: Launched, { outAt, outBytes }: LaunchedIteration): string {
  return output.subarray(outAt, outAt + outBytes).toString()
}

function readTime(
  program: Program,
  { elapsedNs, isCut }: LaunchedIteration,
  output: string,
): Result<number, string> {
  if (program.kind === 'command' && program.output.kind === 'elapsed') return ok(elapsedNs)
  // Of a sum of times, the first part may be what was cut away; a pattern wants the last line.
  const isSum = program.kind === 'micro' || program.output.kind !== 'pattern'
  if (isCut && isSum) return err('the program printed so much that its times may be lost')
  if (program.kind === 'command') return readTimeNs(program.output as never, output)
  const results = parseMicroOutput(output)
  return results.ok ? ok(results.value.reduce((sum, one) => sum + one.elapsedNs, 0)) : results
}

function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, '\uFFFD')
}
