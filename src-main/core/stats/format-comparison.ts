/** The printed forms of a comparison, by the names that `flexlab compare --format` takes. */
import type { Comparison } from '../contract/comparison.ts'
import { toCsv } from './format-csv.ts'
import { toMarkdown } from './format-markdown.ts'
import { toTable } from './format-table.ts'

export { toCsv, toMarkdown, toTable }

/** Every format; JSON is the comparison itself, indented by two spaces. */
export const COMPARISON_FORMATS = {
  table: toTable,
  json: (comparison: Comparison): string => `${JSON.stringify(comparison, null, 2)}\n`,
  csv: toCsv,
  md: toMarkdown,
} as const

/** Name of a format. */
export type ComparisonFormat = keyof typeof COMPARISON_FORMATS
