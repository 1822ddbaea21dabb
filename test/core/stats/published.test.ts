// The statistics against SciPy and R, computed once (fixtures/make-scipy.py, fixtures/make-r.R).
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bootstrapInterval } from '../../../src-main/core/stats/bootstrap.ts'
import { quantile, sum } from '../../../src-main/core/stats/descriptive.ts'
import { studentTwoSided } from '../../../src-main/core/stats/distributions.ts'
import { cliffsDelta, hedgesG } from '../../../src-main/core/stats/effect-size.ts'
import { holm } from '../../../src-main/core/stats/holm.ts'
import { mannWhitney } from '../../../src-main/core/stats/mann-whitney.ts'
import { medianInterval } from '../../../src-main/core/stats/median-interval.ts'
import { signFlipTest } from '../../../src-main/core/stats/permutation.ts'
import { planPairs } from '../../../src-main/core/stats/power.ts'
import { rankTrend, theilSenSlope } from '../../../src-main/core/stats/rank-trend.ts'

const fixture = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')) as T

type Pair = [number, number]
const scipy = fixture<{
  student: [number, number, number][]
  bootstrap: { name: string; values: number[]; bca: Pair; percentile: Pair }[]
  signFlip: { differences: number[]; p: number }[]
  mannWhitney: { x: number[]; y: number[]; u: number; p: number; exact: boolean }[]
  trends: { values: number[]; rho: number; p: number; slope: number }[]
  medianRanks: [number, number, number, number][]
}>('scipy.json')
const r = fixture<{
  sleepDrug: number[]
  sleepOther: number[]
  hedgesG: number
  cliffsDelta: number
  ozoneMay: number[]
  ozoneAugust: number[]
  ozoneW: number
  ozoneP: number
  holmRaw: number[]
  holm: number[]
  powerPairs: [number, number, number, number][]
  quantile7: [number, number, number, number]
}>('r.json')

const sleepDifferences = r.sleepDrug.map((extra, i) => extra - r.sleepOther[i]!)

describe('SciPy agrees', () => {
  it.each(scipy.student)('on Student’s t for confidence %d, %i degrees', (confidence, df, t) => {
    expect(studentTwoSided(confidence, df) / t).toBeCloseTo(1, 8)
  })

  describe.each(scipy.bootstrap)('on intervals of the mean: $name', ({ values, ...known }) => {
    const meanOf = (indices: Int32Array) =>
      sum(Float64Array.from(indices, (i) => values[i]!)) / indices.length
    it.each(['bca', 'percentile'] as const)('%s, but for resampling noise', (method) => {
      const [lo, hi] = known[method]
      const input = { strata: [values.length], statistic: meanOf, seed: 1, method }
      const ours = bootstrapInterval({ ...input, resamples: 40_000 })
      const tolerance = 0.025 * (hi - lo)
      expect(Math.abs(ours.lo - lo)).toBeLessThan(tolerance)
      expect(Math.abs(ours.hi - hi)).toBeLessThan(tolerance)
    })
  })

  it.each(scipy.signFlip)('on the sign-flip test of $differences', ({ differences, p }) => {
    expect(signFlipTest(differences)).toMatchObject({ p, exact: true })
  })

  it.each(scipy.mannWhitney)('on Mann–Whitney, p = $p', ({ x, y, u, p, exact }) => {
    const ours = mannWhitney(x, y)
    expect(ours.u).toBe(u)
    // Up to 40 values ours counts ties out where SciPy goes to the normal distribution.
    if (exact || !ours.exact) expect(ours.p).toBeCloseTo(p, 10)
    else expect(ours.p).toBeCloseTo(p, 2)
  })

  it('on the smallest p that three against three can reach, 2 / 20', () => {
    const { x, y, p } = scipy.mannWhitney[3]!
    expect(mannWhitney(x, y)).toMatchObject({ p, pSmallest: p })
    expect(mannWhitney([1, 5, 3], [2, 4, 6]).pSmallest).toBeCloseTo(0.1, 12)
  })

  it.each(scipy.trends)('on a trend with ρ = $rho', ({ values, rho, p, slope }) => {
    const at = values.map((_, i) => i + 1)
    const trend = rankTrend(at, values)!
    expect(trend.rho).toBeCloseTo(rho, 12)
    // All orders are tried up to 8 values; beyond, both draw.
    if (values.length <= 8) expect(trend.p).toBeCloseTo(p, 12)
    else expect(Math.abs(trend.p - p)).toBeLessThan(0.02)
    expect(theilSenSlope(at, values)).toBeCloseTo(slope, 12)
  })

  it.each(scipy.medianRanks)('on the median’s interval of %i values', (n, lo, hi) => {
    const values = Array.from({ length: n }, (_, i) => i + 1)
    expect(medianInterval(values)).toEqual({ lo, hi })
  })
})

describe('R agrees', () => {
  it('on Holm’s correction (p.adjust)', () => {
    holm(r.holmRaw).forEach((p, i) => expect(p).toBeCloseTo(r.holm[i]!, 12))
  })

  it('on Hedges’ g of Student’s sleep data, to what the usual correction is good for', () => {
    // The sign is of who sleeps less: ours is positive where the differences are negative.
    expect(Math.abs(-hedgesG(sleepDifferences)! - r.hedgesG)).toBeLessThan(0.001)
  })

  it('on Cliff’s delta of the same', () => {
    expect(cliffsDelta(r.sleepDrug, r.sleepOther)).toBeCloseTo(r.cliffsDelta, 12)
  })

  it('on Mann–Whitney with ties, by the normal distribution (wilcox.test)', () => {
    const { u, p, exact } = mannWhitney(r.ozoneMay, r.ozoneAugust)
    expect({ u, exact }).toEqual({ u: r.ozoneW, exact: false })
    expect(p).toBeCloseTo(r.ozoneP, 12)
  })

  it.each(r.powerPairs)('on pairs for σ %d, ratio %d, α %d', (sdLogRatio, ratio, alpha, n) => {
    const comparisons = Math.round(0.05 / alpha)
    const ours = planPairs({ sdLogRatio, ratio, comparisons }).bySpread
    // R solves the noncentral t for a fraction of a pair; ours leaves out its last term.
    expect(Math.abs(ours - Math.ceil(n))).toBeLessThanOrEqual(1)
  })

  it('on quantiles of type 7', () => {
    const at = [0.1, 0.25, 0.5, 0.9]
    expect(at.map((one) => quantile(r.ozoneMay, one))).toEqual(r.quantile7)
  })
})
