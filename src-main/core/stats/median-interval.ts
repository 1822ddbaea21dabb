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

/** Above this many values 2^−n leaves double precision, and the normal ranks are as good. */
const EXACT_VALUES_MAX = 1_000

const rankFor = (n: number): number =>
  n <= EXACT_VALUES_MAX ? outerRank(n, 0.025) : Math.floor((n - 1.96 * Math.sqrt(n)) / 2)

/** Order-statistic interval of the median, confidence at least 95 %; null below 6 values. */
export function medianInterval(values: ArrayLike<number>): { lo: number; hi: number } | null {
  const rank = rankFor(values.length)
  if (rank === 0) return null
  const ascending = sorted(values)
  return { lo: ascending[rank - 1]!, hi: ascending[ascending.length - rank]! }
}
