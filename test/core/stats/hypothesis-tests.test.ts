// Permutation, rank test and corrections: worked examples, full enumeration, invariants.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptySeries } from '../../../src-main/core/stats/collect-series.ts'
import { testFamily } from '../../../src-main/core/stats/family.ts'
import { holm } from '../../../src-main/core/stats/holm.ts'
import { mannWhitney } from '../../../src-main/core/stats/mann-whitney.ts'
import { maxT } from '../../../src-main/core/stats/max-t.ts'
import type { PairedSeries } from '../../../src-main/core/stats/paired-series.ts'
import {
  signFlipsFor,
  signFlipTest,
  smallestSignFlipP,
} from '../../../src-main/core/stats/permutation.ts'
import { reference } from './reference.ts'

const difference = fc.double({ min: -10, max: 10, noNaN: true })
const probability = fc.double({ min: 0, max: 1, noNaN: true })

describe('the sign-flip test', () => {
  it("gives Fisher's p for Darwin's maize: 1,726 of 32,768 assignments (Fisher 1935, §21)", () => {
    const eighths = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    expect(signFlipTest(eighths).p).toBe(1726 / 32768)
  })

  it.each(reference.signFlip)('tries every assignment: $differences', ({ differences, p }) => {
    expect(signFlipTest(differences)).toMatchObject({ p, exact: true })
  })

  it('reaches its smallest p where every pair goes the same way', () => {
    for (let n = 1; n <= 16; n++) {
      const { p, pSmallest } = signFlipTest(Array.from({ length: n }, (_, i) => 1 + i / 10))
      expect(p).toBe(2 ** (1 - n))
      expect(p).toBe(pSmallest)
    }
  })

  it('cannot reach 0.05 with five pairs, and can with six', () => {
    expect([5, 6].map((n) => smallestSignFlipP(n))).toEqual([0.0625, 0.03125])
  })

  it('gives 1 where nothing differs, or there is nothing', () => {
    expect([[], [0, 0, 0], [1, -1]].map((d) => signFlipTest(d).p)).toEqual([1, 1, 1])
  })

  it('draws assignments beyond 16 pairs, never gives zero, and repeats itself', () => {
    const all = Array.from({ length: 30 }, (_, i) => 1 + i)
    const one = signFlipTest(all)
    expect(one).toEqual({ p: 1 / 10_000, pSmallest: 1 / 10_000, exact: false })
    expect(signFlipTest(all)).toEqual(one)
  })

  it('agrees between drawing and counting', () => {
    const seventeen = [...Array.from({ length: 16 }, (_, i) => (i % 3) - 0.7), 0]
    const counted = signFlipTest(seventeen.slice(0, 16)).p
    expect(Math.abs(signFlipTest(seventeen).p - counted)).toBeLessThan(0.02)
  })

  it('draws so many assignments that a large family can still be significant', () => {
    expect(600 * smallestSignFlipP(17, signFlipsFor(600))).toBeLessThanOrEqual(0.01 + 1e-12)
  })

  it('does not change with order, scale or the direction of comparing', () => {
    fc.assert(
      fc.property(
        fc.array(difference, { minLength: 1, maxLength: 10 }),
        fc.constantFrom(-1, 2, 0.001),
        (differences, factor) => {
          const { p, pSmallest } = signFlipTest(differences)
          expect(signFlipTest(differences.toReversed()).p).toBe(p)
          expect(signFlipTest(differences.map((d) => d * factor)).p).toBe(p)
          expect(p).toBeGreaterThanOrEqual(pSmallest)
          expect(p).toBeLessThanOrEqual(1)
        },
      ),
    )
  })
})

describe('Mann–Whitney', () => {
  it("gives Hollander & Wolfe's permeability example: W = 35, two-sided p = 0.2544", () => {
    const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    const early = [1.15, 0.88, 0.9, 0.74, 1.21]
    const { u, p, exact } = mannWhitney(term, early)
    expect({ u, exact }).toEqual({ u: 35, exact: true })
    expect(p).toBeCloseTo(0.2544, 4)
  })

  it.each(reference.mannWhitney)('counts out ties exactly: $x, $y', ({ x, y, p }) => {
    expect(mannWhitney(x, y).p).toBeCloseTo(p, 12)
  })

  it('goes over to the normal distribution without a jump', () => {
    const sample = (n: number, shift: number) =>
      Array.from({ length: n }, (_, i) => ((i * 37) % 101) + shift)
    const small = mannWhitney(sample(20, 0), sample(20, 25))
    const large = mannWhitney(sample(20, 0), [...sample(20, 25), 60])
    expect([small.exact, large.exact]).toEqual([true, false])
    expect(Math.abs(small.p - large.p)).toBeLessThan(0.02)
  })

  it('gives 1 for samples that are all one value', () => {
    expect(mannWhitney([2, 2], [2, 2, 2]).p).toBe(1)
    expect(mannWhitney(new Array<number>(30).fill(2), new Array<number>(30).fill(2)).p).toBe(1)
  })
})

describe("Holm's correction", () => {
  it('gives the textbook values', () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005])
    ;[0.03, 0.06, 0.06, 0.02].forEach((p, i) => {
      expect(adjusted[i]).toBeCloseTo(p, 12)
    })
  })

  it('keeps the order, never lowers a p and never leaves 0 … 1', () => {
    fc.assert(
      fc.property(fc.array(probability, { maxLength: 30 }), (ps) => {
        const adjusted = holm(ps)
        ps.forEach((p, i) => {
          expect(adjusted[i]!).toBeGreaterThanOrEqual(p)
          expect(adjusted[i]!).toBeLessThanOrEqual(Math.min(1, Math.max(p, p * ps.length)) + 1)
          ps.forEach((q, j) => {
            if (p < q) expect(adjusted[i]!).toBeLessThanOrEqual(adjusted[j]!)
          })
        })
      }),
    )
  })

  it('never falls when any p rises', () => {
    fc.assert(
      fc.property(
        fc.array(probability, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        probability,
        (ps, at, higher) => {
          const raised = ps.with(at % ps.length, Math.max(ps[at % ps.length]!, higher))
          const before = holm(ps)
          holm(raised).forEach((p, i) => {
            expect(p).toBeGreaterThanOrEqual(before[i]! - 1e-12)
          })
        },
      ),
    )
  })
})

describe('max-T', () => {
  it.each(reference.maxT)('agrees with trying every assignment', ({ rows, p }) => {
    const units = rows[0]!.map((_, unit) => unit)
    const ours = maxT(
      rows.map((row) => ({ units, differences: Float64Array.from(row) })),
      units.length,
    )
    p.forEach((expected, i) => {
      expect(ours[i]).toBeCloseTo(expected, 12)
    })
  })

  it('is the sign-flip test for one row, and never below it for more', () => {
    const row = fc.array(difference, { minLength: 7, maxLength: 7 })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (rows) => {
        const units = [0, 1, 2, 3, 4, 5, 6]
        const family = rows.map((one) => ({ units, differences: Float64Array.from(one) }))
        const alone = rows.map((one) => signFlipTest(one).p)
        maxT(family, 7).forEach((p, i) => {
          expect(p).toBeGreaterThanOrEqual(alone[i]! - 1e-12)
        })
        expect(maxT(family.slice(0, 1), 7)[0]).toBeCloseTo(alone[0]!, 12)
      }),
      { numRuns: 50 },
    )
  })

  it('draws beyond 16 seeds and stays reproducible', () => {
    const units = Array.from({ length: 20 }, (_, i) => i)
    const family = [1, -1].map((sign) => ({
      units,
      differences: Float64Array.from(units, (i) => sign * (1 + i / 100)),
    }))
    expect(maxT(family, 20)).toEqual([1e-4, 1e-4])
  })
})

describe('a family', () => {
  const paired = (logRatios: readonly number[]): PairedSeries => ({
    series: emptySeries('g', 'g', 's'),
    seeds: logRatios.map((_, seed) => seed),
    timesNs: new Float64Array(logRatios.length),
    baselineNs: new Float64Array(logRatios.length),
    logRatios: Float64Array.from(logRatios),
  })
  const clear = paired([-1, -1.1, -1.2, -1, -0.9, -1.3])

  it('leaves out rows with fewer than two pairs', () => {
    const tests = testFamily([paired([]), clear, paired([1])], 'holm')
    expect(tests.map(({ p }) => p)).toEqual([null, 0.03125, null])
  })

  it('tells the smallest corrected p, which grows with the family under Holm only', () => {
    const rows = [clear, clear, clear, clear]
    expect(testFamily(rows, 'holm').map((t) => t.pSmallest)).toEqual(rows.map(() => 0.125))
    expect(testFamily(rows, 'max-t').map((t) => t.p)).toEqual(rows.map(() => 0.03125))
  })
})
