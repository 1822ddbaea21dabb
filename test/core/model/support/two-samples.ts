/** Two samples from one distribution or from two: Kolmogorov and Smirnov, Mann and Whitney. */
import { mannWhitney } from '../../../../src-main/core/stats/mann-whitney.ts'

/** Largest distance of the two empirical distribution functions, ties taken together. */
export function ksDistance(x: readonly number[], y: readonly number[]): number {
  const a = x.toSorted((p, q) => p - q)
  const b = y.toSorted((p, q) => p - q)
  let [i, j, distance] = [0, 0, 0]
  while (i < a.length && j < b.length) {
    const at = Math.min(a[i]!, b[j]!)
    while (i < a.length && a[i]! <= at) i++
    while (j < b.length && b[j]! <= at) j++
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length))
  }
  return distance
}

/** P of a distance at least this large, by Kolmogorov's series with Stephens' correction (1970). */
export function ksP(distance: number, n: number, k: number): number {
  const root = Math.sqrt((n * k) / (n + k))
  const z = (root + 0.12 + 0.11 / root) * distance
  // below, the series converges slowly, and P is 1 to seven digits
  if (z < 0.25) return 1
  let p = 0
  for (let i = 1; i <= 100; i++) p += (i % 2 === 1 ? 2 : -2) * Math.exp(-2 * i * i * z * z)
  return Math.min(1, Math.max(0, p))
}

/** Both tests on two samples; p values are raw. */
export type TwoSamples = {
  readonly means: readonly [number, number]
  readonly ks: { readonly distance: number; readonly p: number }
  readonly mannWhitney: { readonly p: number }
}

/** Tests two samples; null where neither varies and both have one value: nothing to tell. */
export function compareSamples(x: readonly number[], y: readonly number[]): TwoSamples | null {
  if ([...x, ...y].every((value) => value === x[0])) return null
  const distance = ksDistance(x, y)
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    means: [mean(x), mean(y)],
    ks: { distance, p: ksP(distance, x.length, y.length) },
    mannWhitney: { p: mannWhitney(x, y).p },
  }
}
