/**
 * The runs that a question means, in order: their keys alone, found once and kept while nothing
 * changes, so that any page of 100,000 rows is 200 keys looked up (docs/adr/0073).
 */
import type { RunIdsQuery } from '../core/contract/library.ts'
import type { Connection } from './connection.ts'
import { filterOf } from './run-filter.ts'
import { columnSql, fromClause } from './run-sources.ts'

/** Questions whose answers are kept: a table, its facets, and the one that was open before. */
const KEPT_MAX = 4

/** A question and its order. */
export type OrderedQuestion = Omit<RunIdsQuery, 'offset' | 'limit'>

type Kept = { readonly state: string; readonly keys: Float64Array }

const kept = new WeakMap<Connection, Map<string, Kept>>()

/** Keys of the runs that match, in order. Valid until the next change of the library. */
export function orderedKeys(db: Connection, question: OrderedQuestion): Float64Array {
  const all = kept.get(db) ?? new Map<string, Kept>()
  kept.set(db, all)
  const name = nameOf(question)
  const state = stateOf(db)
  const known = all.get(name)
  all.delete(name)
  const keys = known?.state === state ? known.keys : findKeys(db, question)
  all.set(name, { state, keys })
  const oldest = all.keys().next()
  if (all.size > KEPT_MAX && oldest.done !== true) all.delete(oldest.value)
  return keys
}

/** Without the window, which the same answer serves. */
const nameOf = (question: OrderedQuestion): string =>
  JSON.stringify({ ...question, offset: 0, limit: 0, columns: [] })

/** Changes with every change of the library, by this connection or by another one. */
function stateOf(db: Connection): string {
  const own = db.one<{ n: number }>('SELECT total_changes() AS n')!.n
  return `${own} ${String(db.pragma('data_version'))}`
}

function findKeys(db: Connection, question: OrderedQuestion): Float64Array {
  const sort = columnSql(db, question.sort)
  const filter = filterOf(db, question)
  const direction = question.descending ? 'DESC' : 'ASC'
  // Runs without the value come last, whichever way the others are ordered.
  const order = `ORDER BY ${sort.sql} ${direction} NULLS LAST, r.run_key ${direction}`
  const from = fromClause([sort, ...filter.columns])
  const sql = `SELECT r.run_key ${from} ${filter.where} ${order}`
  return Float64Array.from(db.column<number>(sql, ...filter.values))
}
