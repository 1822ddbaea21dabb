/** Effect sizes that ask how often, not how much: they need no assumption on the distribution. */
import { assert } from '../base/assert.ts'

/**
 * Cliff's delta (1993) of two independent samples: P(x > y) − P(x < y), −1 … 1. Needs one value in
 * each; O(n·m).
 */
export function cliffsDelta(x: ArrayLike<number>, y: ArrayLike<number>): number {
  assert(x.length > 0 && y.length > 0, "Cliff's delta needs a value in each sample")
  let balance = 0
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < y.length; j++) balance += Math.sign(x[i]! - y[j]!)
  }
  return balance / (x.length * y.length)
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
