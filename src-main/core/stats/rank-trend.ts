/** Whether values move one way along an order: Spearman's rank correlation, its p, its size. */
import { assert } from '../base/assert.ts'
import type { Trend } from '../contract/comparison.ts'
import { mean, median } from './descriptive.ts'
import { randomStream, seedOf } from './random.ts'

/** Below this many values no trend can have a p ≤ 0.05: 2 / 4! is above it, 2 / 5! is not. */
export const TREND_MIN = 5
/** Up to this many values all orders are tried: 8! of them. */
const EXACT_ORDERS_MAX = 8
/** Random orders beyond that; the smallest p is then 1 / (their number + 1). */
const ORDERS = 9_999

/** Ranks from 1, ties in their middle, less the mean rank. */
function centredRanks(values: ArrayLike<number>): Float64Array {
  const all = Array.from(values)
  const below = (value: number) => all.filter((other) => other < value).length
  const same = (value: number) => all.filter((other) => other === value).length
  const ranks = Float64Array.from(all, (value) => below(value) + (same(value) + 1) / 2)
  return ranks.map((rank) => rank - (all.length + 1) / 2)
}

const dot = (x: Float64Array, y: ArrayLike<number>): number =>
  x.reduce((total, value, i) => total + value * y[i]!, 0)

/** Calls back with every order of the values (Heap 1963); they are put in place. */
function eachOrder(values: Float64Array, visit: () => void, length = values.length): void {
  if (length <= 1) return visit()
  for (let i = 0; i < length; i++) {
    eachOrder(values, visit, length - 1)
    const at = length % 2 === 0 ? i : 0
    ;[values[at], values[length - 1]] = [values[length - 1]!, values[at]!]
  }
}

function shuffle(values: Float64Array, below: (bound: number) => number): void {
  for (let last = values.length - 1; last > 0; last--) {
    const other = below(last + 1)
    ;[values[last], values[other]] = [values[other]!, values[last]!]
  }
}

/** Share of the orders of `ranks` that go with `places` at least as well as this one. */
function orderP(places: Float64Array, ranks: Float64Array, data: readonly number[]): number {
  const threshold = Math.abs(dot(places, ranks)) - 1e-9
  const drawn = ranks.slice()
  let [all, extreme] = [0, 0]
  const count = () => {
    all += 1
    if (Math.abs(dot(places, drawn)) >= threshold) extreme += 1
  }
  if (ranks.length <= EXACT_ORDERS_MAX) {
    eachOrder(drawn, count)
    return extreme / all
  }
  count()
  const stream = randomStream(seedOf(data))
  for (let order = 0; order < ORDERS; order++) {
    shuffle(drawn, stream.below)
    count()
  }
  return extreme / all
}

/** Theil–Sen's slope: the median of the slopes through any two points. */
export function theilSenSlope(at: readonly number[], values: ArrayLike<number>): number {
  const slopes = at.flatMap((x, i) =>
    at.slice(i + 1).map((later, k) => (values[i + 1 + k]! - values[i]!) / (later - x)),
  )
  return median(slopes)
}

/**
 * The trend of logarithms along ascending places. p: two-sided permutation test of Spearman's ρ,
 * exact up to 8 values, else 9,999 random orders (Phipson & Smyth 2010). Null below 5 values.
 */
export function rankTrend(at: readonly number[], logs: ArrayLike<number>): Trend | null {
  assert(at.length === logs.length, 'a trend needs a place for each value')
  if (at.length < TREND_MIN) return null
  const [places, ranks] = [centredRanks(at), centredRanks(logs)]
  const size = Math.sqrt(dot(places, places) * dot(ranks, ranks))
  const p = orderP(places, ranks, Array.from(logs))
  return {
    rho: size === 0 ? 0 : dot(places, ranks) / size,
    p,
    change: Math.expm1(theilSenSlope(at, logs) * (at.at(-1)! - at[0]!)),
  }
}

/** Values less their mean. */
export const centred = (values: ArrayLike<number>): Float64Array => {
  const centre = mean(values)
  return Float64Array.from(values, (value) => value - centre)
}
