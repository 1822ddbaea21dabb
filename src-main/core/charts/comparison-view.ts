/** Look-ups in a Comparison that several charts and the report share. */
import type { Comparison, ComparisonRow, ReferenceBand } from '../contract/comparison.ts'
import { finiteOrNull } from './chart-text.ts'

/** Rows by group and scheme; a missing pair is undefined. */
export type RowLookup = (group: string, scheme: string) => ComparisonRow | undefined

/** Indexes the rows of a comparison. */
export function rowLookup(comparison: Comparison): RowLookup {
  const rows = new Map(comparison.rows.map((r) => [JSON.stringify([r.group, r.scheme]), r]))
  return (group, scheme) => rows.get(JSON.stringify([group, scheme]))
}

/** The schemes other than the baseline, in order. */
export const contenders = (comparison: Comparison): readonly string[] =>
  comparison.schemes.filter((s) => s !== comparison.baseline)

/** The schemes other than the baseline that have at least one row, in order. */
export function comparedSchemes(comparison: Comparison): readonly string[] {
  const withRows = new Set(comparison.rows.map((r) => r.scheme))
  return contenders(comparison).filter((s) => withRows.has(s))
}

/** T / T_baseline of each repetition that the baseline has the seed of. */
export function pairedRatios(
  row: ComparisonRow,
  baseline: ComparisonRow | undefined,
): readonly { seed: number; ratio: number }[] {
  if (baseline === undefined) return []
  const bySeed = new Map(baseline.sample.seeds.map((s, i) => [s, baseline.sample.valuesNs[i]]))
  return row.sample.seeds.flatMap((seed, i) => {
    const ratio = finiteOrNull((row.sample.valuesNs[i] ?? Number.NaN) / (bySeed.get(seed) ?? 0))
    return ratio === null ? [] : [{ seed, ratio }]
  })
}

/** Which of the two readings of "improvement" a published figure is taken as. */
export type ImprovementReading = 'speedup' | 'timeSaved'

/** An improvement as T / T_baseline: 1/(1+i) for speed-up, 1−i for time saved. */
export const improvementToRatio = (improvement: number, reading: ImprovementReading): number =>
  reading === 'speedup' ? 1 / (1 + improvement) : 1 - improvement

/** A band of improvements as a band of time ratios, lo ≤ hi. */
export function bandAsRatio(band: ReferenceBand, reading: ImprovementReading) {
  const ends = [improvementToRatio(band.lo, reading), improvementToRatio(band.hi, reading)]
  return {
    lo: Math.min(...ends),
    hi: Math.max(...ends),
    mean: improvementToRatio(band.mean, reading),
  }
}

/** At most `max` of the values, by rank, both extremes kept; all of them if they are few. */
export function thinByRank<T>(
  values: readonly T[],
  key: (v: T) => number,
  max: number,
): readonly T[] {
  if (values.length <= max) return values
  const sorted = values.toSorted((a, b) => key(a) - key(b))
  const step = (sorted.length - 1) / (max - 1)
  return Array.from({ length: max }, (_, i) => sorted[Math.round(i * step)] as T)
}

/**
 * The scheme with the lowest geometric mean of time ratios, the baseline aside; the first of
 * equals. Null when no scheme but the baseline has a row.
 */
export function bestScheme(comparison: Comparison): string | null {
  const compared = new Set(comparedSchemes(comparison))
  const summaries = comparison.summaries.filter((s) => compared.has(s.scheme))
  const rank = (r: number) => (Number.isFinite(r) ? r : Number.POSITIVE_INFINITY)
  const best = summaries.reduce<(typeof summaries)[number] | null>(
    (b, s) => (b && rank(b.geomeanRatio.value) <= rank(s.geomeanRatio.value) ? b : s),
    null,
  )
  return best?.scheme ?? comparedSchemes(comparison)[0] ?? null
}
