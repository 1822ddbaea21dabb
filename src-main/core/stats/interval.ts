/**
 * The one rule by which every mean, ratio and summary gets its 95 % interval. All of them are
 * positive, so the work is done on the logarithm: intervals stay positive and swapping baseline and
 * scheme inverts them.
 *
 * - degrees of freedom (observations − strata) ≥ 5: BCa bootstrap, tails widened for small samples,
 *   and on neither side nearer than Student's t: of 6 to 20 heavy-tailed values BCa alone covers
 *   91 % where it says 95 (docs/figures/statistics.md, docs/adr/0070);
 * - 1 … 4: Student's t on the log scale, from the influence values, because a bootstrap of so few
 *   values cannot cover 95 % (75 % at n = 3, 90 % at n = 5 by simulation);
 * - a stratum of one observation: none, its variance is unknown.
 */
import type { Estimate } from '../contract/comparison.ts'
import { bootstrapInterval } from './bootstrap.ts'
import { sum } from './descriptive.ts'
import { studentTwoSided } from './distributions.ts'
import { seedOf } from './random.ts'

/** From this many degrees of freedom on, the interval is a bootstrap interval. */
export const BOOTSTRAP_DF_MIN = 5

/** An estimator on the log scale. */
export type LogEstimator = {
  /** Sizes of the strata, each resampled within itself. */
  readonly strata: readonly number[]
  /** Logarithm of the estimate for the observations at these indices. */
  readonly statistic: (indices: Int32Array) => number
  /** Empirical influence of each observation on that logarithm, divided by its stratum's size. */
  readonly influence: Float64Array
  /** What seeds the bootstrap. */
  readonly data: Iterable<number>
}

function studentHalfWidth(strata: readonly number[], influence: Float64Array, df: number): number {
  let start = 0
  let variance = 0
  for (const size of strata) {
    const part = influence.subarray(start, start + size)
    variance += (sum(part.map((u) => u * u)) * size) / (size - 1)
    start += size
  }
  return studentTwoSided(0.95, df) * Math.sqrt(variance)
}

/** The estimate with its interval, back on the scale of the data. */
export function estimateFromLog(estimator: LogEstimator): Estimate {
  const { strata, statistic, influence } = estimator
  const total = sum(strata)
  const log = statistic(Int32Array.from({ length: total }, (_, index) => index))
  const value = Math.exp(log)
  if (strata.some((size) => size < 2)) return { value, lo: null, hi: null }
  const df = total - strata.length
  const half = studentHalfWidth(strata, influence, df)
  if (df >= BOOTSTRAP_DF_MIN) {
    const seed = seedOf(estimator.data)
    const { lo, hi } = bootstrapInterval({ strata, statistic, influence, seed, expand: true })
    return { value, lo: Math.exp(Math.min(lo, log - half)), hi: Math.exp(Math.max(hi, log + half)) }
  }
  return { value, lo: Math.exp(log - half), hi: Math.exp(log + half) }
}

/** Geometric mean of positive values given by their logarithms, with its interval. */
export function geometricMeanEstimate(logs: Float64Array): Estimate {
  const n = logs.length
  const centre = sum(logs) / n
  return estimateFromLog({
    strata: [n],
    statistic: (indices) => {
      let total = 0
      for (let i = 0; i < n; i++) total += logs[indices[i]!]!
      return total / n
    },
    influence: logs.map((log) => (log - centre) / n),
    data: logs,
  })
}

/** Arithmetic mean of positive values, with its interval. */
export function meanEstimate(values: Float64Array): Estimate {
  const n = values.length
  const centre = sum(values) / n
  return estimateFromLog({
    strata: [n],
    statistic: (indices) => {
      let total = 0
      for (let i = 0; i < n; i++) total += values[indices[i]!]!
      return Math.log(total / n)
    },
    influence: values.map((value) => (value / centre - 1) / n),
    data: values,
  })
}
