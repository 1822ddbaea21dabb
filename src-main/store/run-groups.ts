/** Runs in groups, with the averages over repetitions that a table of runs is asked for. */
import {
  GROUPS_MAX,
  type GroupQuery,
  type RunGroup,
  type RunGroups,
} from '../core/contract/library.ts'
import { isNumeric, type GroupKey } from '../core/contract/run-columns.ts'
import { mean, median, standardDeviation } from '../core/stats/descriptive.ts'
import { meanInterval } from '../core/stats/mean-interval.ts'
import type { Connection } from './connection.ts'
import { combinationsOf, namesOf, type Combination, type Names } from './run-combinations.ts'
import { columnSql, numericSql, type ColumnSql } from './run-sources.ts'

type Key = RunGroup['key'][number]

/** A group while it is being filled. */
type Group = {
  readonly kind: RunGroup['kind']
  readonly key: readonly Key[]
  readonly settings: Set<number>
  readonly values: number[]
  runs: number
}

/** See StoreOperations. */
export function groupRuns(db: Connection, query: GroupQuery): RunGroups {
  const measure = unlessExcluded(numericSql(db, query.measure, isNumeric(query.measure)))
  const seed = query.by.includes('seed') ? [columnSql(db, 'seed')] : []
  const names = namesOf(db)
  const groups = new Map<string, Group>()
  for (const one of combinationsOf(db, query, [measure, ...seed])) {
    const key = query.by.map((by) => sharedKey(one, by, names))
    const [values = [], seeds] = one.lists
    if (seeds === undefined) fill(groups, one, key, values)
    else {
      const at = query.by.indexOf('seed')
      seeds.forEach((value, i) => fill(groups, one, key.with(at, value), [values[i] ?? null]))
    }
  }
  const all = [...groups.values()].sort(byKey)
  return { groups: all.slice(0, GROUPS_MAX).map(summarise), total: all.length }
}

/** An excluded run is one of its group, but takes no part in the group's figures. */
const unlessExcluded = ({ sql, join }: ColumnSql): ColumnSql => ({
  sql: `iif(r.run_key IN (SELECT run_key FROM exclusions), NULL, ${sql})`,
  join,
})

/** What all runs of a combination have in common; null of the seed, which they do not. */
function sharedKey(one: Combination, by: GroupKey, { settings, campaigns, hosts }: Names): Key {
  const factors = settings.get(one.setting)!
  if (by === 'campaign') return campaigns.get(one.campaign ?? -1)?.label ?? null
  if (by === 'host') return hosts.get(one.environment) ?? null
  if (by === 'seed') return null
  if (by.startsWith('setting:')) return factors.vary[by.slice('setting:'.length)] ?? null
  return factors[by as 'app' | 'scheme' | 'mix' | 'overcommit']
}

function fill(
  groups: Map<string, Group>,
  { kind, setting }: Combination,
  key: readonly Key[],
  values: readonly (number | null)[],
): void {
  const name = JSON.stringify([kind, key])
  const group = groups.get(name) ?? { kind, key, settings: new Set(), values: [], runs: 0 }
  groups.set(name, group)
  group.settings.add(setting)
  group.runs += values.length
  for (const value of values) if (value !== null) group.values.push(value)
}

function byKey(a: Group, b: Group): number {
  const at = a.key.findIndex((value, i) => value !== b.key[i])
  if (at < 0) return a.kind < b.kind ? -1 : 1
  const [one, other] = [a.key[at] ?? '', b.key[at] ?? '']
  if (typeof one === 'number' && typeof other === 'number') return one - other
  return String(one) < String(other) ? -1 : 1
}

function summarise({ kind, key, settings, values, runs }: Group): RunGroup {
  const all = Float64Array.from(values)
  const count = all.length
  const group = { kind, key: [...key], runs, count, settings: settings.size }
  const none = { median: null, mean: null, lo: null, hi: null, min: null, max: null }
  if (count === 0) return { ...group, ...none }
  const centre = mean(all)
  const interval = meanInterval(count, centre, standardDeviation(all))
  const min = all.reduce((a, b) => Math.min(a, b))
  const max = all.reduce((a, b) => Math.max(a, b))
  return { ...group, median: median(all), mean: centre, ...interval, min, max }
}
