/** A confidence interval of the median that assumes nothing but independent values. */
import { sorted } from './descriptive.ts'

/** Below this many values no two order statistics hold the median with 95 % confidence. */
export const MEDIAN_INTERVAL_MIN = 6

/** The largest rank k (1-based) with P(Binomial(n, ½) < k) ≤ tail; 0 where there is none. */
function outerRank(n: number, tail: number): number {
  let probability = 2 ** -n
  let below = probability
  let rank = 0
  while (below <= tail && rank < n / 2) {
    rank += 1
    probability *= (n - rank + 1) / rank
    below += probability
  }
  return rank
}

/**
 * Order-statistic interval of the median, confidence at least 95 %; null below 6 values. Up to 1,000
 * values, beyond which 2^−n leaves double precision.
 */
export function medianInterval(values: ArrayLike<number>): { lo: number; hi: number } | null {
  const rank = outerRank(Math.min(values.length, 1000), 0.025)
  if (values.length < MEDIAN_INTERVAL_MIN || rank === 0) return null
  const ascending = sorted(values)
  return { lo: ascending[rank - 1]!, hi: ascending[ascending.length - rank]! }
}
