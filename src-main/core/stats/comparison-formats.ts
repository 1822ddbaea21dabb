/** Every form in which a comparison leaves the app as text; the same from screen and terminal. */
import type { Comparison } from '../contract/comparison.ts'
import { toCsv } from './format-csv.ts'
import { toLatex } from './format-latex.ts'
import { toMarkdown } from './format-markdown.ts'

/** A form: its name, the ending of its files, and how it is written. */
export type ComparisonFormat = {
  readonly name: string
  readonly ending: string
  readonly mediaType: string
  readonly write: (comparison: Comparison) => string
}

/** The forms, by the word that asks for them. */
export const COMPARISON_FORMATS = {
  csv: { name: 'CSV', ending: 'csv', mediaType: 'text/csv', write: toCsv },
  md: { name: 'Markdown', ending: 'md', mediaType: 'text/markdown', write: toMarkdown },
  latex: { name: 'LaTeX', ending: 'tex', mediaType: 'application/x-tex', write: toLatex },
  json: {
    name: 'JSON',
    ending: 'json',
    mediaType: 'application/json',
    write: (comparison: Comparison) => `${JSON.stringify(comparison, null, 2)}\n`,
  },
} as const satisfies Readonly<Record<string, ComparisonFormat>>

/** The word for a form. */
export type ComparisonFormatKey = keyof typeof COMPARISON_FORMATS
