// The power planner: a textbook value, and what must hold of any plan.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectableRatio, planPairs, sdOfLogRatios } from '../../../src-main/core/stats/power.ts'

describe('the power planner', () => {
  it('asks for 34 pairs for half a standard deviation at 80 %, as every table does', () => {
    expect(planPairs({ sdLogRatio: 1, ratio: Math.exp(0.5), comparisons: 1 })).toEqual({
      pairs: 34,
      bySpread: 34,
      byResolution: 6,
    })
  })

  it('asks for no fewer than the corrected p can make use of', () => {
    expect(planPairs({ sdLogRatio: 0.001, ratio: 0.5, comparisons: 52 })).toMatchObject({
      pairs: 12,
      byResolution: 12,
    })
  })

  it('asks for the least where nothing varies', () => {
    expect(planPairs({ sdLogRatio: 0, ratio: 0.9, comparisons: 1 }).pairs).toBe(6)
  })

  it('asks for more pairs the smaller the effect, the same in either direction', () => {
    const ratio = fc.double({ min: 0.5, max: 0.98, noNaN: true })
    const spread = fc.double({ min: 0.001, max: 0.3, noNaN: true })
    fc.assert(
      fc.property(ratio, spread, fc.integer({ min: 1, max: 60 }), (r, sdLogRatio, comparisons) => {
        const plan = (to: number) => planPairs({ sdLogRatio, ratio: to, comparisons }).pairs
        expect(plan(Math.sqrt(r))).toBeGreaterThanOrEqual(plan(r))
        expect(Math.abs(plan(1 / r) - plan(r))).toBeLessThanOrEqual(1)
      }),
      { numRuns: 50 },
    )
  })

  it('finds with its pairs what it was asked to find', () => {
    const { bySpread } = planPairs({ sdLogRatio: 0.05, ratio: 0.97, comparisons: 4 })
    const found = (pairs: number) => detectableRatio({ sdLogRatio: 0.05, comparisons: 4 }, pairs)!
    expect(found(bySpread)).toBeGreaterThanOrEqual(0.97)
    expect(found(bySpread - 1)).toBeLessThan(0.97)
    expect(detectableRatio({ sdLogRatio: 0.05, comparisons: 4 }, 1)).toBeNull()
  })

  it('takes the spread from the logarithms of paired ratios', () => {
    expect(sdOfLogRatios([Math.E, 1], [1, 1])).toBeCloseTo(Math.SQRT1_2, 12)
    expect(sdOfLogRatios([2], [1])).toBeNull()
  })
})
