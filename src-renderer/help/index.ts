/** The help: every page in one list, found by topic or by words. */
import type { Catalogue } from '../../src-main/core/contract/catalogue.ts'
import { CHART_PAGES } from './charts.ts'
import { GUIDE_PAGES } from './guide.ts'
import { HARM_PAGES } from './harms.ts'
import { METRIC_PAGES } from './metrics.ts'
import { spansOf } from './page.ts'
import type { HelpPage } from './page.ts'
import { schemePages } from './schemes.ts'
import { SOURCES } from './sources.ts'
import { STATISTIC_PAGES } from './statistics.ts'
import { TIME_CLASS_PAGES } from './time-classes.ts'

export { topicOfChart } from './charts.ts'
export { HELP_KINDS, spansOf } from './page.ts'
export type { HelpKind, HelpPage, HelpTerm } from './page.ts'

/** The topic that a new reader sees first. */
export const FIRST_TOPIC = 'start'

/** Every page, shelf by shelf. */
export function helpPages(catalogue: Catalogue): readonly HelpPage[] {
  return [
    ...GUIDE_PAGES,
    ...HARM_PAGES,
    ...schemePages(catalogue),
    ...TIME_CLASS_PAGES,
    ...METRIC_PAGES,
    ...STATISTIC_PAGES,
    ...CHART_PAGES,
  ]
}

/** The topic that explains a counter, measure or column by its key; null where there is none. */
export function topicOfMetric(key: string): string | null {
  const pages = [...METRIC_PAGES, ...STATISTIC_PAGES]
  return pages.find(({ terms }) => terms?.some((term) => term.key === key))?.id ?? null
}

const plain = (text: string): string =>
  spansOf(text)
    .map((span) => span.text ?? '')
    .join('')

/** All words of a page, in small letters. */
export function wordsOf(page: HelpPage): string {
  const terms = (page.terms ?? []).flatMap(({ key, term, meaning }) => [key, term, meaning])
  const blocks = page.blocks.flatMap(({ heading = '', text }) => [heading, plain(text)])
  const sources = page.sources.map((key) => `${SOURCES[key].authors} ${SOURCES[key].title}`)
  return [page.id, page.title, page.summary, ...blocks, ...terms, ...sources]
    .join(' ')
    .toLowerCase()
}

/** Pages that hold every word of the question; those with a word in their title first. */
export function searchHelp(pages: readonly HelpPage[], question: string): readonly HelpPage[] {
  const words = question.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return pages
  const found = pages.filter((page) => {
    const text = wordsOf(page)
    return words.every((word) => text.includes(word))
  })
  const inTitle = (page: HelpPage): boolean =>
    words.some((word) => page.title.toLowerCase().includes(word))
  return [...found.filter(inTitle), ...found.filter((page) => !inTitle(page))]
}
