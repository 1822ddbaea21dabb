/** markdown-table: tables and literal text in Markdown. */
import { plainText } from './format-numbers.ts'

/** Text that Markdown takes literally, also inside a table. */
export const literal = (text: string): string => plainText(text).replace(/[\\`*_[\]<>|~#]/g, '\\$&')

const tableLine = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** A table; `left` columns from the left are aligned left, the others right. */
export function markdownTable(
  titles: readonly string[],
  left: number,
  rows: readonly (readonly string[])[],
): string[] {
  const aligned = titles.map((_, at) => (at < left ? ':--' : '--:'))
  return [tableLine(titles), tableLine(aligned), ...rows.map(tableLine)]
}
