/** Spread: count, sum and quantiles of durations. */
import type { Spread } from '../contract/trace.ts'

/** Of durations in any order, ns; all 0 without any. */
export function spreadOf(durations: readonly number[]): Spread {
  const sorted = Float64Array.from(durations).sort()
  const count = sorted.length
  const totalNs = sorted.reduce((sum, ns) => sum + ns, 0)
  const rank = (fraction: number): number =>
    sorted[Math.max(0, Math.ceil(fraction * count) - 1)] ?? 0
  return {
    count,
    totalNs,
    meanNs: count === 0 ? 0 : totalNs / count,
    p50Ns: rank(0.5),
    p90Ns: rank(0.9),
    p99Ns: rank(0.99),
    maxNs: rank(1),
  }
}
