// Comparison rows for tests of verdicts and their words.
import { TIME_CLASS_KEYS } from '../../../src-main/core/base/time-class.ts'
import type { TimeByClassNs } from '../../../src-main/core/base/time-class.ts'
import type { ComparisonRow, Verdict } from '../../../src-main/core/contract/comparison.ts'
import { verdictOf } from '../../../src-main/core/stats/verdict.ts'

/** Nanoseconds for every time class, by its place in the list. */
export const attribution = (ns: (place: number) => number): TimeByClassNs =>
  Object.fromEntries(TIME_CLASS_KEYS.map((key, place) => [key, ns(place)])) as TimeByClassNs

/** The verdict for a ratio [value, lo, hi], corrected p and pairs, at a margin of 2 %. */
export function checkVerdict(
  [value, lo, hi]: readonly [number, number | null, number | null],
  p: number | null,
  pairs: number,
): Verdict {
  return verdictOf({ pairs, ratio: { value, lo, hi }, p, margin: 0.02 })
}

/** An inconclusive row of ten pairs, with the parts that matter to a test put in. */
export function row(parts: Partial<ComparisonRow>): ComparisonRow {
  const none = { value: 1, lo: null, hi: null }
  return {
    group: 'app',
    app: 'app',
    scheme: 'scheme',
    isBaseline: false,
    sample: { n: 1, seeds: [1], valuesNs: [1], runIds: ['r'], medianNs: none, meanNs: none },
    pairs: 10,
    ratio: none,
    speedup: none,
    timeSaved: none,
    p: 1,
    pSmallest: 0.01,
    ...{ effect: 0, hedgesG: null, unpaired: null },
    verdict: 'inconclusive',
    attributionNs: attribution(() => 0),
    ...{ failed: 0, excluded: 0, notNeeded: 0, missing: 0 },
    ...parts,
  }
}
