/** The rank test that makes no use of pairs: beside the paired test, for who doubts the pairing. */
import { assert } from '../base/assert.ts'
import { normalCdf } from './distributions.ts'

/** Twice the mid-ranks, so that ties keep whole numbers. */
function doubledRanks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!)
  const ranks = values.map(() => 0)
  for (let start = 0; start < order.length;) {
    let end = start
    while (end < order.length && values[order[end]!] === values[order[start]!]) end += 1
    for (let i = start; i < end; i++) ranks[order[i]!] = start + end + 1
    start = end
  }
  return ranks
}

/** How many subsets of `size` ranks have each sum: the shift algorithm of Streitberg & Röhmel. */
function subsetCounts(ranks: readonly number[], size: number): Float64Array[] {
  const total = ranks.reduce((a, b) => a + b, 0)
  const counts = Array.from({ length: size + 1 }, () => new Float64Array(total + 1))
  counts[0]![0] = 1
  for (const rank of ranks) {
    for (let k = size; k >= 1; k--) {
      for (let s = total; s >= rank; s--) counts[k]![s]! += counts[k - 1]![s - rank]!
    }
  }
  return counts
}

/** Two-sided p of a doubled rank sum that lies `far` from its expectation, and the smallest p. */
type RankP = { readonly p: number; readonly pSmallest: number }

function exactP(ranks: readonly number[], size: number, expected: number, far: number): RankP {
  const counts = subsetCounts(ranks, size)[size]!
  const largest = counts.reduce(
    (most, count, doubled) => (count > 0 ? Math.max(most, Math.abs(doubled - expected)) : most),
    0,
  )
  const share = (distance: number) => {
    let [all, extreme] = [0, 0]
    counts.forEach((count, doubled) => {
      all += count
      if (Math.abs(doubled - expected) >= distance) extreme += count
    })
    return extreme / all
  }
  return { p: share(far), pSmallest: share(largest) }
}

function normalP(ranks: readonly number[], size: number, expected: number, far: number): RankP {
  const n = ranks.length
  const centre = n + 1
  const spread = ranks.reduce((total, rank) => total + (rank - centre) ** 2, 0)
  const variance = (size * (n - size) * spread) / (n * (n - 1))
  if (variance === 0) return { p: 1, pSmallest: 1 }
  const ascending = [...ranks].sort((a, b) => a - b)
  const total = (part: readonly number[]) => part.reduce((a, b) => a + b, 0)
  const largest = Math.max(
    Math.abs(total(ascending.slice(0, size)) - expected),
    Math.abs(total(ascending.slice(-size)) - expected),
  )
  const p = (distance: number) =>
    Math.min(1, 2 * normalCdf(-Math.max(0, distance - 1) / Math.sqrt(variance)))
  return { p: p(far), pSmallest: p(largest) }
}

/** Up to this many values in both samples together the distribution is counted out. */
export const EXACT_VALUES_MAX = 40

/** The rank test's answer. */
export type RankTest = {
  /** Pairs with x > y, ties half. */
  readonly u: number
  readonly p: number
  /** The smallest p that these sizes and ties can reach. */
  readonly pSmallest: number
  readonly exact: boolean
}

/**
 * Two-sided Mann–Whitney (Wilcoxon rank-sum) test. Exact, ties included, up to 40 values in all;
 * beyond, normal with tie and continuity correction.
 */
export function mannWhitney(x: readonly number[], y: readonly number[]): RankTest {
  assert(x.length > 0 && y.length > 0, 'Mann–Whitney needs a value in each sample')
  const ranks = doubledRanks([...x, ...y])
  const doubledSum = ranks.slice(0, x.length).reduce((a, b) => a + b, 0)
  const expected = x.length * (ranks.length + 1)
  const far = Math.abs(doubledSum - expected)
  const exact = ranks.length <= EXACT_VALUES_MAX
  const reached = (exact ? exactP : normalP)(ranks, x.length, expected, far)
  return { u: doubledSum / 2 - (x.length * (x.length + 1)) / 2, ...reached, exact }
}
