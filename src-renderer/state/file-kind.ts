/** What a file is, by its first bytes and, where it is text, by the `kind` that it names. Pure. */

/** What a file can be to the app. */
export type FileKind =
  'campaign' | 'scenario' | 'workload' | 'scheme' | 'library' | 'archive' | 'trace' | 'unknown'

const TEXT_KINDS = ['campaign', 'scenario', 'workload'] as const

/** Tells a file's kind. `text`: null when it is too large to be one of ours. */
export function kindOfFile(name: string, head: Uint8Array, text: string | null): FileKind {
  const start = String.fromCharCode(...head)
  if (start.startsWith('SQLite format 3\0')) return 'library'
  if (start.startsWith('PK\u0003\u0004') && /\.flexlab$/i.test(name)) return 'archive'
  if (text === null) return 'unknown'
  if (/\.[cm]?[jt]s$/i.test(name)) return 'scheme'
  if (/\.(json|pftrace|perfetto-trace)$/i.test(name) && text.includes('"traceEvents"')) {
    return 'trace'
  }
  return /\.(ya?ml|json)$/i.test(name) ? kindOfText(text) : 'unknown'
}

/** A broken campaign still names its kind; the builder says then what is wrong with it. */
function kindOfText(text: string): FileKind {
  // At the start of a line in YAML; with two spaces at most in JSON, where ours stands first.
  const named = /^(?:kind|\{?\s{0,2}"kind")\s*:\s*["']?(\w+)/m.exec(text)?.[1]
  return TEXT_KINDS.find((known) => known === named) ?? 'unknown'
}
