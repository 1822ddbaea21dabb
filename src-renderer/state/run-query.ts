/** The library's question as link parameters and back, so that a filtered table can be linked. */
import {
  furtherName,
  GroupKeySchema,
  OWN_COLUMNS,
} from '../../src-main/core/contract/run-columns.ts'
import type {
  ColumnId,
  Condition,
  FurtherColumn,
  GroupKey,
} from '../../src-main/core/contract/run-columns.ts'
import { columnOf, formatWhere, parseWhere } from '../../src-main/core/contract/where-text.ts'
import type { Facets, RunQuery, RunQuestion } from '../../src-main/core/contract/library.ts'
import type { ViewState } from '../../src-main/core/contract/library-view.ts'
import * as v from 'valibot'

/** Which list of the library is open. */
export type LibraryTab = 'runs' | 'campaigns' | 'trash'

/** Facets and the query field that each narrows. */
export const FACET_FIELDS = {
  campaign: 'campaignIds',
  app: 'apps',
  scheme: 'schemes',
  mix: 'mixes',
  host: 'hosts',
  tag: 'tags',
  kind: 'kinds',
} as const satisfies Record<keyof Facets, keyof RunQuery>

/** One facet's name. */
export type FacetName = keyof typeof FACET_FIELDS

/** Facets in the order of the screen. */
export const FACET_NAMES = Object.keys(FACET_FIELDS) as FacetName[]

/** Columns that the table can be sorted by. */
export type SortKey = RunQuery['sort']

// Scheme labels hold commas, so lists are joined with a character that no label has.
const SEPARATOR = '|'

const NARROWING = [...FACET_NAMES, 'q', 'where']

type Params = Readonly<Record<string, string>>

const listOf = (text: string | undefined): string[] =>
  (text ?? '').split(SEPARATOR).filter((value) => value !== '')

/** The values that a facet is narrowed to. */
export const facetValues = (params: Params, facet: FacetName): string[] => listOf(params[facet])

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
  Object.fromEntries(NARROWING.map((name) => [name, '']))

/** Whether anything narrows the table. */
export const isNarrowed = (params: Params): boolean =>
  NARROWING.some((name) => (params[name] ?? '') !== '')

/** The open list. */
export const tabOf = (params: Params): LibraryTab =>
  params['tab'] === 'campaigns' || params['tab'] === 'trash' ? params['tab'] : 'runs'

/** The conditions that the parameters put on columns; none while the text cannot be read. */
function conditionsOf(params: Params): Condition[] {
  const result = parseWhere(params['where'] ?? '')
  return result.ok ? result.value : []
}

/** Which runs the parameters mean. */
export function questionOf(params: Params): RunQuestion {
  const kinds = facetValues(params, 'kind').filter((kind) => isKind(kind))
  return {
    search: params['q'] ?? '',
    kinds,
    campaignIds: facetValues(params, 'campaign'),
    apps: facetValues(params, 'app'),
    schemes: facetValues(params, 'scheme'),
    mixes: facetValues(params, 'mix'),
    hosts: facetValues(params, 'host'),
    tags: facetValues(params, 'tag'),
    where: conditionsOf(params),
    trashed: tabOf(params) === 'trash',
  }
}

/** What the parameters show: the question with its order, columns and groups. */
export function viewOf(params: Params): ViewState {
  return {
    ...questionOf(params),
    sort: columnId(params['sort'] ?? '') ?? 'createdAt',
    descending: params['dir'] !== 'up',
    columns: listOf(params['cols']).flatMap((name) => columnId(name) ?? []),
    differing: params['diff'] === '1',
    by: groupKeysOf(params),
    measure: columnId(params['of'] ?? '') ?? 'timeNs',
  }
}

/** The runs that a view lists; a run's own columns need not be asked for. */
export const runsOf = (view: ViewState): Omit<RunQuery, 'offset' | 'limit'> => ({
  ...view,
  columns: view.columns.filter((id): id is FurtherColumn => furtherName(id) !== null),
})

/** The parameters that show a view: those of `viewOf` backwards, and empty ones for the rest. */
export function paramsOf(view: ViewState): Record<string, string> {
  const facets = FACET_NAMES.map((name) => [name, view[FACET_FIELDS[name]].join(SEPARATOR)])
  return {
    ...(Object.fromEntries(facets) as Record<string, string>),
    q: view.search,
    where: formatWhere(view.where),
    tab: view.trashed ? 'trash' : '',
    sort: view.sort === 'createdAt' ? '' : view.sort,
    dir: view.descending ? '' : 'up',
    cols: view.columns.join(SEPARATOR),
    diff: view.differing ? '1' : '',
    by: view.by.join(SEPARATOR),
    of: view.measure === 'timeNs' ? '' : view.measure,
  }
}

/** What runs are put into groups by; nothing: they are listed. */
export const groupKeysOf = (params: Params): GroupKey[] =>
  listOf(params['by']).filter((key): key is GroupKey => v.is(GroupKeySchema, key))

/** Parameters for a list of columns or of group keys. */
export const joined = (ids: readonly string[]): string => ids.join(SEPARATOR)

/** Parameters after a click on a column's header: ascending, descending, then as at first. */
export function toggleSort(params: Params, sort: SortKey): Record<string, string> {
  if (params['sort'] !== sort) return { sort, dir: 'up' }
  return params['dir'] === 'up' ? { sort, dir: '' } : { sort: '', dir: '' }
}

/** A column by its id; a name alone is none here. */
function columnId(name: string): ColumnId | null {
  if (name in OWN_COLUMNS) return name as ColumnId
  return /^(metric|setting):/.test(name) ? columnOf(name) : null
}

function isKind(text: string): text is RunQuery['kinds'][number] {
  return text === 'simulated' || text === 'measured' || text === 'counterfactual'
}
