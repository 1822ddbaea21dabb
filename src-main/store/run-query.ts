/** The library's table: filters, full-text search, paging and the counts beside each filter. */
import type { Facets, RunPage, RunQuery, RunRow } from '../core/contract/library.ts'
import type { Connection, SqlValue } from './connection.ts'
import { readJson } from './stored-json.ts'

type Filter = { readonly name: string; readonly sql: string; readonly value: SqlValue }
type RunRecord = Omit<RunRow, 'tags'> & { readonly tags: string }

const RUN_ROW = `
  SELECT r.id, r.kind, c.id AS campaignId, c.name AS campaignName, r.cell_index AS cellIndex,
    r.name, r.app, r.scheme, r.mix, r.overcommit, r.seed, r.time_ns AS timeNs,
    r.makespan_ns AS makespanNs, r.events, r.wall_ms AS wallMs, r.trace_hash AS traceHash,
    r.content_hash AS contentHash, r.created_at AS createdAt,
    e.host ->> '$.name' AS host, e.host ->> '$.accel' AS accel,
    (SELECT json_group_array(tag ORDER BY tag) FROM run_tags t WHERE t.run_key = r.run_key) AS tags,
    r.note, r.trashed_at AS trashedAt,
    (SELECT reason FROM exclusions x WHERE x.run_key = r.run_key) AS excluded
  FROM runs r JOIN environments e USING (environment_key)
    LEFT JOIN campaigns c USING (campaign_key)`

const SORT_COLUMNS: Readonly<Record<RunQuery['sort'], string>> = {
  createdAt: 'r.created_at',
  name: 'r.name',
  app: 'r.app',
  scheme: 'r.scheme',
  mix: 'r.mix',
  seed: 'r.seed',
  timeNs: 'r.time_ns',
  events: 'r.events',
}

const readRow = (record: RunRecord): RunRow => ({
  ...record,
  tags: readJson<string[]>(record.tags),
})

/** The row of a run by its key. */
export function runRow(db: Connection, key: number): RunRow {
  return readRow(db.one<RunRecord>(`${RUN_ROW} WHERE r.run_key = ?`, key)!)
}

/** See StoreOperations. */
export function queryRuns(db: Connection, query: RunQuery): RunPage {
  const { where, values } = whereClause(query)
  const direction = query.descending ? 'DESC' : 'ASC'
  const order = `${SORT_COLUMNS[query.sort]} ${direction}, r.run_key ${direction}`
  const page = `${RUN_ROW} ${where} ORDER BY ${order} LIMIT ? OFFSET ?`
  const count = `SELECT count(*) AS total FROM runs r LEFT JOIN campaigns c USING (campaign_key)`
  return {
    rows: db.all<RunRecord>(page, ...values, query.limit, query.offset).map(readRow),
    total: db.one<{ total: number }>(`${count} ${where}`, ...values)!.total,
  }
}

/** See StoreOperations. */
export function facets(db: Connection, query: RunQuery): Facets {
  return {
    kind: facet(db, query, 'kinds', 'r.kind', 'r.kind'),
    campaign: facet(db, query, 'campaignIds', 'c.id', 'c.name'),
    app: facet(db, query, 'apps', 'r.app', 'r.app'),
    scheme: facet(db, query, 'schemes', 'r.scheme', 'r.scheme'),
    mix: facet(db, query, 'mixes', 'r.mix', 'r.mix'),
    tag: facet(db, query, 'tags', 'g.tag', 'g.tag', 'JOIN run_tags g USING (run_key)'),
  }
}

function facet(
  db: Connection,
  query: RunQuery,
  ownFilter: string,
  value: string,
  label: string,
  join = '',
): Facets['kind'] {
  const { where, values } = whereClause(query, ownFilter)
  return db.all(
    `SELECT ${value} AS value, ${label} AS label, count(*) AS count
      FROM runs r LEFT JOIN campaigns c USING (campaign_key) ${join} ${where}
      AND ${value} IS NOT NULL GROUP BY ${value} ORDER BY count DESC, label`,
    ...values,
  )
}

function whereClause(
  query: RunQuery,
  without = '',
): { readonly where: string; readonly values: SqlValue[] } {
  // Written out, not bound: only then can SQLite use the partial indexes.
  const trash = query.trashed ? 'r.trashed_at IS NOT NULL' : 'r.trashed_at IS NULL'
  const active = [...listFilters(query), ...searchFilters(query.search)].filter(
    (filter) => filter.name !== without,
  )
  return {
    where: `WHERE ${[trash, ...active.map((filter) => filter.sql)].join(' AND ')}`,
    values: active.map((filter) => filter.value),
  }
}

function listFilters(query: RunQuery): Filter[] {
  const isIn = 'IN (SELECT value FROM json_each(?))'
  const tagged = `EXISTS (SELECT 1 FROM run_tags t WHERE t.run_key = r.run_key AND t.tag ${isIn})`
  const filters = [
    ['kinds', query.kinds, `r.kind ${isIn}`],
    ['campaignIds', query.campaignIds, `c.id ${isIn}`],
    ['apps', query.apps, `r.app ${isIn}`],
    ['schemes', query.schemes, `r.scheme ${isIn}`],
    ['mixes', query.mixes, `r.mix ${isIn}`],
    ['tags', query.tags, tagged],
  ] as const
  return filters
    .filter(([, wanted]) => wanted.length > 0)
    .map(([name, wanted, sql]) => ({ name, sql, value: JSON.stringify(wanted) }))
}

/** Every word must begin a word of the run; punctuation alone narrows nothing. */
function searchFilters(search: string): Filter[] {
  const words = search.split(/[\s\p{Cc}]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word))
  if (words.length === 0) return []
  const match = words.map((word) => `"${word.replaceAll('"', '""')}"*`).join(' ')
  const sql = 'r.run_key IN (SELECT rowid FROM run_search WHERE run_search MATCH ?)'
  return [{ name: 'search', sql, value: match }]
}
