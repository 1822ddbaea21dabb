/** Pages of the library's table, rows with the further columns that are asked for. */
import type { RunIdsQuery, RunPage, RunQuery, RunRow } from '../core/contract/library.ts'
import { furtherName, type FurtherColumn } from '../core/contract/run-columns.ts'
import type { Connection } from './connection.ts'
import { orderedKeys } from './run-order.ts'
import { columnSql } from './run-sources.ts'
import { readJson } from './stored-json.ts'

type RunRecord = Omit<RunRow, 'tags' | 'values' | 'notObservable'> & {
  readonly runKey: number
  readonly tags: string
}
type Value = RunRow['values'][string]

/** In the order of the keys given. */
const RUN_ROWS = `
  SELECT r.run_key AS runKey, r.id, r.kind, c.id AS campaignId, c.name AS campaignName,
    r.cell_index AS cellIndex,
    r.name, r.app, r.scheme, r.mix, r.overcommit, r.seed, r.time_ns AS timeNs,
    r.makespan_ns AS makespanNs, r.events, r.wall_ms AS wallMs, r.trace_hash AS traceHash,
    r.content_hash AS contentHash, r.created_at AS createdAt,
    e.host ->> '$.name' AS host, e.host ->> '$.accel' AS accel,
    (SELECT json_group_array(tag ORDER BY tag) FROM run_tags t WHERE t.run_key = r.run_key) AS tags,
    r.note, r.trashed_at AS trashedAt,
    (SELECT reason FROM exclusions x WHERE x.run_key = r.run_key) AS excluded
  FROM json_each(?) wanted CROSS JOIN runs r ON r.run_key = wanted.value
    JOIN environments e USING (environment_key)
    LEFT JOIN campaigns c USING (campaign_key)
  ORDER BY wanted.key`

/** The row of a run by its key. */
export const runRow = (db: Connection, key: number): RunRow => rowsOf(db, [key], [])[0]!

/** See StoreOperations. */
export function queryRuns(db: Connection, query: RunQuery): RunPage {
  const keys = orderedKeys(db, query)
  const page = [...keys.subarray(query.offset, query.offset + query.limit)]
  return { rows: rowsOf(db, page, query.columns), total: keys.length }
}

/** See StoreOperations. */
export function runIds(db: Connection, query: RunIdsQuery): string[] {
  const keys = orderedKeys(db, query)
  const wanted = [...keys.subarray(query.offset, query.offset + query.limit)]
  const sql = `SELECT runs.id FROM json_each(?) wanted CROSS JOIN runs ON run_key = wanted.value
    ORDER BY wanted.key`
  return db.column<string>(sql, JSON.stringify(wanted))
}

function rowsOf(
  db: Connection,
  keys: readonly number[],
  columns: readonly FurtherColumn[],
): RunRow[] {
  const wanted = JSON.stringify(keys)
  const values = columns.map((column) => [column, valuesOf(db, wanted, column)] as const)
  const reasons = reasonsOf(db, wanted, columns)
  return db.all<RunRecord>(RUN_ROWS, wanted).map(({ runKey, tags, ...row }) => ({
    ...row,
    tags: readJson<string[]>(tags),
    values: Object.fromEntries(
      values.map(([column, ofRun]) => [column, ofRun.get(runKey) ?? null]),
    ),
    notObservable: Object.fromEntries(reasons.get(runKey) ?? []),
  }))
}

function valuesOf(db: Connection, wanted: string, column: FurtherColumn): Map<number, Value> {
  const { sql, join } = columnSql(db, column)
  const rows = db.all<{ key: number; value: Value }>(
    `SELECT r.run_key AS key, ${sql} AS value
      FROM json_each(?) wanted CROSS JOIN runs r ON r.run_key = wanted.value ${join}`,
    wanted,
  )
  return new Map(rows.map(({ key, value }) => [key, value]))
}

/** Why runs lack the metrics among the columns. */
function reasonsOf(
  db: Connection,
  wanted: string,
  columns: readonly FurtherColumn[],
): Map<number, (readonly [string, string])[]> {
  const metrics = columns.flatMap((column) => {
    const further = furtherName(column)
    return further?.kind === 'metric' ? [further.name] : []
  })
  const found = new Map<number, (readonly [string, string])[]>()
  if (metrics.length === 0) return found
  const rows = db.all<{ runKey: number; key: string; reason: string }>(
    `SELECT run_key AS runKey, key, min(reason) AS reason FROM not_observable
      WHERE run_key IN (SELECT value FROM json_each(?))
        AND key IN (SELECT value FROM json_each(?)) GROUP BY run_key, key`,
    wanted,
    JSON.stringify(metrics),
  )
  for (const { runKey, key, reason } of rows) {
    found.set(runKey, [...(found.get(runKey) ?? []), [`metric:${key}`, reason]])
  }
  return found
}
