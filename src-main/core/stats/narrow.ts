/**
 * A comparison narrowed to some of its groups and schemes. What was tested stays what it was: p is
 * corrected over all rows, so that looking at few of them finds nothing more.
 */
import type { Comparison, ComparisonRow, SchemeSummary, Situation } from '../contract/comparison.ts'
import { bandApplies } from './band-check.ts'
import { summariseScheme } from './summarise-scheme.ts'
import type { Pairs } from './paired-series.ts'

/** What is kept; an empty list keeps all. Overcommits as `overcommitLevel` names them. */
export type Narrowing = {
  readonly apps: readonly string[]
  readonly mixes: readonly string[]
  readonly overcommits: readonly string[]
  readonly schemes: readonly string[]
}

/** The name of a level of the overcommit. */
export const overcommitLevel = (overcommit: number | null): string =>
  overcommit === null ? 'as the mix' : String(overcommit)

const keeps = (list: readonly string[], value: string): boolean =>
  list.length === 0 || list.includes(value)

/** Groups that are kept, in order. */
export const narrowedGroups = (
  situations: readonly Situation[],
  { apps, mixes, overcommits }: Narrowing,
): readonly string[] =>
  situations
    .filter(
      ({ app, mix, overcommit }) =>
        keeps(apps, app) && keeps(mixes, mix) && keeps(overcommits, overcommitLevel(overcommit)),
    )
    .map(({ group }) => group)

/** The pairs of a row with the baseline's row of its group. */
function pairsOf(row: ComparisonRow, baseline: ComparisonRow | undefined): Pairs {
  const bySeed = new Map(baseline?.sample.seeds.map((seed, i) => [seed, i]))
  const found = row.sample.seeds.flatMap((seed, i) => {
    const at = bySeed.get(seed)
    const baseNs = at === undefined ? undefined : baseline?.sample.valuesNs[at]
    return baseNs === undefined ? [] : [{ seed, timeNs: row.sample.valuesNs[i]!, baseNs }]
  })
  return {
    seeds: found.map(({ seed }) => seed),
    timesNs: Float64Array.from(found, ({ timeNs }) => timeNs),
    baselineNs: Float64Array.from(found, ({ baseNs }) => baseNs),
    logRatios: Float64Array.from(found, ({ timeNs, baseNs }) => Math.log(timeNs / baseNs)),
  }
}

function summariesOf(
  { summaries, baseline }: Comparison,
  rows: readonly ComparisonRow[],
  schemes: readonly string[],
): SchemeSummary[] {
  const base = new Map(rows.filter((row) => row.isBaseline).map((row) => [row.group, row]))
  return summaries.flatMap(({ scheme }) => {
    if (!schemes.includes(scheme)) return []
    const own = rows.filter((row) => row.scheme === scheme)
    const paired = own.map((row) => pairsOf(row, base.get(row.group)))
    return summariseScheme(scheme, scheme === baseline, paired, own) ?? []
  })
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0)

/** Runs of what is left, by what became of them. */
function countsOf(rows: readonly ComparisonRow[], omitted: Comparison['omitted']) {
  return {
    finishedRuns: sum(rows, (row) => row.sample.n) + sum(omitted, (row) => row.runs),
    failedRuns: sum(rows, (row) => row.failed) + sum(omitted, (row) => row.failed),
    missingRuns:
      sum(rows, (row) => row.pairs + row.missing - row.sample.n) +
      sum(omitted, (row) => row.missing - row.runs),
    notNeededRuns: sum(rows, (row) => row.notNeeded),
  }
}

/** The comparison of some groups and schemes; the baseline is always kept. */
export function narrowComparison(comparison: Comparison, narrowing: Narrowing): Comparison {
  const { baseline } = comparison
  const groups = narrowedGroups(comparison.situations, narrowing)
  const schemes = comparison.schemes.filter(
    (scheme) => scheme === baseline || keeps(narrowing.schemes, scheme),
  )
  const isSame =
    groups.length === comparison.groups.length && schemes.length === comparison.schemes.length
  if (isSame) return comparison
  // A choice of schemes alone leaves their figures as they are.
  const keepsGroups = groups.length === comparison.groups.length
  const isKept = (row: { group: string; scheme: string }) =>
    groups.includes(row.group) && schemes.includes(row.scheme)
  const rows = comparison.rows.filter(isKept)
  const omitted = comparison.omitted.filter(isKept)
  const { evidence } = comparison
  return {
    ...comparison,
    groups: [...groups],
    schemes,
    rows,
    omitted,
    excluded: comparison.excluded.filter(isKept),
    summaries: keepsGroups
      ? comparison.summaries.filter(({ scheme }) => schemes.includes(scheme))
      : summariesOf(comparison, rows, schemes),
    bands: comparison.bands.filter((band) => bandApplies(band, { baseline, rows })),
    evidence: evidence === null ? null : { ...evidence, rows: evidence.rows.filter(isKept) },
    method:
      `${comparison.method} Shown: ${groups.length} of ${comparison.groups.length} groups, ` +
      `${schemes.length} of ${comparison.schemes.length} schemes; p stays corrected over all rows.`,
    ...countsOf(rows, omitted),
  }
}
