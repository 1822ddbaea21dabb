/** One scheme over all groups: the geometric mean of ratios beside the ratio of mean costs. */
import type { ComparisonRow, Estimate, SchemeSummary, Verdict } from '../contract/comparison.ts'
import { sum } from './descriptive.ts'
import { estimateFromLog } from './interval.ts'
import type { Pairs } from './paired-series.ts'

/** Pairs of all groups laid end to end; groups are the strata. */
type Pooled = {
  readonly strata: readonly number[]
  readonly weights: Float64Array
  readonly timesNs: Float64Array
  readonly baselineNs: Float64Array
  readonly logRatios: Float64Array
}

const joined = (parts: readonly Float64Array[]): Float64Array =>
  Float64Array.from(parts.flatMap((part) => [...part]))

function pool(paired: readonly Pairs[]): Pooled {
  return {
    strata: paired.map(({ seeds }) => seeds.length),
    weights: joined(
      paired.map(({ seeds }) => new Float64Array(seeds.length).fill(1 / seeds.length)),
    ),
    timesNs: joined(paired.map(({ timesNs }) => timesNs)),
    baselineNs: joined(paired.map(({ baselineNs }) => baselineNs)),
    logRatios: joined(paired.map(({ logRatios }) => logRatios)),
  }
}

/** Mean of each stratum, repeated for each of its observations. */
function stratumMeans(values: Float64Array, strata: readonly number[]): Float64Array {
  const means = new Float64Array(values.length)
  let start = 0
  for (const size of strata) {
    means.fill(sum(values.subarray(start, start + size)) / size, start, start + size)
    start += size
  }
  return means
}

const dot = (weights: Float64Array, values: Float64Array, indices: Int32Array): number => {
  let total = 0
  for (let i = 0; i < indices.length; i++) total += weights[i]! * values[indices[i]!]!
  return total
}

function geomeanRatio(pooled: Pooled): Estimate {
  const { strata, weights, logRatios } = pooled
  const centres = stratumMeans(logRatios, strata)
  return estimateFromLog({
    strata,
    statistic: (indices) => dot(weights, logRatios, indices) / strata.length,
    influence: logRatios.map((log, i) => ((log - centres[i]!) * weights[i]!) / strata.length),
    data: logRatios,
  })
}

function meanCostRatio(pooled: Pooled): Estimate {
  const { strata, weights, timesNs, baselineNs } = pooled
  const timeMeans = stratumMeans(timesNs, strata)
  const baselineMeans = stratumMeans(baselineNs, strata)
  const cost = sum(timeMeans.map((value, i) => value * weights[i]!))
  const baseCost = sum(baselineMeans.map((value, i) => value * weights[i]!))
  return estimateFromLog({
    strata,
    statistic: (indices) =>
      Math.log(dot(weights, timesNs, indices) / dot(weights, baselineNs, indices)),
    influence: timesNs.map((time, i) => {
      const own = (time - timeMeans[i]!) / cost
      return weights[i]! * (own - (baselineNs[i]! - baselineMeans[i]!) / baseCost)
    }),
    data: joined([timesNs, baselineNs]),
  })
}

const EXACTLY_ONE: Estimate = { value: 1, lo: 1, hi: 1 }

/**
 * Sums a scheme up over the groups in which it has pairs; null where it has none. The interval
 * resamples seeds within each group: the apps are the ones asked for, not a sample of all apps.
 */
export function summariseScheme(
  scheme: string,
  isBaseline: boolean,
  paired: readonly Pairs[],
  rows: readonly ComparisonRow[],
): SchemeSummary | null {
  const used = paired.filter(({ seeds }) => seeds.length > 0)
  if (used.length === 0) return null
  const count = (verdict: Verdict) =>
    isBaseline ? 0 : rows.filter((row) => row.verdict === verdict).length
  const pooled = pool(used)
  return {
    scheme,
    geomeanRatio: isBaseline ? EXACTLY_ONE : geomeanRatio(pooled),
    meanCostRatio: isBaseline ? EXACTLY_ONE : meanCostRatio(pooled),
    better: count('better'),
    worse: count('worse'),
    equivalent: count('equivalent'),
    inconclusive: count('inconclusive'),
  }
}
