/** How many pairs a campaign needs, from the spread of a pilot. */
import { assert } from '../base/assert.ts'
import { standardDeviation } from './descriptive.ts'
import { normalQuantile, studentTwoSided } from './distributions.ts'
import { ALPHA, pairsForFamily } from './verdict.ts'

/** What is wanted of a campaign. */
export type PowerPlanInput = {
  /** Standard deviation of the paired log ratios, from a pilot. */
  readonly sdLogRatio: number
  /** Smallest ratio T / T_baseline worth finding, e.g. 0.97 or 1.03; not 1. */
  readonly ratio: number
  /** Comparisons that share the error rate (app × scheme without the baseline). */
  readonly comparisons: number
  /** Chance of finding it where it exists; 0.8 if left out. */
  readonly power?: number
}

/** Pairs needed, and what asks for them. */
export type PowerPlan = {
  readonly pairs: number
  /** Pairs that the spread asks for. */
  readonly bySpread: number
  /** Pairs below which the corrected permutation p cannot reach 0.05 at all. */
  readonly byResolution: number
}

const PAIRS_MAX = 1_000_000

/**
 * Pairs for a two-sided paired test at 0.05 / comparisons (the first step of Holm): the smallest n
 * with n ≥ ((t + z) · sd / |log ratio|)², t at n − 1 degrees of freedom. The sign-flip test's power
 * is that of Student's paired test up to terms in 1 / n (Hoeffding 1952).
 */
export function planPairs(input: PowerPlanInput): PowerPlan {
  const effect = Math.abs(Math.log(input.ratio))
  assert(effect > 0 && input.sdLogRatio >= 0, 'a plan needs a ratio other than 1 and a spread')
  const alpha = ALPHA / Math.max(1, input.comparisons)
  const z = normalQuantile(input.power ?? 0.8)
  const enough = (n: number) =>
    n >= (((studentTwoSided(1 - alpha, n - 1) + z) * input.sdLogRatio) / effect) ** 2
  let low = 1
  let high = 2
  while (high < PAIRS_MAX && !enough(high)) [low, high] = [high, high * 2]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (enough(middle)) high = middle
    else low = middle
  }
  const byResolution = pairsForFamily(input.comparisons)
  return { pairs: Math.max(high, byResolution), bySpread: high, byResolution }
}

/** Smallest ratio below 1 that this many pairs find with the given power; null below two pairs. */
export function detectableRatio(
  input: Omit<PowerPlanInput, 'ratio'>,
  pairs: number,
): number | null {
  if (pairs < 2) return null
  const t = studentTwoSided(1 - ALPHA / Math.max(1, input.comparisons), pairs - 1)
  return Math.exp((-(t + normalQuantile(input.power ?? 0.8)) * input.sdLogRatio) / Math.sqrt(pairs))
}

/** Standard deviation of paired log ratios T / T_baseline; null below two pairs. */
export function sdOfLogRatios(
  timesNs: ArrayLike<number>,
  baselineNs: ArrayLike<number>,
): number | null {
  assert(timesNs.length === baselineNs.length, 'pairs need as many times as baselines')
  return standardDeviation(
    Float64Array.from(timesNs, (time, index) => Math.log(time / baselineNs[index]!)),
  )
}
