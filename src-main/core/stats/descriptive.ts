/**
 * Descriptive estimators over plain or typed arrays. Our own few lines, because the quantile
 * definition must be the same in the table, the charts and the PDF (Hyndman & Fan's type 7).
 */
import { assert } from '../base/assert.ts'

/** Sum of the values, with Neumaier's compensation so that order hardly matters. */
export function sum(values: ArrayLike<number>): number {
  let total = 0
  let lost = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const next = total + value
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total
    total = next
  }
  return total + lost
}

/** Arithmetic mean; needs at least one value. */
export function mean(values: ArrayLike<number>): number {
  assert(values.length > 0, 'mean needs a value')
  return sum(values) / values.length
}

/** Geometric mean of positive values; needs at least one. */
export function geometricMean(values: ArrayLike<number>): number {
  return Math.exp(mean(Float64Array.from(values, Math.log)))
}

/** Sample standard deviation (n − 1); null below two values. */
export function standardDeviation(values: ArrayLike<number>): number | null {
  if (values.length < 2) return null
  const centre = mean(values)
  const squares = Float64Array.from(values, (value) => (value - centre) ** 2)
  return Math.sqrt(sum(squares) / (values.length - 1))
}

/** The values in ascending order, as a copy. */
export const sorted = (values: ArrayLike<number>): Float64Array => Float64Array.from(values).sort()

/** Quantile of ascending values, `at` in 0 … 1: Hyndman & Fan's type 7 (1996), as R and NumPy. */
export function quantileOfSorted(ascending: ArrayLike<number>, at: number): number {
  assert(ascending.length > 0, 'a quantile needs a value')
  const position = Math.min(1, Math.max(0, at)) * (ascending.length - 1)
  const below = Math.floor(position)
  const low = ascending[below]!
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!
  return low === high ? low : low + (high - low) * (position - below)
}

/** Quantile of values in any order, `at` in 0 … 1. */
export const quantile = (values: ArrayLike<number>, at: number): number =>
  quantileOfSorted(sorted(values), at)

/** Median; the mean of the middle two where their number is even. */
export const median = (values: ArrayLike<number>): number => quantile(values, 0.5)
