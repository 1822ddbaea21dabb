/** How the values of a column read: its name with its unit, and its figures in that unit. */
import { TIME_CLASSES } from '../../src-main/core/base/time-class.ts'
import { formatDuration, NO_VALUE } from '../../src-main/core/charts/chart-text.ts'
import {
  furtherName,
  type ColumnId,
  type OwnColumn,
} from '../../src-main/core/contract/run-columns.ts'
import { strings } from '../strings/index.ts'
import { formatCount, formatDate } from './format.ts'

/** A value of any column. */
export type Value = string | number | boolean | null

/** A column's name, its unit (empty: none) and its values in that unit. */
export type ColumnFormat = {
  readonly label: string
  readonly unit: string
  readonly text: (value: Value) => string
  /** The value with a unit that suits it, for hovering. */
  readonly whole: (value: Value) => string
}

/** A duration column; decimals so that the points stand below each other. */
const duration = (label: string, unit: 's' | 'ms', decimals: number): ColumnFormat => ({
  label,
  unit,
  text: (value) =>
    typeof value === 'number' ? (value / (unit === 's' ? 1e9 : 1e6)).toFixed(decimals) : NO_VALUE,
  whole: (value) => (typeof value === 'number' ? formatDuration(value) : NO_VALUE),
})

const plain = (label: string, text: (value: Value) => string = plainText): ColumnFormat => ({
  ...{ label, unit: '', text, whole: text },
})

function plainText(value: Value): string {
  if (value === null) return NO_VALUE
  if (typeof value !== 'number') return String(value)
  return Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(5)))
}

const names = strings.library.columnNames

const OWN: Readonly<Record<OwnColumn, ColumnFormat>> = {
  app: plain(names.app),
  scheme: plain(names.scheme),
  mix: plain(names.mix),
  overcommit: plain(names.overcommit, (value) => (value === null ? NO_VALUE : String(value))),
  seed: plain(names.seed, String),
  timeNs: duration(names.timeNs, 's', 4),
  makespanNs: duration(names.makespanNs, 's', 4),
  events: plain(names.events),
  wallMs: {
    ...plain(names.wallMs, (value) => (typeof value === 'number' ? value.toFixed(0) : NO_VALUE)),
    unit: 'ms',
  },
  campaign: plain(names.campaign),
  host: plain(names.host),
  kind: plain(names.kind, (value) => strings.kinds[value as keyof typeof strings.kinds]),
  name: plain(names.name),
  createdAt: plain(names.createdAt, (value) => formatDate(String(value))),
}

/** How a column's values read. */
export function formatOf(id: ColumnId): ColumnFormat {
  const further = furtherName(id)
  if (further === null) return OWN[id as OwnColumn]
  return further.kind === 'setting' ? plain(further.name) : metricFormat(further.name)
}

function metricFormat(name: string): ColumnFormat {
  const timeClass = TIME_CLASSES.find(({ key }) => name === `time.${key}Ns`)
  if (timeClass !== undefined) return duration(timeClass.label, 's', 3)
  const latency = /^latency\.(\w+)Ns$/.exec(name)?.[1]
  if (latency !== undefined) return duration(strings.library.latency(latency), 'ms', 3)
  return name.endsWith('Ns') ? duration(name.slice(0, -2), 's', 3) : plain(name)
}

/** A column's heading: `Time (s)`. */
export const headingOf = ({ label, unit }: ColumnFormat): string =>
  unit === '' ? label : `${label} (${unit})`
