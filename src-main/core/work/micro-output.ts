/**
 * The result of the bundled micro-benchmark (src-main/agent/micro/flexlab-micro.c, docs/micro.md):
 * one line of JSON, which may stand among other lines of a guest's output.
 */
import * as v from 'valibot'
import { MicroResultSchema, type MicroResult } from '../contract/agent/micro.ts'
import { err, ok, type Result } from '../base/result.ts'

/** Lines that begin so are taken for results. */
const PREFIX = '{"version":"flexlab-micro '
/** The longest line that is read, characters: 100,000 windows fit. */
const LINE_LENGTH_MAX = 2_000_000

/** The results in an output, in order; an error names the line. None is an error, too. */
export function parseMicroOutput(text: string): Result<MicroResult[], string> {
  const results: MicroResult[] = []
  for (let at = text.indexOf(PREFIX); at >= 0; at = text.indexOf(PREFIX, at + 1)) {
    if (at > 0 && text.charCodeAt(at - 1) !== 0x0a) continue
    const end = text.indexOf('\n', at)
    const result = parseLine(text.slice(at, end < 0 ? text.length : end))
    if (!result.ok) return result
    results.push(result.value)
  }
  return results.length > 0 ? ok(results) : err('there is no result of flexlab-micro in the output')
}

function parseLine(line: string): Result<MicroResult, string> {
  if (line.length > LINE_LENGTH_MAX) return err('the result of flexlab-micro is too long')
  const value = parseJson(line)
  if (value === undefined) return err('the result of flexlab-micro is cut off or not JSON')
  const parsed = v.safeParse(MicroResultSchema, value)
  if (parsed.success) return ok(parsed.output)
  const [issue] = parsed.issues
  return err(`the result of flexlab-micro: ${v.getDotPath(issue) ?? 'line'}: ${issue.message}`)
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
