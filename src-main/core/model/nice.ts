/** Nice: the weights that CFS gives to nice values (Linux 4.13 kernel/sched/core.c). */
import { assert } from '../base/assert.ts'

/** Weight of nice 0. */
export const NICE_0_WEIGHT = 1024

/** Least and greatest nice value. */
export const [NICE_MIN, NICE_MAX] = [-20, 19]

/** sched_prio_to_weight[]: from nice −20 to 19, about × 1.25 a step. */
const WEIGHTS = [
  ...[88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916],
  ...[9548, 7620, 6100, 4904, 3906, 3121, 2501, 1991, 1586, 1277],
  ...[NICE_0_WEIGHT, 820, 655, 526, 423, 335, 272, 215, 172, 137],
  ...[110, 87, 70, 56, 45, 36, 29, 23, 18, 15],
]

/** CFS weight of a whole nice value, −20 … 19. */
export function niceWeight(nice: number): number {
  const weight = WEIGHTS[nice - NICE_MIN]
  assert(weight !== undefined, `nice is ${NICE_MIN} … ${NICE_MAX}`)
  return weight
}
