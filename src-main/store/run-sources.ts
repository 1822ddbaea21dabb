/**
 * Where a column of the runs table comes from. Everything is read from the index runs_narrowed and
 * small tables joined to it, never from the rows themselves: those are ten times as large.
 */
import { LabError } from '../core/base/lab-error.ts'
import { furtherName, type ColumnId, type OwnColumn } from '../core/contract/run-columns.ts'
import type { Connection } from './connection.ts'

/** A column as SQL over the aliases of `fromClause`. */
export type ColumnSql = { readonly sql: string; readonly join: string }

const SETTINGS = ' JOIN settings s USING (setting_key)'
const CAMPAIGNS = ' LEFT JOIN campaigns c USING (campaign_key)'
const ENVIRONMENTS = ' JOIN environments e USING (environment_key)'

const OWN: Readonly<Record<OwnColumn, ColumnSql>> = {
  app: { sql: 's.app', join: SETTINGS },
  scheme: { sql: 's.scheme', join: SETTINGS },
  mix: { sql: 's.mix', join: SETTINGS },
  overcommit: { sql: 's.overcommit', join: SETTINGS },
  seed: { sql: 'r.seed', join: '' },
  timeNs: { sql: 'r.time_ns', join: '' },
  makespanNs: { sql: 'r.makespan_ns', join: '' },
  events: { sql: 'r.events', join: '' },
  wallMs: { sql: 'r.wall_ms', join: '' },
  campaign: { sql: 'c.name', join: CAMPAIGNS },
  host: { sql: "e.host ->> '$.name'", join: ENVIRONMENTS },
  kind: { sql: 'r.kind', join: '' },
  name: { sql: 'r.name', join: '' },
  createdAt: { sql: 'r.created_at', join: '' },
}

/** A column as SQL; of a metric that no run has, NULL. */
export function columnSql(db: Connection, id: ColumnId): ColumnSql {
  const further = furtherName(id)
  if (further === null) return OWN[id as OwnColumn]
  return further.kind === 'metric' ? metricSql(db, further.name) : settingSql(further.name)
}

/** The key of a metric; undefined when no run has it. */
export const metricKey = (db: Connection, name: string): number | undefined =>
  db.one<{ key: number }>('SELECT metric_key AS key FROM metric_names WHERE name = ?', name)?.key

function metricSql(db: Connection, name: string): ColumnSql {
  const key = metricKey(db, name)
  if (key === undefined) return { sql: 'NULL', join: '' }
  const on = `m${key}.metric_key = ${key} AND m${key}.run_key = r.run_key`
  return { sql: `m${key}.value`, join: ` LEFT JOIN run_metrics m${key} ON ${on}` }
}

/** A setting, by its path; ColumnIdSchema lets no double quote through. */
function settingSql(name: string): ColumnSql {
  const path = `'$.vary."${name.replaceAll("'", "''")}"'`
  return { sql: `s.factors ->> ${path}`, join: SETTINGS }
}

/** FROM with the joins that the columns need, each once. */
export function fromClause(columns: readonly ColumnSql[]): string {
  const joins = new Set(columns.map((column) => column.join))
  return `FROM runs r INDEXED BY runs_narrowed${[...joins].join('')}`
}

/** A column of numbers; LabError `bad-input` for another one. */
export function numericSql(db: Connection, id: ColumnId, isNumber: boolean): ColumnSql {
  if (isNumber) return columnSql(db, id)
  const hint = 'group runs by a column of text; measure timeNs, makespanNs or a metric'
  throw new LabError('bad-input', `${id} is not a number`, hint)
}
