// Intervals: a literature example, coverage by simulation, and what must hold for any data.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bootstrapInterval, jackknifeInfluence } from '../../../src-main/core/stats/bootstrap.ts'
import { normalQuantile } from '../../../src-main/core/stats/distributions.ts'
import { geometricMeanEstimate, meanEstimate } from '../../../src-main/core/stats/interval.ts'
import { randomStream, type RandomStream } from '../../../src-main/core/stats/random.ts'

// Efron & Tibshirani, An Introduction to the Bootstrap (1993), table 14.1: spatial test, A.
const SPATIAL = [
  48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30,
  41,
]

function plugInVariance(indices: Int32Array): number {
  const values = [...indices].map((i) => SPATIAL[i]!)
  const centre = values.reduce((a, b) => a + b) / values.length
  return values.reduce((total, value) => total + (value - centre) ** 2, 0) / values.length
}

describe('the bootstrap, on the spatial test data', () => {
  const common = { strata: [26], statistic: plugInVariance, confidence: 0.9, seed: 1 }

  it('has the estimate 171.5 and the acceleration 0.061 of table 14.2', () => {
    const influence = [...jackknifeInfluence(26, plugInVariance)]
    const cubes = influence.reduce((total, u) => total + u ** 3, 0)
    const squares = influence.reduce((total, u) => total + u ** 2, 0)
    expect(plugInVariance(Int32Array.from(SPATIAL.keys()))).toBeCloseTo(171.5, 1)
    expect(cubes / (6 * squares ** 1.5)).toBeCloseTo(0.061, 3)
  })

  it('has the BCa interval (115.8, 259.6) up to resampling noise', () => {
    const { lo, hi } = bootstrapInterval({ ...common, resamples: 20_000 })
    expect(Math.abs(lo - 115.8)).toBeLessThan(3)
    expect(Math.abs(hi - 259.6)).toBeLessThan(4)
  })

  it('has the percentile interval (100.8, 233.9) up to resampling noise', () => {
    const { lo, hi } = bootstrapInterval({ ...common, method: 'percentile', resamples: 20_000 })
    expect(Math.abs(lo - 100.8)).toBeLessThan(4)
    expect(Math.abs(hi - 233.9)).toBeLessThan(4)
  })
})

describe('coverage of the 95 % interval, over 300 samples', () => {
  const uniform = (stream: RandomStream) => (stream.bits32() + 0.5) / 2 ** 32
  const coverage = (n: number, of: (uniform: number) => number, truth: number) => {
    const stream = randomStream(n)
    const draw = () => of(uniform(stream))
    let covered = 0
    for (let trial = 0; trial < 300; trial++) {
      const { lo, hi } = geometricMeanEstimate(Float64Array.from({ length: n }, draw))
      if (lo! <= Math.exp(truth) && Math.exp(truth) <= hi!) covered += 1
    }
    return covered / 300
  }

  it.each([2, 3, 5, 6, 8, 10, 20])('is 90 to 99 of 100 for %i log-normal ratios', (n) => {
    const share = coverage(n, (u) => 0.3 + 0.05 * normalQuantile(u), 0.3)
    expect(share).toBeGreaterThanOrEqual(0.9)
    expect(share).toBeLessThanOrEqual(0.99)
  })

  it('is at least 85 of 100 for ten strongly skewed ones', () => {
    expect(coverage(10, (u) => -Math.log(u), 1)).toBeGreaterThanOrEqual(0.85)
  })
})

describe('an estimate', () => {
  const times = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 2, maxLength: 12 })

  it('lies in its interval', () => {
    fc.assert(
      fc.property(times, (values) => {
        const { value, lo, hi } = meanEstimate(Float64Array.from(values))
        expect(lo!).toBeLessThanOrEqual(value * (1 + 1e-9))
        expect(hi!).toBeGreaterThanOrEqual(value * (1 - 1e-9))
      }),
      { numRuns: 60 },
    )
  })

  it('of identical values is that value, with no width and no NaN', () => {
    for (const n of [2, 5, 6, 20]) {
      const { value, lo, hi } = meanEstimate(new Float64Array(n).fill(7e8))
      for (const figure of [value, lo, hi]) expect(figure).toBeCloseTo(7e8, 3)
    }
  })

  it('of one value has no interval', () => {
    expect(geometricMeanEstimate(Float64Array.of(Math.log(2)))).toEqual({
      value: expect.closeTo(2, 12) as number,
      lo: null,
      hi: null,
    })
  })

  it('is the same whenever it is asked for', () => {
    const values = Float64Array.of(3, 1, 4, 1, 5, 9, 2, 6)
    expect(meanEstimate(values)).toEqual(meanEstimate(values.slice()))
  })
})
