/** What a help page is: data, so that it can be searched, linked and checked for gaps. */
import type { FigureKey } from './figures.ts'
import type { SourceKey } from './sources.ts'

/** The shelves of the help, in their order. */
export const HELP_KINDS = ['guide', 'harm', 'scheme', 'time-class', 'metric', 'statistic'] as const
/** A shelf of the help. */
export type HelpKind = (typeof HELP_KINDS)[number]

/** A word of the page's list of words; `key` is the one of files and tables. */
export type HelpTerm = { readonly key: string; readonly term: string; readonly meaning: string }

/** A paragraph, perhaps under its own heading. Texts may hold `code` and [[topic]] links. */
export type HelpBlock = { readonly heading?: string; readonly text: string }

/** One page. `id` is its topic in `#/help/<topic>`; `see` names further topics. */
export type HelpPage = {
  readonly id: string
  readonly kind: HelpKind
  readonly title: string
  readonly summary: string
  readonly blocks: readonly HelpBlock[]
  readonly terms?: readonly HelpTerm[]
  readonly figure?: FigureKey
  readonly sources: readonly SourceKey[]
  readonly see: readonly string[]
}

/** A piece of a text: words, code, or a link to a topic. */
export type HelpSpan =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly topic: string; readonly text: string | null }

const SPAN = /`([^`]+)`|\[\[([a-z0-9-]+)(?:\|([^\]]+))?\]\]/g

/** A text as its pieces. A link without words of its own is called as its page. */
export function spansOf(text: string): readonly HelpSpan[] {
  const spans: HelpSpan[] = []
  let at = 0
  for (const match of text.matchAll(SPAN)) {
    const [whole, code, topic, words] = match
    if (match.index > at) spans.push({ kind: 'text', text: text.slice(at, match.index) })
    if (code !== undefined) spans.push({ kind: 'code', text: code })
    else if (topic !== undefined) spans.push({ kind: 'link', topic, text: words ?? null })
    at = match.index + whole.length
  }
  if (at < text.length) spans.push({ kind: 'text', text: text.slice(at) })
  return spans
}
