/** Estimates of the figures of a validation, each from one value a seed. */
import { signedMean } from '../../core/stats/order-averaged.ts'
import type { SignedEstimate } from '../../core/stats/order-averaged.ts'
import { normalQuantile } from '../../core/stats/distributions.ts'

/** Anything with a time: a run's result. */
type Timed = { readonly timeNs: number }

/**
 * Improvement as speed-up, T(base) / T(other) − 1: geometric mean over pairs of a seed, 95 %.
 */
export function speedUp(base: readonly Timed[], other: readonly Timed[]): SignedEstimate {
  return meanRatio(base.map(({ timeNs }, i) => timeNs / other[i]!.timeNs))
}

/** Geometric mean of ratios, as a change: 1.5 → 0.5. */
export function meanRatio(ratios: readonly number[]): SignedEstimate {
  const { value, lo, hi } = signedMean(ratios.map(Math.log))
  const change = (log: number): number => Math.exp(log) - 1
  return {
    value: change(value),
    lo: lo === null ? null : change(lo),
    hi: hi === null ? null : change(hi),
  }
}

/**
 * The improvement of a suite: geometric mean over apps for each seed, then over seeds. `apps`: base
 * and other runs of each app, seeds in the same order.
 */
export function suiteSpeedUp(
  apps: readonly (readonly [readonly Timed[], readonly Timed[]])[],
): SignedEstimate {
  const seeds = apps[0]![0].length
  const means = Array.from({ length: seeds }, (_, seed) => {
    const logs = apps.map(([base, other]) => Math.log(base[seed]!.timeNs / other[seed]!.timeNs))
    return Math.exp(logs.reduce((a, b) => a + b, 0) / logs.length)
  })
  return meanRatio(means)
}

/** Wilson's 99 % interval of a share: `hits` of `trials` independent draws. */
export function share99(hits: number, trials: number): SignedEstimate {
  const z = normalQuantile(0.995)
  const p = hits / trials
  const scale = 1 + (z * z) / trials
  const centre = (p + (z * z) / (2 * trials)) / scale
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials))
  return { value: p, lo: Math.max(0, centre - half), hi: Math.min(1, centre + half) }
}
