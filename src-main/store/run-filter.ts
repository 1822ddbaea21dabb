/** Which runs a question means, as SQL over the aliases of run-sources.ts. */
import type { RunQuestion } from '../core/contract/library.ts'
import type { Condition } from '../core/contract/run-columns.ts'
import type { Connection, SqlValue } from './connection.ts'
import { columnSql, type ColumnSql } from './run-sources.ts'

/** The lists of a question that facets count. */
export type FacetField = 'kinds' | 'campaignIds' | 'apps' | 'schemes' | 'mixes' | 'hosts' | 'tags'

/** WHERE with its values, and the columns that it reads. */
export type Filter = {
  readonly where: string
  readonly values: readonly SqlValue[]
  readonly columns: readonly ColumnSql[]
}

type Part = { readonly sql: string; readonly values: SqlValue[]; readonly columns: ColumnSql[] }

const IS_IN = 'IN (SELECT value FROM json_each(?))'

/** Small tables are asked first, so that the index is read only for the keys they give. */
const LISTS: Readonly<Record<FacetField, string>> = {
  kinds: `r.kind ${IS_IN}`,
  campaignIds: `r.campaign_key IN (SELECT campaign_key FROM campaigns WHERE id ${IS_IN})`,
  apps: `r.setting_key IN (SELECT setting_key FROM settings WHERE app ${IS_IN})`,
  schemes: `r.setting_key IN (SELECT setting_key FROM settings WHERE scheme ${IS_IN})`,
  mixes: `r.setting_key IN (SELECT setting_key FROM settings WHERE mix ${IS_IN})`,
  hosts: `r.environment_key IN (
    SELECT environment_key FROM environments WHERE host ->> '$.name' ${IS_IN})`,
  tags: `r.run_key IN (SELECT run_key FROM run_tags WHERE tag ${IS_IN})`,
}

/** The filter of a question, without the lists named. */
export function filterOf(
  db: Connection,
  question: RunQuestion,
  without: readonly FacetField[] = [],
): Filter {
  const fields = (Object.keys(LISTS) as FacetField[]).filter((field) => !without.includes(field))
  const parts = [
    trashPart(question.trashed),
    ...fields.flatMap((field) => listPart(field, question[field])),
    ...searchPart(question.search),
    ...question.where.map((condition) => conditionPart(db, condition)),
  ]
  return {
    where: `WHERE ${parts.map((part) => part.sql).join(' AND ')}`,
    values: parts.flatMap((part) => part.values),
    columns: parts.flatMap((part) => part.columns),
  }
}

const trashPart = (trashed: boolean): Part => ({
  sql: trashed ? 'r.trashed_at IS NOT NULL' : 'r.trashed_at IS NULL',
  values: [],
  columns: [],
})

const listPart = (field: FacetField, wanted: readonly string[]): Part[] =>
  wanted.length === 0 ? [] : [{ sql: LISTS[field], values: [JSON.stringify(wanted)], columns: [] }]

/** Every word must begin a word of the run; punctuation alone narrows nothing. */
function searchPart(search: string): Part[] {
  const words = search.split(/[\s\p{Cc}]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word))
  if (words.length === 0) return []
  const match = words.map((word) => `"${word.replaceAll('"', '""')}"*`).join(' ')
  const sql = 'r.run_key IN (SELECT rowid FROM run_search WHERE run_search MATCH ?)'
  return [{ sql, values: [match], columns: [] }]
}

function conditionPart(db: Connection, { column, operator, value }: Condition): Part {
  const source = columnSql(db, column)
  return { sql: `${source.sql} ${operator} ?`, values: [value], columns: [source] }
}
