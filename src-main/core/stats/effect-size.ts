/** Effect sizes: how often a scheme is faster, and by how many standard deviations. */
import { assert } from '../base/assert.ts'
import { mean, standardDeviation } from './descriptive.ts'

/**
 * Cliff's delta (1993) of two independent samples: P(x < y) − P(x > y), −1 … 1; of times it is 1
 * where every x is faster than every y. Needs one value in each; O(n·m).
 */
export function cliffsDelta(x: ArrayLike<number>, y: ArrayLike<number>): number {
  assert(x.length > 0 && y.length > 0, "Cliff's delta needs a value in each sample")
  let balance = 0
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < y.length; j++) balance += Math.sign(y[j]! - x[i]!)
  }
  return balance === 0 ? 0 : balance / (x.length * y.length)
}

/**
 * Cliff's delta within pairs: (differences below 0 − above 0) / pairs, −1 … 1. With differences of
 * log times it is 1 where every pair is faster than the baseline. Null without a pair.
 */
export function pairedDominance(differences: ArrayLike<number>): number | null {
  if (differences.length === 0) return null
  let balance = 0
  for (let i = 0; i < differences.length; i++) balance -= Math.sign(differences[i]!)
  return balance === 0 ? 0 : balance / differences.length
}

/**
 * Hedges' g of paired differences (1981): their mean over their standard deviation, times
 * 1 − 3 / (4 (n − 1) − 1) against the bias of small samples. Positive where the differences are
 * negative, i.e. faster. Null below two pairs and where the differences do not vary.
 */
export function hedgesG(differences: ArrayLike<number>): number | null {
  const spread = standardDeviation(differences)
  if (spread === null || spread === 0) return null
  const correction = 1 - 3 / (4 * (differences.length - 1) - 1)
  return (-mean(differences) / spread) * correction
}
