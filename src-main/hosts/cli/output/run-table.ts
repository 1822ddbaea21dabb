/** Runs and groups of runs as columns and cells: for the terminal in units, for CSV as they are. */
import type { RunGroup, RunRow } from '../../../core/contract/library.ts'
import type { ViewState } from '../../../core/contract/library-view.ts'
import { furtherName, isNumeric } from '../../../core/contract/run-columns.ts'
import type { ColumnId } from '../../../core/contract/run-columns.ts'
import { countText, durationText, figures } from './quantities.ts'
import type { Column } from './table.ts'
import { formatWhere } from '../../../core/contract/where-text.ts'

/** A value of a column. */
type Value = string | number | boolean | null

/** What is shown of one row in one column. */
export type RunColumn<Row> = Column & { readonly value: (row: Row) => Value; readonly ns?: boolean }

const RUN_COLUMNS: readonly ColumnId[] = ['campaign', 'app', 'scheme', 'seed', 'timeNs', 'events']

const isNs = (id: ColumnId): boolean => id.endsWith('Ns')

/** The columns of runs: id and kind, then the chosen ones. */
export function runColumns(chosen: readonly ColumnId[]): RunColumn<RunRow>[] {
  const ids = chosen.length === 0 ? RUN_COLUMNS : chosen
  return [
    { title: 'id', value: (row) => row.id },
    { title: 'kind', value: (row) => row.kind },
    ...ids
      .filter((id) => id !== 'kind')
      .map((id): RunColumn<RunRow> => ({
        title: titleOf(id),
        ...(isNumeric(id) ? { align: 'right' as const } : {}),
        ns: isNs(id),
        value: (row) => valueOf(row, id),
      })),
  ]
}

function valueOf(row: RunRow, id: ColumnId): Value {
  if (furtherName(id) !== null) return row.values[id] ?? null
  return id === 'campaign' ? row.campaignName : (row[id as Exclude<keyof RunRow, 'tags'>] as Value)
}

/** The columns of groups: their keys, kind, counts and figures. */
export function groupColumns({ by, measure }: ViewState): RunColumn<RunGroup>[] {
  const right = 'right' as const
  const figure = (title: string, value: (group: RunGroup) => number | null) => ({
    ...{ title: `${title} ${titleOf(measure)}`, align: right, ns: isNs(measure), value },
  })
  return [
    ...by.map((key, at): RunColumn<RunGroup> => ({
      title: titleOf(key),
      value: (group) => group.key[at] ?? null,
    })),
    { title: 'kind', value: ({ kind }) => kind },
    { title: 'runs', align: right, value: ({ runs }) => runs },
    { title: 'n', align: right, value: ({ count }) => count },
    { title: 'settings', align: right, value: ({ settings }) => settings },
    figure('mean', ({ mean }) => mean),
    figure('95 % CI from', ({ lo }) => lo),
    figure('to', ({ hi }) => hi),
    figure('median', ({ median }) => median),
    figure('min', ({ min }) => min),
    figure('max', ({ max }) => max),
  ]
}

const titleOf = (id: ColumnId): string => furtherName(id)?.name ?? id

/** A cell for people: durations with units, counts with spaces. */
export function cellText<Row>({ value, ns }: RunColumn<Row>, row: Row): string {
  const cell = value(row)
  if (cell === null) return '–'
  if (typeof cell !== 'number') return String(cell)
  if (ns === true) return durationText(cell)
  return Number.isInteger(cell) ? countText(cell) : figures(cell, 5)
}

/** Lines of CSV (RFC 4180), numbers as they are; a value that is not there is empty. */
export function csvLines<Row>(columns: readonly RunColumn<Row>[], rows: readonly Row[]): string {
  const line = (cells: readonly Value[]): string => `${cells.map(csvCell).join(',')}\r\n`
  const head = line(columns.map(({ title }) => title))
  return head + rows.map((row) => line(columns.map(({ value }) => value(row)))).join('')
}

const csvCell = (value: Value): string => {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** What narrows a view, in short. */
export function whereText(view: ViewState): string {
  const lists = [view.kinds, view.apps, view.schemes, view.mixes, view.hosts, view.tags]
  const parts = [view.search, ...lists.map((list) => list.join(' or ')), formatWhere(view.where)]
  return parts.filter((part) => part !== '').join('; ')
}
