/**
 * Westfall & Young's step-down max-T (1993): a correction for many comparisons that makes use of
 * the pairs being shared. One sign is drawn for each seed and applied to every row at once, so the
 * smallest p does not grow with the number of rows, as it does under Holm.
 */
import { randomStream, seedOf } from './random.ts'
import { EXACT_PAIRS_MAX, SIGN_FLIPS } from './permutation.ts'

/** The differences of one row; `units[i]` numbers the seed of `differences[i]` from 0. */
export type MaxTRow = { readonly units: readonly number[]; readonly differences: Float64Array }

const normOf = (differences: Float64Array): number => Math.hypot(...differences)

function studentised(row: MaxTRow, signs: Int8Array, norm: number): number {
  let total = 0
  for (let i = 0; i < row.units.length; i++) total += signs[row.units[i]!]! * row.differences[i]!
  return norm === 0 ? 0 : Math.abs(total) / norm
}

/** Rounding in the sums must not turn a tie into a smaller p: as in the sign-flip test. */
const slackOf = (differences: Float64Array, norm: number): number =>
  norm === 0 ? 0 : (1e-10 * differences.reduce((sum, d) => sum + Math.abs(d), 0)) / norm

/** Calls back with each assignment of signs: all up to 16 units (by symmetry half), else random. */
function eachAssignment(units: number, seed: number, visit: (signs: Int8Array) => void): number {
  const signs = new Int8Array(units).fill(1)
  if (units <= EXACT_PAIRS_MAX) {
    const assignments = 2 ** Math.max(0, units - 1)
    for (let code = 0; code < assignments; code++) {
      for (let unit = 1; unit < units; unit++) signs[unit] = (code >>> (unit - 1)) & 1 ? -1 : 1
      visit(signs)
    }
    return assignments
  }
  visit(signs)
  const stream = randomStream(seed)
  for (let flip = 0; flip < SIGN_FLIPS; flip++) {
    for (let unit = 0; unit < units; unit++) signs[unit] = stream.bits32() & 1 ? -1 : 1
    visit(signs)
  }
  return SIGN_FLIPS + 1
}

/**
 * Adjusted two-sided p of each row, in the order given; the statistic is |Σd| / √Σd². Exact up to
 * 16 seeds; beyond, 9,999 random assignments and the observed one. Holds the chance of any false
 * claim where the rows of a seed are symmetric about zero together, which independent seeds give.
 */
export function maxT(rows: readonly MaxTRow[], units: number): number[] {
  const norms = rows.map((row) => normOf(row.differences))
  const ones = new Int8Array(units).fill(1)
  const observed = rows.map((row, i) => studentised(row, ones, norms[i]!))
  const thresholds = observed.map((value, i) => value - slackOf(rows[i]!.differences, norms[i]!))
  const order = rows.map((_, i) => i).sort((a, b) => observed[a]! - observed[b]! || b - a)
  const counts = new Float64Array(rows.length)
  const seed = seedOf(rows.flatMap((row) => [...row.differences]))
  const total = eachAssignment(units, seed, (signs) => {
    let largest = 0
    for (const i of order) {
      largest = Math.max(largest, studentised(rows[i]!, signs, norms[i]!))
      if (largest >= thresholds[i]!) counts[i]! += 1
    }
  })
  const adjusted = rows.map(() => 1)
  let floor = 0
  for (const i of order.toReversed()) {
    floor = Math.max(floor, counts[i]! / total)
    adjusted[i] = floor
  }
  return adjusted
}
