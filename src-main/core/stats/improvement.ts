/** The two things that "improvement" may mean, both from the ratio T / T_baseline. */
import type { Estimate } from '../contract/comparison.ts'

const mapped = (from: number | null, to: (ratio: number) => number) =>
  from === null ? null : to(from)

const decreasing = (ratio: Estimate, to: (ratio: number) => number): Estimate => ({
  value: to(ratio.value),
  lo: mapped(ratio.hi, to),
  hi: mapped(ratio.lo, to),
})

/** T_baseline / T − 1: how much more work in the same time; 1 is twice as fast. */
export const speedupOf = (ratio: Estimate): Estimate => decreasing(ratio, (r) => 1 / r - 1)

/** 1 − T / T_baseline: which share of the time is saved; at most 1. */
export const timeSavedOf = (ratio: Estimate): Estimate => decreasing(ratio, (r) => 1 - r)
