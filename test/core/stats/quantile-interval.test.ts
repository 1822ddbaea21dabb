// Order statistics around a quantile hold it as often as they say.
import { describe, expect, test } from 'vitest'
import { medianInterval } from '../../../src-main/core/stats/median-interval.ts'
import { quantileEstimate } from '../../../src-main/core/stats/quantile-interval.ts'
import { randomStream } from '../../../src-main/core/stats/random.ts'

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

describe('the estimate of a quantile', () => {
  test.each([6, 9, 15, 40, 101])('is the median’s interval at ½, n = %i', (n) => {
    const { lo, hi } = quantileEstimate(upTo(n), 0.5)
    expect({ lo, hi }).toEqual(medianInterval(upTo(n)))
  })

  test('has no end where there are too few values', () => {
    expect(quantileEstimate(upTo(5), 0.5)).toEqual({ value: 3, lo: null, hi: null })
    const decile = quantileEstimate(upTo(20), 0.1)
    expect(decile.lo).toBeNull()
    expect(decile.hi).toBe(6)
  })

  test('holds the first decile of 100 draws in at least 93 % of 1,000 samples', () => {
    const stream = randomStream(7)
    let held = 0
    for (let i = 0; i < 1000; i++) {
      const { lo, hi } = quantileEstimate(
        upTo(100).map(() => stream.unit()),
        0.1,
      )
      if (lo! <= 0.1 && hi! >= 0.1) held++
    }
    expect(held).toBeGreaterThan(930)
  })
})
