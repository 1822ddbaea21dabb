/**
 * The four-way verdict, and the words for it. One rule, for simulated and measured runs alike:
 *
 * 1. fewer than 6 pairs → inconclusive: the sign-flip test cannot reach p ≤ 0.05 (2^(1−5) = 0.0625)
 *    and no distribution-free 95 % interval exists. Also where every pair agrees to the last digit:
 *    the pairs are a sample of seeds, and a small sample stays small.
 * 2. the whole 95 % CI of the ratio lies in [1 / (1 + margin), 1 + margin] → equivalent. This comes
 *    before significance: a difference below the margin is not a finding, however certain.
 * 3. the CI excludes 1 and the corrected p ≤ 0.05 → better (ratio < 1) or worse (ratio > 1).
 * 4. anything else → inconclusive.
 *
 * The rule is symmetric: swapping scheme and baseline swaps better and worse. Rule 2 is not
 * corrected for the number of comparisons. Of deterministic runs the seeds are the sample.
 */
import type { ComparisonRow, Estimate, Verdict } from '../contract/comparison.ts'
import { EXACT_PAIRS_MAX } from './permutation.ts'

/** Largest corrected p that counts as significant. */
export const ALPHA = 0.05
/** Below this many pairs no verdict but `inconclusive`. */
export const PAIRS_MIN = 6

/** Pairs from which Holm's correction over this many comparisons can reach p ≤ 0.05, all alike. */
export function pairsForFamily(comparisons: number): number {
  const exact = 1 + Math.ceil(Math.log2(Math.max(1, comparisons) / ALPHA))
  return Math.min(EXACT_PAIRS_MAX + 1, Math.max(PAIRS_MIN, exact))
}

/** What the verdict is made of. */
export type VerdictInput = {
  readonly pairs: number
  readonly ratio: Estimate
  /** Corrected p. */
  readonly p: number | null
  /** Campaign's equivalence margin, e.g. 0.02. */
  readonly margin: number
}

const withinMargin = (lo: number, hi: number, margin: number): boolean =>
  lo >= 1 / (1 + margin) && hi <= 1 + margin

/** The verdict by the rule at the top of this file. */
export function verdictOf({ pairs, ratio, p, margin }: VerdictInput): Verdict {
  if (pairs < PAIRS_MIN || ratio.lo === null || ratio.hi === null) return 'inconclusive'
  if (withinMargin(ratio.lo, ratio.hi, margin)) return 'equivalent'
  if (p === null || p > ALPHA) return 'inconclusive'
  if (ratio.hi < 1) return 'better'
  return ratio.lo > 1 ? 'worse' : 'inconclusive'
}

const percent = (fraction: number): string => `${Number((fraction * 100).toPrecision(3))} %`
const round = (p: number): number => Number(p.toPrecision(2))

function whyInconclusive(row: ComparisonRow, margin: number, comparisons: number): string {
  const pairs = row.pairs === 1 ? '1 pair' : `${row.pairs} pairs`
  if (row.pairs < PAIRS_MIN) {
    return `${pairs}: p cannot reach ${ALPHA}, which takes ${PAIRS_MIN}`
  }
  if (row.p === null || row.pSmallest === null) return `${pairs}: no test`
  if (row.pSmallest > ALPHA) {
    const floor = `corrected over ${comparisons} comparisons p cannot fall below`
    const needed = `it takes ${pairsForFamily(comparisons)} pairs`
    return `${pairs}: ${floor} ${row.pSmallest.toFixed(2)}; ${needed}`
  }
  if (row.p > ALPHA) return `corrected p = ${round(row.p)} is above ${ALPHA}`
  return `the interval includes 1 and exceeds the margin of ±${percent(margin)}`
}

/** Why a row has its verdict, in one line. `comparisons`: rows with a p, see `familySize`. */
export function explainVerdict(row: ComparisonRow, margin: number, comparisons: number): string {
  if (row.isBaseline) return 'baseline'
  if (row.verdict === 'inconclusive') return whyInconclusive(row, margin, comparisons)
  if (row.verdict === 'equivalent') {
    return `the whole interval is within the margin of ±${percent(margin)}`
  }
  return `the interval excludes 1 and corrected p = ${round(row.p ?? 1)} ≤ ${ALPHA}`
}

/** How many comparisons the correction is over: the rows that were tested. */
export const familySize = (rows: readonly ComparisonRow[]): number =>
  rows.filter((row) => row.p !== null).length

/** Sign of a verdict, always shown beside the word and any colour; time goes down when better. */
export const VERDICT_SIGNS: Readonly<Record<Verdict, string>> = {
  better: '↓',
  worse: '↑',
  equivalent: '=',
  inconclusive: '~',
}
