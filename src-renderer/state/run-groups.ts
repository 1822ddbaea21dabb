/** Groups of runs on the screen: their order, and the filters that lead to their runs. */
import type { RunGroup } from '../../src-main/core/contract/library.ts'
import type { Condition, GroupKey } from '../../src-main/core/contract/run-columns.ts'
import { formatWhere } from '../../src-main/core/contract/where-text.ts'
import type { FacetName } from './run-query.ts'

/** A key by its place, or a figure. */
export type GroupSort = {
  readonly column: number | Exclude<keyof RunGroup, 'key' | 'lo' | 'hi'> | 'interval'
  readonly descending: boolean
}

/** Groups in order; those without the value come last. */
export function sortGroups(groups: readonly RunGroup[], sort: GroupSort): RunGroup[] {
  const sign = sort.descending ? -1 : 1
  return [...groups].sort((a, b) => {
    const [one, other] = [valueOf(a, sort.column), valueOf(b, sort.column)]
    if (one === other) return 0
    if (one === null) return 1
    if (other === null) return -1
    const isLess =
      typeof one === 'number' && typeof other === 'number' ? one < other : `${one}` < `${other}`
    return isLess ? -sign : sign
  })
}

function valueOf(group: RunGroup, column: GroupSort['column']): string | number | boolean | null {
  if (typeof column === 'number') return group.key[column] ?? null
  if (column !== 'interval') return group[column]
  return group.lo === null || group.hi === null ? null : group.hi - group.lo
}

const FACETS: Partial<Record<GroupKey, FacetName>> = {
  app: 'app',
  scheme: 'scheme',
  mix: 'mix',
  host: 'host',
}

/**
 * Link parameters that show a group's runs, beside the conditions that there are already; what a
 * group has no value of narrows nothing.
 */
export function narrowedTo(
  group: RunGroup,
  by: readonly GroupKey[],
  before = '',
): Record<string, string> {
  const params: Record<string, string> = { by: '', kind: group.kind }
  const where: Condition[] = []
  by.forEach((key, at) => {
    const value = group.key[at] ?? null
    if (value === null) return
    const facet = FACETS[key]
    if (facet !== undefined) params[facet] = String(value)
    else {
      const plain = typeof value === 'boolean' ? Number(value) : value
      where.push({ column: key, operator: '=', value: plain })
    }
  })
  const text = [before, formatWhere(where)].filter((part) => part !== '').join(' and ')
  return { ...params, where: text }
}
