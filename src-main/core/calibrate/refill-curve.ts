/**
 * The refill curve: what walking over a working set costs beyond the same walk in warm caches, as a
 * function of its size. It grows with the size until the cache is full that was lost.
 */
import { median } from '../stats/descriptive.ts'

/** A point: a walk over `kib`, in caches and after another thread used them, ns. */
export type RefillPoint = {
  readonly kib: number
  readonly warmNs: number
  readonly coldNs: number
}

/** Cost ≈ slope × min(size, cap). */
export type RefillFit = { readonly slopeNsPerKib: number; readonly capKib: number }

/** Fewer points of the rising part say nothing of a slope. */
const RISING_MIN = 3

/**
 * The fit with the least sum of |log(cost ∕ fit)|: costs span decades, and one disturbed point must
 * not turn the line. The slope is the median of cost ∕ min(size, cap); caps are tried at each size.
 * null where fewer than three walks cost more cold than warm.
 */
export function fitRefill(points: readonly RefillPoint[]): RefillFit | null {
  const costs = points
    .map(({ kib, warmNs, coldNs }) => ({ kib, ns: coldNs - warmNs }))
    .filter(({ ns }) => ns > 0)
    .sort((a, b) => a.kib - b.kib)
  if (costs.length < RISING_MIN) return null
  const fits = costs.slice(RISING_MIN - 1).map(({ kib: capKib }) => {
    const slopes = costs.map(({ kib, ns }) => ns / Math.min(kib, capKib))
    const slopeNsPerKib = median(slopes)
    const error = slopes.reduce((sum, s) => sum + Math.abs(Math.log(s / slopeNsPerKib)), 0)
    return { slopeNsPerKib, capKib, error }
  })
  const best = fits.reduce((a, b) => (b.error <= a.error ? b : a))
  return { slopeNsPerKib: best.slopeNsPerKib, capKib: best.capKib }
}
