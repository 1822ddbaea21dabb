/** The counts beside each filter, added up from one reading of the runs that the search finds. */
import type { Facets, RunQuestion } from '../core/contract/library.ts'
import type { Connection } from './connection.ts'
import { combinationsOf, namesOf, type Combination, type Names } from './run-combinations.ts'
import type { FacetField } from './run-filter.ts'

type Facet = Facets['kind']
type Named = { readonly value: string; readonly label: string }
type Counts = Map<string, { readonly label: string; readonly count: number }>

/** A facet whose value all runs of a combination share. */
type Shared = Exclude<FacetField, 'tags'>

/** What a combination is for a facet; null where it has no such value. */
type Read = (combination: Combination) => Named | null

/** Tags by run. */
type Tags = ReadonlyMap<number, readonly string[]>

const RUN_KEY = { sql: 'r.run_key', join: '' }
const SHARED: readonly Shared[] = ['kinds', 'campaignIds', 'apps', 'schemes', 'mixes', 'hosts']

/** See StoreOperations. */
export function facets(db: Connection, question: RunQuestion): Facets {
  const reads = readsOf(namesOf(db))
  const tags = tagsByRun(db)
  const all = combinationsOf(db, question, [RUN_KEY], [...SHARED, 'tags'])
  const runsOf = ({ lists: [keys = []] }: Combination): readonly (number | null)[] =>
    question.tags.length === 0
      ? keys
      : keys.filter((key) => tags.get(key!)?.some((tag) => question.tags.includes(tag)))
  const of = (own: Shared): Facet => {
    const read = reads[own]
    const counts: Counts = new Map()
    for (const one of allowed(all, question, reads, own)) {
      const found = read(one)
      if (found !== null) count(counts, found, runsOf(one).length)
    }
    return sorted(counts)
  }
  return {
    ...{ kind: of('kinds'), campaign: of('campaignIds'), app: of('apps'), scheme: of('schemes') },
    ...{ mix: of('mixes'), host: of('hosts') },
    tag: tagFacet(allowed(all, question, reads, null), tags),
  }
}

function readsOf({ settings, campaigns, hosts }: Names): Readonly<Record<Shared, Read>> {
  const setting =
    (name: 'app' | 'scheme' | 'mix'): Read =>
    (one) =>
      named(settings.get(one.setting)?.[name])
  return {
    kinds: ({ kind }) => named(kind),
    campaignIds: ({ campaign }) => (campaign === null ? null : (campaigns.get(campaign) ?? null)),
    apps: setting('app'),
    schemes: setting('scheme'),
    mixes: setting('mix'),
    hosts: ({ environment }) => named(hosts.get(environment)),
  }
}

const named = (text: string | undefined): Named | null =>
  text === undefined ? null : { value: text, label: text }

function tagsByRun(db: Connection): Tags {
  const tags = new Map<number, string[]>()
  for (const { key, tag } of db.all<{ key: number; tag: string }>(
    'SELECT run_key AS key, tag FROM run_tags',
  )) {
    const known = tags.get(key)
    if (known === undefined) tags.set(key, [tag])
    else known.push(tag)
  }
  return tags
}

/** The combinations that all facets but a facet's own let through. */
function allowed(
  all: readonly Combination[],
  question: RunQuestion,
  reads: Readonly<Record<Shared, Read>>,
  own: Shared | null,
): readonly Combination[] {
  const narrowing = SHARED.filter((field) => field !== own && question[field].length > 0)
  const tests = narrowing.map((field) => {
    const values = new Set<string>(question[field])
    return (one: Combination): boolean => values.has(reads[field](one)?.value ?? '')
  })
  return tests.length === 0 ? all : all.filter((one) => tests.every((test) => test(one)))
}

function tagFacet(all: readonly Combination[], tags: Tags): Facet {
  const counts: Counts = new Map()
  if (tags.size === 0) return []
  for (const { lists } of all) {
    for (const key of lists[0] ?? []) {
      for (const tag of tags.get(key!) ?? []) count(counts, { value: tag, label: tag }, 1)
    }
  }
  return sorted(counts)
}

function count(counts: Counts, { value, label }: Named, more: number): void {
  if (more > 0) counts.set(value, { label, count: (counts.get(value)?.count ?? 0) + more })
}

const sorted = (counts: Counts): Facet =>
  [...counts]
    .map(([value, rest]) => ({ value, ...rest }))
    .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1))
