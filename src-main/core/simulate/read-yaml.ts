/** read-yaml: the text of a scenario or campaign file as a value: YAML 1.2, JSON included. */
import { LineCounter, parseDocument } from 'yaml'
import type { YAMLError } from 'yaml'
import { err, ok } from '../base/result.ts'
import type { Issue, Result } from '../base/result.ts'

/** Longest file that is read, in characters. */
export const FILE_LENGTH_MAX = 1_000_000

const SYNTAX_ERRORS_SHOWN = 3
const TOO_DEEP = 'is nested too deeply'
const NOT_A_MAP = 'must be a map of keys, e.g. "kind: scenario"'

const refuse = (message: string, hint = ''): Result<never, readonly Issue[]> =>
  err([{ path: '', message, hint }])

const HINTS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'a key stands once in a map',
  TAB_AS_INDENT: 'YAML is indented with spaces',
  BAD_INDENT: 'entries of one map or list start in the same column',
  MULTIPLE_DOCS: 'one file holds one scenario or campaign',
}

function syntaxIssue(error: YAMLError, lines: LineCounter): Issue {
  const { line, col } = lines.linePos(error.pos[0])
  const where = `line ${line}:${col}`
  const message = error.message.split('\n')[0] ?? ''
  if (error.code === 'MULTIPLE_DOCS') {
    return { path: where, message: 'a second document starts', hint: HINTS['MULTIPLE_DOCS'] ?? '' }
  }
  if (message.endsWith('at node end')) {
    return { path: where, message, hint: 'in braces, a text with [ ] or * needs quotes' }
  }
  const open = /must .* end with a (.)$/.exec(message)?.[1]
  const hint = open === undefined ? (HINTS[error.code] ?? '') : `is a closing ${open} missing?`
  return { path: where, message, hint }
}

/** The first errors: the later ones mostly follow from them. Too deep nesting is one error. */
function syntaxIssues(
  errors: readonly YAMLError[],
  lines: LineCounter,
): Result<never, readonly Issue[]> {
  const tooDeep = errors.some((error) => error.message.startsWith('Maximum call stack'))
  if (tooDeep) return refuse(TOO_DEEP)
  return err(errors.slice(0, SYNTAX_ERRORS_SHOWN).map((error) => syntaxIssue(error, lines)))
}

function isCircular(value: unknown): boolean {
  try {
    JSON.stringify(value)
    return false
  } catch (error) {
    if (error instanceof TypeError) return true
    throw error
  }
}

/** The value, or syntax errors whose path is `line 3:5`. Never throws on any text. */
export function readYaml(text: string): Result<unknown, readonly Issue[]> {
  if (text.length > FILE_LENGTH_MAX) {
    return refuse(`is longer than ${FILE_LENGTH_MAX} characters`, 'is this the right file?')
  }
  try {
    const lineCounter = new LineCounter()
    const document = parseDocument(text, { version: '1.2', prettyErrors: false, lineCounter })
    if (document.errors.length > 0) return syntaxIssues(document.errors, lineCounter)
    const value: unknown = document.toJS({ maxAliasCount: 100 })
    if (value === null || value === undefined) return refuse('is empty')
    if (isCircular(value)) return refuse('has an alias inside its own anchor')
    return typeof value === 'object' && !Array.isArray(value) ? ok(value) : refuse(NOT_A_MAP)
  } catch (error) {
    // The parser recurses (RangeError on deep nesting) and refuses alias bombs (ReferenceError).
    if (error instanceof RangeError) return refuse(TOO_DEEP)
    if (error instanceof Error) return refuse(error.message.split('\n')[0] ?? 'cannot be read')
    throw error
  }
}
