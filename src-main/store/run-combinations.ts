/**
 * Matching runs by cell, kind, campaign and environment, in the order of the index that holds
 * these, so that SQLite sorts nothing: 75,000 runs are some thousand rows, each with lists of what
 * is asked of its runs. Facets and groups are added up from them (docs/adr/0073).
 */
import type { Factors } from '../core/contract/campaign.ts'
import type { RunQuestion } from '../core/contract/library.ts'
import type { RunKind } from '../core/contract/result.ts'
import type { Connection } from './connection.ts'
import { filterOf, type FacetField } from './run-filter.ts'
import { fromClause, type ColumnSql } from './run-sources.ts'
import { readJson } from './stored-json.ts'

/** Runs that differ only in seed, date and results; one list for each column asked for. */
export type Combination = {
  readonly kind: RunKind
  readonly setting: number
  readonly campaign: number | null
  readonly environment: number
  readonly lists: readonly (readonly (number | null)[])[]
}

type Row = Omit<Combination, 'lists'> & { readonly lists: string }

/** Combinations of the runs that a question means, without the lists of the question named. */
export function combinationsOf(
  db: Connection,
  question: RunQuestion,
  columns: readonly ColumnSql[],
  without: readonly FacetField[] = [],
): Combination[] {
  const filter = filterOf(db, question, without)
  const lists = columns.map(({ sql }) => `json_group_array(${sql})`)
  const rows = db.all<Row>(
    `SELECT r.setting_key AS setting, r.kind, r.campaign_key AS campaign,
        r.environment_key AS environment, '[' || ${lists.join(" || ',' || ")} || ']' AS lists
      ${fromClause([...columns, ...filter.columns])} ${filter.where}
      GROUP BY r.setting_key, r.kind, r.campaign_key, r.environment_key`,
    ...filter.values,
  )
  return rows.map((row) => ({ ...row, lists: readJson<Combination['lists']>(row.lists) }))
}

/** Names behind the keys of combinations. */
export type Names = {
  readonly settings: ReadonlyMap<number, Factors>
  readonly campaigns: ReadonlyMap<number, { readonly value: string; readonly label: string }>
  readonly hosts: ReadonlyMap<number, string>
}

/** Reads the small tables behind combinations. */
export function namesOf(db: Connection): Names {
  const settings = db.all<{ key: number; factors: string }>(
    'SELECT setting_key AS key, factors FROM settings',
  )
  const campaigns = db.all<{ key: number; value: string; label: string }>(
    'SELECT campaign_key AS key, id AS value, name AS label FROM campaigns',
  )
  const hosts = db.all<{ key: number; host: string }>(
    "SELECT environment_key AS key, host ->> '$.name' AS host FROM environments WHERE host NOTNULL",
  )
  return {
    settings: new Map(settings.map(({ key, factors }) => [key, readJson<Factors>(factors)])),
    campaigns: new Map(campaigns.map(({ key, value, label }) => [key, { value, label }])),
    hosts: new Map(hosts.map(({ key, host }) => [key, host])),
  }
}
