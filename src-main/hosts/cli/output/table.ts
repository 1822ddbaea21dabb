/** Text tables: columns aligned by what they hold, widths by what is seen (colours take no room). */
import { stripVTControlCharacters } from 'node:util'

/** A column of a table. */
export type Column = { readonly title: string; readonly align?: 'left' | 'right' }

const GAP = '  '

/** The lines of a table: titles, a rule, and the rows. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string[] {
  const widths = columns.map((column, at) =>
    Math.max(seen(column.title), ...rows.map((row) => seen(row[at] ?? ''))),
  )
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, at) => pad(cells[at] ?? '', widths[at] ?? 0, column.align ?? 'left'))
      .join(GAP)
      .trimEnd()
  const titles = line(columns.map((column) => column.title))
  const rule = widths.map((width) => '─'.repeat(width)).join(GAP)
  return [titles, rule, ...rows.map(line)]
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

/** The lines of a CSV file (RFC 4180), header first. */
export function csvLines(
  titles: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string[] {
  return [titles, ...rows].map((row) => row.map(csvField).join(','))
}

function csvField(value: string | number | null): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Text brought to a width. */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const room = ' '.repeat(Math.max(0, width - seen(text)))
  return align === 'right' ? room + text : text + room
}

const seen = (text: string): number => stripVTControlCharacters(text).length
