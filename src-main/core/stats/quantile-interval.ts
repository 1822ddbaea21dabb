/** A confidence interval of any quantile that assumes nothing but independent values. */
import type { Estimate } from '../contract/comparison.ts'
import { quantileOfSorted, sorted } from './descriptive.ts'

/** P(Binomial(n, at) ≤ k) for k = 0 … n, by the ratio of neighbouring terms. */
function binomialCdf(n: number, at: number): Float64Array {
  const cdf = new Float64Array(n + 1)
  let term = (1 - at) ** n
  let below = 0
  for (let k = 0; k <= n; k++) {
    below += term
    cdf[k] = below
    term *= ((n - k) / (k + 1)) * (at / (1 - at))
  }
  return cdf
}

const TAIL = 0.025

/**
 * The quantile `at` (0 < at < 1) with the order statistics that hold it with 95 % confidence; null
 * on a side where there are too few values. Meant for up to a few hundred values.
 */
export function quantileEstimate(values: ArrayLike<number>, at: number): Estimate {
  const ascending = sorted(values)
  const n = ascending.length
  const cdf = binomialCdf(n, at)
  // as many values lie below the quantile as a binomial says
  let lower = 0
  while (lower < n && cdf[lower]! <= TAIL) lower++
  let upper = n
  while (upper > 0 && 1 - cdf[upper - 1]! <= TAIL) upper--
  return {
    value: quantileOfSorted(ascending, at),
    lo: lower > 0 ? ascending[lower - 1]! : null,
    hi: upper < n ? ascending[upper]! : null,
  }
}
