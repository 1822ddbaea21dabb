/** The library's question as link parameters and back, so that a filtered table can be linked. */
import type { Facets, RunQuery } from '../../src-main/core/contract/library.ts'

/** Which list of the library is open. */
export type LibraryTab = 'runs' | 'campaigns' | 'trash'

/** Facets and the query field that each narrows. */
export const FACET_FIELDS = {
  campaign: 'campaignIds',
  app: 'apps',
  scheme: 'schemes',
  mix: 'mixes',
  tag: 'tags',
  kind: 'kinds',
} as const satisfies Record<keyof Facets, keyof RunQuery>

/** One facet's name. */
export type FacetName = keyof typeof FACET_FIELDS

/** Facets in the order of the screen. */
export const FACET_NAMES = Object.keys(FACET_FIELDS) as FacetName[]

/** Columns that the table can be sorted by. */
export type SortKey = RunQuery['sort']

const SORTS: readonly SortKey[] = [
  'createdAt',
  'name',
  'app',
  'scheme',
  'mix',
  'seed',
  'timeNs',
  'events',
]

// Scheme labels hold commas, so lists are joined with a character that no label has.
const SEPARATOR = '|'

type Params = Readonly<Record<string, string>>

/** The values that a facet is narrowed to. */
export const facetValues = (params: Params, facet: FacetName): string[] =>
  (params[facet] ?? '').split(SEPARATOR).filter((value) => value !== '')

/** Parameters after a value of a facet was switched on or off. */
export function toggleFacet(
  params: Params,
  facet: FacetName,
  value: string,
): Record<string, string> {
  const now = facetValues(params, facet)
  const next = now.includes(value) ? now.filter((other) => other !== value) : [...now, value]
  return { [facet]: next.join(SEPARATOR) }
}

/** Parameters that take all narrowing away. */
export const clearedFacets = (): Record<string, string> =>
  Object.fromEntries([...FACET_NAMES, 'q'].map((name) => [name, '']))

/** Whether anything narrows the table. */
export const isNarrowed = (params: Params): boolean =>
  [...FACET_NAMES, 'q'].some((name) => (params[name] ?? '') !== '')

/** The open list. */
export const tabOf = (params: Params): LibraryTab =>
  params['tab'] === 'campaigns' || params['tab'] === 'trash' ? params['tab'] : 'runs'

/** The question that the parameters ask, without offset and limit. */
export function queryOf(params: Params): Omit<RunQuery, 'offset' | 'limit'> {
  const kinds = facetValues(params, 'kind').filter((kind) => isKind(kind))
  return {
    search: params['q'] ?? '',
    kinds,
    campaignIds: facetValues(params, 'campaign'),
    apps: facetValues(params, 'app'),
    schemes: facetValues(params, 'scheme'),
    mixes: facetValues(params, 'mix'),
    tags: facetValues(params, 'tag'),
    trashed: tabOf(params) === 'trash',
    sort: SORTS.find((sort) => sort === params['sort']) ?? 'createdAt',
    descending: params['dir'] !== 'up',
  }
}

/** Parameters after a click on a column's header: ascending, descending, then as at first. */
export function toggleSort(params: Params, sort: SortKey): Record<string, string> {
  if (params['sort'] !== sort) return { sort, dir: 'up' }
  return params['dir'] === 'up' ? { sort, dir: '' } : { sort: '', dir: '' }
}

function isKind(text: string): text is RunQuery['kinds'][number] {
  return text === 'simulated' || text === 'measured' || text === 'counterfactual'
}
