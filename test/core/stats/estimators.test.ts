// Estimators, distributions and effect sizes against Python's statistics module and known tables.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  geometricMean,
  mean,
  median,
  quantile,
  standardDeviation,
  sum,
} from '../../../src-main/core/stats/descriptive.ts'
import {
  normalCdf,
  normalQuantile,
  studentTwoSided,
  studentWithin,
} from '../../../src-main/core/stats/distributions.ts'
import { cliffsDelta, pairedDominance } from '../../../src-main/core/stats/effect-size.ts'
import { medianInterval } from '../../../src-main/core/stats/median-interval.ts'
import { randomStream, seedOf } from '../../../src-main/core/stats/random.ts'
import { reference } from './reference.ts'

const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true })

describe('estimators', () => {
  const { values, ...known } = reference.descriptive

  it('agree with Python on mean, median, geometric mean, deviation and quartiles', () => {
    expect(mean(values)).toBeCloseTo(known.mean, 12)
    expect(median(values)).toBe(known.median)
    expect(geometricMean(values)).toBeCloseTo(known.geometricMean, 12)
    expect(standardDeviation(values)).toBeCloseTo(known.standardDeviation, 12)
    known.quartiles.forEach((quartile, i) => {
      expect(quantile(values, (i + 1) / 4)).toBeCloseTo(quartile, 12)
    })
  })

  it('keep small terms beside large ones in a sum', () => {
    expect(sum([1e100, 1, -1e100])).toBe(1)
  })

  it('give no deviation to a single value, and the value itself as every quantile', () => {
    expect(standardDeviation([3])).toBeNull()
    expect([0, 0.3, 1].map((at) => quantile([3], at))).toEqual([3, 3, 3])
  })

  it('order geometric below arithmetic mean, for any positive values', () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1 }), (xs) => {
        expect(geometricMean(xs)).toBeLessThanOrEqual(mean(xs) * (1 + 1e-12))
      }),
    )
  })
})

describe('distributions', () => {
  it.each(reference.normalCdf)('have the normal P(Z ≤ %d) of Python', (x, p) => {
    expect(normalCdf(x)).toBeCloseTo(p, 13)
  })

  it.each(reference.normalQuantile)('have the normal quantile %d of Python', (p, x) => {
    expect(Math.abs(normalQuantile(p) - x)).toBeLessThan(1e-9)
  })

  // Two-sided quantiles as printed in every textbook's table of Student's t.
  it.each([
    [0.95, 1, 12.706],
    [0.95, 2, 4.303],
    [0.95, 5, 2.571],
    [0.99, 4, 4.604],
    [0.95, 9, 2.262],
    [0.8, 12, 1.356],
    [0.95, 120, 1.98],
    [0.99, 1000, 2.581],
  ])("have Student's t for confidence %d and %d degrees of freedom", (confidence, df, t) => {
    expect(studentTwoSided(confidence, df)).toBeCloseTo(t, 3)
  })

  it("have a Student's t whose probability and quantile undo each other", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        (df, confidence) => {
          expect(studentWithin(studentTwoSided(confidence, df), df)).toBeCloseTo(confidence, 10)
        },
      ),
    )
  })
})

describe('the median interval', () => {
  // Ranks as in the usual table for 95 %, e.g. Conover, Practical Nonparametric Statistics.
  it.each([
    [6, 1, 6],
    [8, 1, 8],
    [9, 2, 8],
    [10, 2, 9],
    [20, 6, 15],
    [50, 18, 33],
    [2000, 956, 1045],
  ])('of %i values goes from rank %i to rank %i', (n, from, to) => {
    const values = Array.from({ length: n }, (_, i) => n - i)
    expect(medianInterval(values)).toEqual({ lo: from, hi: to })
  })

  it('does not exist below six values', () => {
    expect([0, 1, 5].map((n) => medianInterval(new Float64Array(n)))).toEqual([null, null, null])
  })
})

describe('effect sizes', () => {
  it("give Cliff's delta of all pairs, ties counting nothing", () => {
    expect(cliffsDelta([1, 2, 3], [4, 5, 6])).toBe(1)
    expect(cliffsDelta([1, 2, 3], [1, 2, 3])).toBe(0)
    expect(cliffsDelta([1, 2], [2, 3, 4, 4])).toBe(7 / 8)
  })

  it('give paired dominance 1 where every pair is faster', () => {
    expect(pairedDominance([-1, -0.1, -3])).toBe(1)
    expect(pairedDominance([1, -1, 0, 0])).toBe(0)
    expect(pairedDominance([])).toBeNull()
  })
})

describe('random streams', () => {
  it('depend on every value and on their order', () => {
    expect(seedOf([1, 2, 3])).toBe(seedOf([1, 2, 3]))
    expect(new Set([seedOf([1, 2, 3]), seedOf([3, 2, 1]), seedOf([1, 2, 3.0000001])]).size).toBe(3)
  })

  it('draw every number below a bound about equally often', () => {
    const stream = randomStream(seedOf([42]))
    const counts = new Array<number>(7).fill(0)
    for (let i = 0; i < 70_000; i++) counts[stream.below(7)]! += 1
    const chiSquare = sum(counts.map((count) => (count - 10_000) ** 2 / 10_000))
    // 99.9 % quantile of chi-square with 6 degrees of freedom.
    expect(chiSquare).toBeLessThan(22.46)
  })
})
