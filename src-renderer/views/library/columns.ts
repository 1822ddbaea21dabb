/** The columns of the runs table: what they show, how wide they are, when they give way. */
import {
  furtherName,
  isNumeric,
  type ColumnId,
  type OwnColumn,
} from '../../../src-main/core/contract/run-columns.ts'
import type { RunRow } from '../../../src-main/core/contract/library.ts'
import { formatOf, headingOf, type Value } from '../../state/column-format.ts'
import { formatDate } from '../../state/format.ts'
import type { SortKey } from '../../state/run-query.ts'
import { strings } from '../../strings/index.ts'

/**
 * A column; `fromPx` is the table width from which it is shown when the user chose none. It takes
 * `minPx`, and of the width that is left over its part, `grow`.
 */
export type Column = {
  readonly key: ColumnId | 'tags' | 'trashedAt'
  readonly label: string
  readonly sort: SortKey | null
  readonly minPx: number
  readonly grow: number
  readonly isNumber: boolean
  readonly fromPx: number
  readonly text: (row: RunRow) => string
  readonly hover?: (row: RunRow) => string
}

type Size = { readonly minPx: number; readonly grow?: number; readonly fromPx?: number }

const SIZES: Readonly<Record<OwnColumn, Size>> = {
  app: { minPx: 96, grow: 1 },
  scheme: { minPx: 104, grow: 1.2 },
  mix: { minPx: 72, grow: 1, fromPx: 640 },
  overcommit: { minPx: 72, fromPx: 980 },
  seed: { minPx: 56 },
  timeNs: { minPx: 84 },
  makespanNs: { minPx: 100, fromPx: Infinity },
  events: { minPx: 88, fromPx: 700 },
  wallMs: { minPx: 92, fromPx: Infinity },
  campaign: { minPx: 96, grow: 1.4, fromPx: 640 },
  host: { minPx: 80, grow: 0.6, fromPx: Infinity },
  kind: { minPx: 92, fromPx: 820 },
  name: { minPx: 160, grow: 1.6, fromPx: Infinity },
  createdAt: { minPx: 124, fromPx: 900 },
}
const FURTHER: Size = { minPx: 96 }
const METRIC_LABEL_PX = 7

const DAY_MS = 86_400_000
const TRASH_DAYS = 30

/** The runs' own columns in the order of the table. */
const OWN_ORDER = Object.keys(SIZES) as OwnColumn[]

const rowValue = (row: RunRow, id: ColumnId): Value => {
  if (furtherName(id) !== null) return row.values[id] ?? null
  return id === 'campaign' ? row.campaignName : row[id as Exclude<OwnColumn, 'campaign'>]
}

function columnOf(id: ColumnId): Column {
  const format = formatOf(id)
  const label = headingOf(format)
  const further = furtherName(id) !== null
  const size = further
    ? { minPx: Math.max(FURTHER.minPx, METRIC_LABEL_PX * label.length) }
    : SIZES[id as OwnColumn]
  return {
    ...{ key: id, label, sort: id, grow: 0, fromPx: 0, ...size },
    isNumber: isNumeric(id) || id.startsWith('setting:'),
    text: (row) => format.text(rowValue(row, id)),
    hover: (row) =>
      row.notObservable[id] === undefined
        ? format.whole(rowValue(row, id))
        : strings.library.notObservable(row.notObservable[id]),
  }
}

const TAGS: Column = {
  ...{ key: 'tags', label: strings.library.columnNames.tags, sort: null, minPx: 64, grow: 1 },
  ...{ isNumber: false, fromPx: 1060, text: (row) => row.tags.join(', ') },
}

/** When a run in the trash is deleted for good. */
const TRASHED: Column = {
  ...{ key: 'trashedAt', label: strings.library.columnNames.deletedOn, sort: null, minPx: 132 },
  ...{ grow: 0, isNumber: false, fromPx: 0 },
  text: ({ trashedAt }) =>
    trashedAt === null
      ? ''
      : formatDate(new Date(Date.parse(trashedAt) + TRASH_DAYS * DAY_MS).toISOString()),
}

/** What the table shows. */
export type ColumnChoice = {
  readonly chosen: readonly ColumnId[]
  /** Only these of them; null: all. */
  readonly differing: readonly ColumnId[] | null
  readonly trashed: boolean
  readonly widthPx: number
}

/** The columns of the table: the chosen ones, or of a run's own those for which there is room. */
export function columnsOf({ chosen, differing, trashed, widthPx }: ColumnChoice): Column[] {
  const isDefault = chosen.length === 0
  const wanted = isDefault ? [...OWN_ORDER.map(columnOf), TAGS] : [...chosen.map(columnOf), TAGS]
  const shown = wanted.filter(({ key }) => {
    return differing === null || key === 'tags' || differing.some((id) => id === key)
  })
  const fitting = isDefault ? shown.filter(({ fromPx }) => widthPx >= fromPx) : shown
  if (!trashed) return fitting
  return [TRASHED, ...fitting.filter(({ key }) => key !== 'createdAt')]
}

/** The columns that the table has when the user chose none. */
export const defaultColumns = (widthPx: number): ColumnId[] =>
  OWN_ORDER.filter((id) => widthPx >= (SIZES[id].fromPx ?? 0))

/** The columns as a grid's template. */
export const templateOf = (columns: readonly Column[]): string =>
  columns
    .map(({ minPx, grow }) => (grow > 0 ? `minmax(${minPx}px, ${grow}fr)` : `${minPx}px`))
    .join(' ')

const GAP_PX = 12
const PADDING_PX = 36

/** What the columns need at least, px. */
export const widthOf = (columns: readonly Column[]): number =>
  columns.reduce((sum, { minPx }) => sum + minPx + GAP_PX, PADDING_PX)
