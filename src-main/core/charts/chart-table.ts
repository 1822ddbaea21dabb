/** The data table behind a chart: shown to whoever cannot see the chart, and exported as CSV. */

/** A column; numbers are right-aligned and carry their unit in the header. */
export type ChartColumn = {
  readonly key: string
  readonly label: string
  readonly unit: string
  readonly isNumber: boolean
}

/** A cell; null where there is no value. */
export type ChartCell = string | number | null

/** Columns and rows behind a chart. */
export type ChartTable = {
  readonly columns: readonly ChartColumn[]
  readonly rows: readonly (readonly ChartCell[])[]
}

/** A column of text. */
export const textColumn = (key: string, label: string): ChartColumn => ({
  key,
  label,
  unit: '',
  isNumber: false,
})

/** A column of numbers in `unit`. */
export const numberColumn = (key: string, label: string, unit = ''): ChartColumn => ({
  key,
  label,
  unit,
  isNumber: true,
})

/** Header of a column with its unit. */
export const columnTitle = (column: ChartColumn): string =>
  column.unit === '' ? column.label : `${column.label} (${column.unit})`

function csvCell(cell: ChartCell): string {
  if (cell === null || (typeof cell === 'number' && !Number.isFinite(cell))) return ''
  const text = String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The table as CSV (RFC 4180): CRLF, point as decimal mark, empty where there is no value. */
export function toCsv(table: ChartTable): string {
  const header = table.columns.map((c) => csvCell(columnTitle(c)))
  const lines = table.rows.map((row) => row.map(csvCell))
  return [header, ...lines].map((line) => `${line.join(',')}\r\n`).join('')
}
