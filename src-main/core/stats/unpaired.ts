/**
 * The comparison once more without its pairs: ranks of all times of a scheme among the baseline's.
 * It decides no verdict; it stands beside it, for a reader who doubts that the pairing is sound.
 */
import type { Unpaired } from '../contract/comparison.ts'
import { runsBySeed } from './collect-series.ts'
import type { Series } from './collect-series.ts'
import { cliffsDelta } from './effect-size.ts'
import { holm } from './holm.ts'
import { mannWhitney } from './mann-whitney.ts'

const timesOf = (series: Series): number[] => runsBySeed(series).map(({ timeNs }) => timeNs)

/**
 * Mann–Whitney and Cliff's delta of each series against its baseline's, p Holm-corrected over those
 * that have values in both; null for the others.
 */
export function unpairedTests(
  rows: readonly { readonly series: Series; readonly baseline: Series | undefined }[],
): (Unpaired | null)[] {
  const samples = rows.map(({ series, baseline }) => {
    const [own, base] = [timesOf(series), baseline === undefined ? [] : timesOf(baseline)]
    return own.length > 0 && base.length > 0 ? { own, base } : null
  })
  const tests = samples.map((one) => (one === null ? null : mannWhitney(one.own, one.base)))
  const tested = tests.filter((test) => test !== null)
  const corrected = holm(tested.map(({ p }) => p))
  const smallest = holm(tested.map(({ pSmallest }) => pSmallest))
  return tests.map((test, i) => {
    const sample = samples[i]
    if (test === null || sample === null || sample === undefined) return null
    const at = tested.indexOf(test)
    const delta = cliffsDelta(sample.own, sample.base)
    return { p: corrected[at]!, pSmallest: smallest[at]!, delta }
  })
}
