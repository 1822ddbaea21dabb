/**
 * Columns of the runs table: what a run has of its own, the settings that its campaign varied
 * (`setting:<name>`), and its metrics (`metric:<name>`); and the conditions that are put on them.
 */
import * as v from 'valibot'

/** What a run has of its own, and whether it is a number. Times in ns unless the name says ms. */
export const OWN_COLUMNS = {
  app: 'text',
  scheme: 'text',
  mix: 'text',
  overcommit: 'number',
  seed: 'number',
  timeNs: 'number',
  makespanNs: 'number',
  events: 'number',
  wallMs: 'number',
  campaign: 'text',
  host: 'text',
  kind: 'text',
  name: 'text',
  createdAt: 'text',
} as const
/** One of a run's own columns. */
export type OwnColumn = keyof typeof OWN_COLUMNS

/** Names of metrics and settings; a quote would end the path by which they are found. */
const FURTHER = /^(metric|setting):[^"\p{Cc}]{1,200}$/u

const OwnColumnSchema = v.picklist(Object.keys(OWN_COLUMNS) as OwnColumn[])

/** A column that only some runs have: one of their settings or metrics. */
export const FurtherColumnSchema = v.custom<`metric:${string}` | `setting:${string}`>(
  (id) => typeof id === 'string' && FURTHER.test(id),
  'a column is metric:<name> or setting:<name>',
)
/** A column that only some runs have. */
export type FurtherColumn = v.InferOutput<typeof FurtherColumnSchema>

/** A column of the runs table. */
export const ColumnIdSchema = v.union(
  [OwnColumnSchema, FurtherColumnSchema],
  'there is no such column',
)
/** A column of the runs table. */
export type ColumnId = v.InferOutput<typeof ColumnIdSchema>

/** A column of a metric or setting, taken apart; null for one of a run's own. */
export function furtherName(
  id: ColumnId,
): { readonly kind: 'metric' | 'setting'; readonly name: string } | null {
  const at = id.indexOf(':')
  if (at < 0) return null
  return { kind: id.startsWith('metric') ? 'metric' : 'setting', name: id.slice(at + 1) }
}

/** Whether a column holds numbers only; settings may hold either. */
export const isNumeric = (id: ColumnId): boolean =>
  id in OWN_COLUMNS ? OWN_COLUMNS[id as OwnColumn] === 'number' : id.startsWith('metric:')

/** What a column is compared with. */
export const OPERATORS = ['=', '!=', '<', '<=', '>', '>='] as const

/** A condition on one column; a run that has no value there does not meet it. */
export const ConditionSchema = v.strictObject({
  column: ColumnIdSchema,
  operator: v.picklist(OPERATORS),
  value: v.union([v.pipe(v.number(), v.finite()), v.pipe(v.string(), v.maxLength(500))]),
})
/** A condition on one column. */
export type Condition = v.InferOutput<typeof ConditionSchema>

/** What runs are put into groups by. */
export const GroupKeySchema = v.union([
  v.picklist(['app', 'scheme', 'mix', 'overcommit', 'campaign', 'host', 'seed']),
  v.custom<`setting:${string}`>(
    (id) => typeof id === 'string' && id.startsWith('setting:') && FURTHER.test(id),
    'runs are grouped by app, scheme, mix, overcommit, campaign, host, seed or setting:<name>',
  ),
])
/** What runs are put into groups by. */
export type GroupKey = v.InferOutput<typeof GroupKeySchema>
