// The verdict's one rule, its boundaries and its words.
import { describe, expect, it } from 'vitest'
import { checkVerdict, row } from './make-row.ts'
import { explainVerdict, pairsForFamily } from '../../../src-main/core/stats/verdict.ts'

describe('the verdict', () => {
  it('is better or worse where the interval excludes 1 and p is at most 0.05', () => {
    expect(checkVerdict([0.6, 0.55, 0.65], 0.05, 10)).toBe('better')
    expect(checkVerdict([1.4, 1.3, 1.5], 0.01, 10)).toBe('worse')
  })

  it('is inconclusive where p is above 0.05, whatever the interval', () => {
    expect(checkVerdict([0.6, 0.55, 0.65], 0.0501, 10)).toBe('inconclusive')
  })

  it('is inconclusive where the interval includes 1, whatever p', () => {
    expect(checkVerdict([0.9, 0.8, 1], 0.01, 10)).toBe('inconclusive')
  })

  it('is equivalent where the whole interval is within the margin, significant or not', () => {
    expect(checkVerdict([1.005, 0.985, 1.02], 0.6, 10)).toBe('equivalent')
    expect(checkVerdict([1.01, 1.005, 1.015], 0.001, 10)).toBe('equivalent')
    expect(checkVerdict([1, 1, 1], 1, 10)).toBe('equivalent')
    expect(checkVerdict([1.005, 0.985, 1.021], 0.6, 10)).toBe('inconclusive')
  })

  it('turns round with baseline and scheme, also at the margin', () => {
    const cases: [number, number, number][] = [
      [0.6, 0.5, 0.7],
      [1 / 1.01, 1 / 1.02, 1],
      [1.5, 0.9, 2],
    ]
    const opposite = { better: 'worse', worse: 'better', equivalent: 'equivalent' } as const
    for (const [value, lo, hi] of cases) {
      const one = checkVerdict([value, lo, hi], 0.01, 10)
      const other = checkVerdict([1 / value, 1 / hi, 1 / lo], 0.01, 10)
      expect(other).toBe(one === 'inconclusive' ? one : opposite[one])
    }
  })

  it('claims nothing below six pairs, not even equivalence of identical runs', () => {
    expect(checkVerdict([0.5, 0.49, 0.51], 0.01, 5)).toBe('inconclusive')
    expect(checkVerdict([1, 1, 1], 1, 5)).toBe('inconclusive')
    expect(checkVerdict([0.5, null, null], null, 1)).toBe('inconclusive')
  })
})

describe('the reason', () => {
  const why = (parts: Parameters<typeof row>[0], comparisons = 52) =>
    explainVerdict(row(parts), 0.02, comparisons)

  it('names too few pairs', () => {
    expect(why({ pairs: 1, p: null, pSmallest: null })).toBe(
      '1 pair: p cannot reach 0.05, which takes 6',
    )
    expect(why({ pairs: 5, p: 1, pSmallest: 1 })).toBe(
      '5 pairs: p cannot reach 0.05, which takes 6',
    )
  })

  it('names a family too large for the pairs, and the pairs that it takes', () => {
    expect(why({ pairs: 10, p: 0.1015625, pSmallest: 0.1015625 })).toBe(
      '10 pairs: corrected over 52 comparisons p cannot fall below 0.10; it takes 12 pairs',
    )
  })

  it('names p, or the interval', () => {
    expect(why({ pairs: 12, p: 0.2, pSmallest: 0.02 })).toBe('corrected p = 0.2 is above 0.05')
    expect(why({ pairs: 12, p: 0.04, pSmallest: 0.02 })).toBe(
      'the interval includes 1 and exceeds the margin of ±2 %',
    )
  })

  it('is given for the other verdicts too', () => {
    expect(why({ verdict: 'better', p: 0.025 })).toBe(
      'the interval excludes 1 and corrected p = 0.025 ≤ 0.05',
    )
    expect(why({ verdict: 'equivalent' })).toBe('the whole interval is within the margin of ±2 %')
    expect(why({ isBaseline: true })).toBe('baseline')
  })
})

describe('the pairs that a family takes', () => {
  it.each([
    [1, 6],
    [2, 7],
    [13, 10],
    [52, 12],
    [1638, 16],
    [5000, 17],
  ])('of %i comparisons are %i', (comparisons, pairs) => {
    expect(pairsForFamily(comparisons)).toBe(pairs)
  })
})
