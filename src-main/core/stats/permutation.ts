/** The paired permutation test behind every verdict, with the smallest p that it can reach. */
import { randomStream, seedOf } from './random.ts'
import { sum } from './descriptive.ts'

/** Up to this many pairs every assignment of signs is tried: 2^15 of them by symmetry. */
export const EXACT_PAIRS_MAX = 16
/** Random assignments beyond that, at least; the smallest p is then 1 / (their number + 1). */
export const SIGN_FLIPS = 9_999

/** Random assignments for a family: so many that p ≤ 0.01 stays in reach under Holm. */
export const signFlipsFor = (comparisons: number): number =>
  Math.max(SIGN_FLIPS, 100 * comparisons - 1)

/** A p value, the smallest that as many pairs can reach, and whether it is exact. */
export type PermutationP = {
  readonly p: number
  readonly pSmallest: number
  readonly exact: boolean
}

/** The smallest p of the sign-flip test over this many pairs: 2^(1−n) while exact. */
export const smallestSignFlipP = (pairs: number, flips = SIGN_FLIPS): number =>
  pairs > EXACT_PAIRS_MAX ? 1 / (flips + 1) : 2 ** (1 - Math.max(1, pairs))

/** Rounding in the sums must not turn a tie into a smaller p. */
const tolerance = (differences: ArrayLike<number>): number =>
  1e-10 * sum(Float64Array.from(differences, Math.abs))

function exactP(differences: ArrayLike<number>, threshold: number): number {
  const n = differences.length
  const assignments = 2 ** (n - 1)
  const negative = new Uint8Array(n)
  let total = sum(differences)
  let extreme = Math.abs(total) >= threshold ? 1 : 0
  // A Gray code flips one sign a step; the first pair keeps its sign, |sum| being symmetric.
  for (let step = 1; step < assignments; step++) {
    const flipped = 32 - Math.clz32(step & -step)
    negative[flipped]! ^= 1
    total += negative[flipped] === 1 ? -2 * differences[flipped]! : 2 * differences[flipped]!
    if (Math.abs(total) >= threshold) extreme += 1
  }
  return extreme / assignments
}

function randomP(differences: ArrayLike<number>, threshold: number, flips: number): number {
  const stream = randomStream(seedOf(Array.from(differences)))
  let extreme = 0
  for (let flip = 0; flip < flips; flip++) {
    let total = 0
    let bits = 0
    for (let i = 0; i < differences.length; i++) {
      if (i % 32 === 0) bits = stream.bits32()
      total += (bits & 1) === 1 ? differences[i]! : -differences[i]!
      bits >>>= 1
    }
    if (Math.abs(total) >= threshold) extreme += 1
  }
  return (extreme + 1) / (flips + 1)
}

/**
 * Two-sided sign-flip test (Fisher 1935) on paired differences: under the null each difference is
 * as likely to be negated, and p is the share of sign assignments whose |sum| is at least the
 * observed. Exact up to 16 pairs; beyond, Monte Carlo with Phipson & Smyth's +1 (2010), seeded by
 * the data. No difference at all, or no pair, gives p = 1.
 */
export function signFlipTest(differences: ArrayLike<number>, flips = SIGN_FLIPS): PermutationP {
  const n = differences.length
  const exact = n <= EXACT_PAIRS_MAX
  const pSmallest = smallestSignFlipP(n, flips)
  const slack = tolerance(differences)
  const threshold = Math.abs(sum(differences)) - slack
  if (threshold <= 0) return { p: 1, pSmallest, exact }
  const p = exact ? exactP(differences, threshold) : randomP(differences, threshold, flips)
  return { p, pSmallest, exact }
}
