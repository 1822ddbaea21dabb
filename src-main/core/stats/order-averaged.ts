/**
 * Order-averaged contributions: what each of several causes adds to an outcome, when what one adds
 * depends on which of the others are there (Shapley 1953; sampled orders: Castro et al. 2009). A
 * set of causes is a bit mask. Contributions add up to the whole difference, whatever the orders.
 */
import { assert } from '../base/assert.ts'
import { studentTwoSided } from './distributions.ts'
import { randomStream } from './random.ts'

/** A mean with its interval (95 % unless said); null where one value says nothing of the spread. */
export type SignedEstimate = {
  readonly value: number
  readonly lo: number | null
  readonly hi: number | null
}

/**
 * `count` orders of n causes, in pairs: each drawn order is followed by its reverse, since what
 * comes early in one comes late in the other (antithetic). Every order, where there are no more.
 */
export function drawOrders(n: number, count: number, seed: number): readonly (readonly number[])[] {
  assert(n >= 1 && count >= 1, 'there is a cause and an order')
  const all = everyOrder(n, count)
  if (all !== null) return all
  const stream = randomStream(seed)
  const orders: (readonly number[])[] = []
  while (orders.length < count) {
    const order = Array.from({ length: n }, (_, i) => i)
    for (let i = n - 1; i > 0; i--) {
      const j = stream.below(i + 1)
      ;[order[i], order[j]] = [order[j]!, order[i]!]
    }
    orders.push(order, order.toReversed())
  }
  return orders.slice(0, count)
}

/** All n! orders where they are at most `count`; null where they are more. */
function everyOrder(n: number, count: number): readonly (readonly number[])[] | null {
  let orders: number[][] = [[]]
  for (let i = 0; i < n; i++) {
    orders = orders.flatMap((order) =>
      Array.from({ length: i + 1 }, (_, at) => order.toSpliced(at, 0, i)),
    )
    if (orders.length > count) return null
  }
  return orders
}

/** The sets that an order passes through, from none to all: one more cause each. */
export function masksOf(order: readonly number[]): readonly number[] {
  const masks = [0]
  for (const cause of order) masks.push(masks.at(-1)! | (1 << cause))
  return masks
}

/** What each cause contributes: the mean over the orders of what its coming changed. */
export function contributionsOf(
  orders: readonly (readonly number[])[],
  valueOf: (mask: number) => number,
): readonly number[] {
  const sums = new Array<number>(orders[0]!.length).fill(0)
  for (const order of orders) {
    const masks = masksOf(order)
    order.forEach((cause, i) => {
      sums[cause]! += valueOf(masks[i + 1]!) - valueOf(masks[i]!)
    })
  }
  return sums.map((sum) => sum / orders.length)
}

/** Mean of values that may be negative, with Student's interval, of 95 % unless said. */
export function signedMean(values: readonly number[], confidence = 0.95): SignedEstimate {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  if (n < 2) return { value: mean, lo: null, hi: null }
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)
  const half = studentTwoSided(confidence, n - 1) * Math.sqrt(variance / n)
  return { value: mean, lo: mean - half, hi: mean + half }
}
