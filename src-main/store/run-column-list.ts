/** Which further columns matching runs have, and which of all columns differ among them. */
import type { RunColumns, RunQuestion } from '../core/contract/library.ts'
import { OWN_COLUMNS, type ColumnId, type OwnColumn } from '../core/contract/run-columns.ts'
import type { Connection, SqlValue } from './connection.ts'
import { filterOf } from './run-filter.ts'
import { columnSql, fromClause } from './run-sources.ts'

/** See StoreOperations. */
export function runColumns(db: Connection, question: RunQuestion): RunColumns {
  const settings = settingNames(db, question)
  const metrics = db.column<string>('SELECT name FROM metric_names ORDER BY name')
  const all: ColumnId[] = [
    ...(Object.keys(OWN_COLUMNS) as OwnColumn[]),
    ...settings.map((name): ColumnId => `setting:${name}`),
    ...metrics.map((name): ColumnId => `metric:${name}`),
  ]
  return { settings, metrics, differing: all.filter((id) => differs(db, question, id)) }
}

function settingNames(db: Connection, question: RunQuestion): string[] {
  const filter = filterOf(db, question)
  return db.column(
    `SELECT DISTINCT vary.key FROM (
        SELECT DISTINCT r.setting_key ${fromClause(filter.columns)} ${filter.where}
      ) JOIN settings USING (setting_key), json_each(factors, '$.vary') vary ORDER BY vary.key`,
    ...filter.values,
  )
}

/** Ends at the first run that has another value than the first one, or none. */
function differs(db: Connection, question: RunQuestion, id: ColumnId): boolean {
  const column = columnSql(db, id)
  const filter = filterOf(db, question)
  const from = fromClause([column, ...filter.columns])
  const first = db.one<{ value: SqlValue }>(
    `SELECT ${column.sql} AS value ${from} ${filter.where} LIMIT 1`,
    ...filter.values,
  )
  if (first === undefined) return false
  const other = `SELECT 1 ${from} ${filter.where} AND ${column.sql} IS NOT ? LIMIT 1`
  return db.one(other, ...filter.values, first.value) !== undefined
}
