/** The rank test for samples that are not paired, e.g. measured runs without common blocks. */
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

function exactP(ranks: readonly number[], size: number, expected: number, far: number): number {
  const counts = subsetCounts(ranks, size)[size]!
  let all = 0
  let extreme = 0
  counts.forEach((count, doubled) => {
    all += count
    if (Math.abs(doubled - expected) >= far) extreme += count
  })
  return extreme / all
}

function normalP(ranks: readonly number[], size: number, far: number): number {
  const n = ranks.length
  const centre = n + 1
  const spread = ranks.reduce((total, rank) => total + (rank - centre) ** 2, 0)
  const variance = (size * (n - size) * spread) / (n * (n - 1))
  if (variance === 0) return 1
  return Math.min(1, 2 * normalCdf(-Math.max(0, far - 1) / Math.sqrt(variance)))
}

/** Up to this many values in both samples together the distribution is counted out. */
export const EXACT_VALUES_MAX = 40

/**
 * Two-sided Mann–Whitney (Wilcoxon rank-sum) test. `u` counts the pairs with x > y, ties half.
 * Exact, ties included, up to 40 values in all; beyond, normal with tie and continuity correction.
 */
export function mannWhitney(
  x: readonly number[],
  y: readonly number[],
): { readonly u: number; readonly p: number; readonly exact: boolean } {
  assert(x.length > 0 && y.length > 0, 'Mann–Whitney needs a value in each sample')
  const ranks = doubledRanks([...x, ...y])
  const doubledSum = ranks.slice(0, x.length).reduce((a, b) => a + b, 0)
  const expected = x.length * (ranks.length + 1)
  const far = Math.abs(doubledSum - expected)
  const exact = ranks.length <= EXACT_VALUES_MAX
  const p = exact ? exactP(ranks, x.length, expected, far) : normalP(ranks, x.length, far)
  return { u: doubledSum / 2 - (x.length * (x.length + 1)) / 2, p, exact }
}
