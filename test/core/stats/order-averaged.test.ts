/** Order-averaged contributions: games whose answer is known. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  contributionsOf,
  drawOrders,
  masksOf,
  signedMean,
} from '../../../src-main/core/stats/order-averaged.ts'

const bits = (mask: number): number => mask.toString(2).replaceAll('0', '').length

describe('orders', () => {
  it('are all there are, where there are few, each once', () => {
    const orders = drawOrders(3, 6, 1).map((order) => order.join())
    expect(new Set(orders).size).toBe(6)
  })

  it('come in pairs of an order and its reverse', () => {
    const orders = drawOrders(8, 10, 7)
    expect(orders).toHaveLength(10)
    for (let i = 0; i < orders.length; i += 2)
      expect(orders[i + 1]).toEqual([...orders[i]!].reverse())
    for (const order of orders) expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('pass from none to all, one more at a time', () => {
    expect(masksOf([2, 0, 1])).toEqual([0, 0b100, 0b101, 0b111])
  })

  it('are the same for the same seed and others for another', () => {
    expect(drawOrders(9, 4, 3)).toEqual(drawOrders(9, 4, 3))
    expect(drawOrders(9, 4, 3)).not.toEqual(drawOrders(9, 4, 4))
  })
})

describe('contributions', () => {
  it('add up to the whole difference, whatever the game and the orders', () => {
    const games = fc.record({
      n: fc.integer({ min: 1, max: 6 }),
      values: fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 64, maxLength: 64 }),
      count: fc.integer({ min: 1, max: 12 }),
      seed: fc.integer(),
    })
    fc.assert(
      fc.property(games, ({ n, values, count, seed }) => {
        const of = contributionsOf(drawOrders(n, count, seed), (mask) => values[mask]!)
        const sum = of.reduce((a, b) => a + b, 0)
        expect(sum).toBeCloseTo(values[2 ** n - 1]! - values[0]!, 6)
      }),
    )
  })

  it('give a cause that changes nothing nothing, and equal causes the same', () => {
    // the value is the square of how many of the first two are there
    const value = (mask: number): number => bits(mask & 0b011) ** 2
    expect(contributionsOf(drawOrders(3, 6, 1), value)).toEqual([2, 2, 0])
  })

  it('are the Shapley value of the glove game over all orders', () => {
    // one left glove (0) and two right ones (1, 2): a pair is worth 1
    const value = (mask: number): number => Number((mask & 1) !== 0 && (mask & 0b110) !== 0)
    const [left, right, other] = contributionsOf(drawOrders(3, 6, 1), value)
    expect(left).toBeCloseTo(2 / 3, 12)
    expect(right).toBeCloseTo(1 / 6, 12)
    expect(other).toBeCloseTo(1 / 6, 12)
  })
})

describe('a mean of signed values', () => {
  it("has Student's interval", () => {
    // mean 0, s = 1.5811, n = 5, t = 2.7764
    const { value, lo, hi } = signedMean([-2, -1, 0, 1, 2])
    expect(value).toBe(0)
    expect(hi).toBeCloseTo((2.7764 * 1.58114) / Math.sqrt(5), 3)
    expect(lo).toBeCloseTo(-hi!, 12)
  })

  it('has none for a single value', () => {
    expect(signedMean([3])).toEqual({ value: 3, lo: null, hi: null })
  })
})
