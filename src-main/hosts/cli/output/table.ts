/** Text tables: columns aligned by what they hold, widths by what is seen without colours. */
import { stripVTControlCharacters } from 'node:util'
import { wrapLines } from './wrap.ts'

/** A column of a table. */
export type Column = { readonly title: string; readonly align?: 'left' | 'right' }

const GAP = '  '
/** The last column is not broken into less than this. */
const PROSE_MIN = 24

/**
 * The lines of a table: titles, a rule, and the rows. Where a width is given and the last column
 * holds prose that does not fit, that column is broken into several lines.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = Infinity,
): string[] {
  const widths = columns.map((column, at) =>
    Math.max(seen(column.title), ...rows.map((row) => seen(row[at] ?? ''))),
  )
  const last = widths.length - 1
  const before = widths.slice(0, last).reduce((sum, size) => sum + size + GAP.length, 0)
  widths[last] = Math.min(widths[last] ?? 0, Math.max(PROSE_MIN, width - before))
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, at) => pad(cells[at] ?? '', widths[at] ?? 0, column.align ?? 'left'))
      .join(GAP)
      .trimEnd()
  const titles = line(columns.map((column) => column.title))
  const rule = widths.map((size) => '─'.repeat(size)).join(GAP)
  return [titles, rule, ...rows.flatMap((row) => broken(row, widths[last] ?? 0).map(line))]
}

/** A row whose last cell is broken into lines: the row, then rows with only that cell. */
function broken(row: readonly string[], width: number): (readonly string[])[] {
  const prose = row.at(-1) ?? ''
  if (seen(prose) <= width) return [row]
  const [first = '', ...rest] = wrapLines(prose, width)
  const blank = row.slice(0, -1).map(() => '')
  return [[...row.slice(0, -1), first], ...rest.map((more) => [...blank, more])]
}

/** The lines of the same table in Markdown. */
export function markdownLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const rule = columns.map((column) => (column.align === 'right' ? '--:' : '---'))
  return [line(columns.map((column) => column.title)), line(rule), ...rows.map(line)]
}

/** Text brought to a width. */
function pad(text: string, width: number, align: 'left' | 'right'): string {
  const room = ' '.repeat(Math.max(0, width - seen(text)))
  return align === 'right' ? room + text : text + room
}

const seen = (text: string): number => stripVTControlCharacters(text).length
