/**
 * Two comparisons side by side: which rows speak of the same app and scheme. Nothing is pooled; a
 * row without a partner is named.
 */
import type { Comparison, ComparisonRow, Situation } from '../contract/comparison.ts'

/** Two rows of the same app and scheme. */
export type MatchedRow = {
  readonly group: string
  readonly scheme: string
  readonly first: ComparisonRow
  readonly second: ComparisonRow
}

/** The matched rows, baselines left out, and the rows of each that have no partner. */
export type Match = {
  readonly rows: readonly MatchedRow[]
  readonly onlyFirst: readonly ComparisonRow[]
  readonly onlySecond: readonly ComparisonRow[]
}

/** The id of a scheme within its label. */
const idOf = (scheme: string): string => scheme.replace(/\(.*$/s, '')

/** The one value of a list; undefined where there are none or several. */
const only = <T>(values: readonly T[]): T | undefined =>
  values.length === 1 ? values[0] : undefined

const rowsOf = ({ rows }: Comparison): readonly ComparisonRow[] =>
  rows.filter((row) => !row.isBaseline)

/** The partner of a group: the same name; else the only one of the same app on both sides. */
function partnerGroup(group: string, from: Comparison, to: Comparison): string | undefined {
  if (to.groups.includes(group)) return group
  const shown = ({ situations, groups }: Comparison) =>
    situations.filter((one) => groups.includes(one.group))
  const of = (list: readonly Situation[], app: string) => list.filter((one) => one.app === app)
  const app = shown(from).find((one) => one.group === group)?.app ?? ''
  if (only(of(shown(from), app)) === undefined) return undefined
  return only(of(shown(to), app))?.group
}

/** The partner of a scheme: the same label; else the only one with the same id on both sides. */
function partnerScheme(scheme: string, from: Comparison, to: Comparison): string | undefined {
  if (to.schemes.includes(scheme)) return scheme
  const of = ({ schemes }: Comparison) => schemes.filter((one) => idOf(one) === idOf(scheme))
  return only(of(from)) === undefined ? undefined : only(of(to))
}

/** Matches the rows of two comparisons, in the order of the first. */
export function matchComparisons(first: Comparison, second: Comparison): Match {
  const taken = new Set<ComparisonRow>()
  const rows: MatchedRow[] = []
  const onlyFirst: ComparisonRow[] = []
  for (const row of rowsOf(first)) {
    const group = partnerGroup(row.group, first, second)
    const scheme = partnerScheme(row.scheme, first, second)
    const partner = rowsOf(second).find((one) => one.group === group && one.scheme === scheme)
    if (partner === undefined || taken.has(partner)) {
      onlyFirst.push(row)
      continue
    }
    taken.add(partner)
    rows.push({ group: row.group, scheme: row.scheme, first: row, second: partner })
  }
  return { rows, onlyFirst, onlySecond: rowsOf(second).filter((row) => !taken.has(row)) }
}
