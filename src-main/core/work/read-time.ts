/** The time of one iteration, from what the program printed in it and the format asked for. */
import type { OutputFormat } from '../contract/agent/program.ts'
import { err, ok, type Result } from '../base/result.ts'
import { parseParsecOutput, type ParsecRun } from './parsec-output.ts'
import { readPattern } from './pattern-output.ts'
import { parseTimeOutput, type TimedProgram } from './time-output.ts'

/** The formats that are read from the output; `elapsed` needs none. */
export type PrintedFormat = Exclude<OutputFormat, { kind: 'elapsed' }>

/**
 * ns of one iteration. Where the output holds several runs or timed programs, an iteration is all
 * of them, and one that failed makes it fail; a pattern takes the last line with a match.
 */
export function readTimeNs(format: PrintedFormat, text: string): Result<number, string> {
  if (format.kind === 'pattern') return readPattern(format.pattern, format.unit, text)
  if (format.kind === 'time') return timedNs(text)
  return parsecNs(format.measure, text)
}

function timedNs(text: string): Result<number, string> {
  const programs = parseTimeOutput(text)
  if (!programs.ok) return programs
  return sum(programs.value, ({ realNs, problem }: TimedProgram) =>
    problem === null ? ok(realNs) : err(problem),
  )
}

function parsecNs(measure: 'roi' | 'real', text: string): Result<number, string> {
  const runs = parseParsecOutput(text)
  if (!runs.ok) return err(`PARSEC: ${runs.error}`)
  return sum(runs.value, (run) => runNs(measure, run))
}

function runNs(measure: 'roi' | 'real', run: ParsecRun): Result<number, string> {
  const name = run.benchmark === '' ? 'PARSEC' : run.benchmark
  if (run.problem !== null) return err(`${name}: ${run.problem}`)
  const ns = measure === 'roi' ? run.roiNs : run.realNs
  if (ns !== null) return ok(ns)
  return err(
    measure === 'roi'
      ? `${name} printed no region of interest (vips has none, nor a build without gcc-hooks): ` +
          'measure "real"'
      : `${name} printed no real time: is it started with time?`,
  )
}

function sum<T>(parts: readonly T[], ns: (part: T) => Result<number, string>) {
  let total = 0
  for (const part of parts) {
    const one = ns(part)
    if (!one.ok) return one
    total += one.value
  }
  return ok(total)
}
