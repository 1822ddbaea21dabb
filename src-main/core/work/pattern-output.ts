/**
 * A figure that a user's regular expression finds in a program's output. The engine is RE2's
 * (linear time, no backtracking), and pattern, line and text are bounded as well: a pattern comes
 * from a file and an output from a guest, and neither may stop the agent. See docs/adr/0051.
 */
import { RE2JS, type RE2JS as Compiled } from 're2js'
import { err, ok, type Result } from '../base/result.ts'
import { linesFromEnd } from './lines.ts'

/** Unit of the figure. */
export type PatternUnit = 'ns' | 'us' | 'ms' | 's'

const PATTERN_LENGTH_MAX = 500
/** Instructions of the compiled pattern: `x{1000}` alone has a thousand. */
const PROGRAM_SIZE_MAX = 1000
/** The end of an output that is searched, characters. */
const TEXT_LENGTH_MAX = 1 << 20

const NS_BY_UNIT: Readonly<Record<PatternUnit, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 }
const FIGURE = /^[+]?\d{1,18}(?:[.,]\d{1,18})?(?:[eE][+-]?\d{1,2})?$/

/** A pattern that can be used, or what is wrong with it, for the person who wrote it. */
export function compilePattern(pattern: string): Result<Compiled, string> {
  if (pattern.length > PATTERN_LENGTH_MAX) {
    return err(`a pattern has at most ${PATTERN_LENGTH_MAX} characters`)
  }
  const compiled = tryCompile(pattern)
  if (!compiled.ok) return compiled
  if (!Object.hasOwn(compiled.value.namedGroups(), 'value')) {
    return err('a pattern names its figure: (?<value>…)')
  }
  if (compiled.value.programSize() > PROGRAM_SIZE_MAX) {
    return err('the pattern is too large; does it count its repetitions into the hundreds?')
  }
  return compiled
}

function tryCompile(pattern: string): Result<Compiled, string> {
  try {
    return ok(RE2JS.compile(pattern))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return err(`not a pattern of RE2: ${reason.replace('error parsing regexp: ', '')}`)
  }
}

/** ns that the last line with a match gives, or why there is none. */
export function readPattern(
  pattern: string,
  unit: PatternUnit,
  text: string,
): Result<number, string> {
  const compiled = compilePattern(pattern)
  if (!compiled.ok) return compiled
  for (const line of linesFromEnd(text, TEXT_LENGTH_MAX)) {
    const matcher = compiled.value.matcher(line)
    if (matcher.find()) return toNs(matcher.group('value') ?? '', unit)
  }
  return err(`no line of the output matches ${JSON.stringify(pattern)}`)
}

function toNs(figure: string, unit: PatternUnit): Result<number, string> {
  const text = figure.trim()
  const ns = Number(text.replace(',', '.')) * NS_BY_UNIT[unit]
  if (FIGURE.test(text) && Number.isFinite(ns)) return ok(ns)
  return err(`the pattern found ${JSON.stringify(text.slice(0, 100))}, which is no time`)
}
