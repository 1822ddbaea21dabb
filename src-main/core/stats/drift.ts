/**
 * Whether a measured campaign's figures moved as it went on. A block is one repetition of every
 * cell, so the blocks are the run order. Two questions: did the host get slower or faster, which
 * pairs within blocks take out of the ratios; and did a ratio itself move, which nothing takes out.
 */
import type { Drift, Trend } from '../contract/comparison.ts'
import { runsBySeed } from './collect-series.ts'
import type { Series } from './collect-series.ts'
import { mean } from './descriptive.ts'
import { holm } from './holm.ts'
import type { PairedSeries } from './paired-series.ts'
import { centred, rankTrend } from './rank-trend.ts'

/**
 * The trend of the block effects: each block's mean of log times, each less its series' mean. Runs
 * of a block count as one, because what happens to a block happens to all of them.
 */
function timesTrend(series: readonly Series[]): { blocks: number; times: Trend } | null {
  const effects = new Map<number, number[]>()
  for (const runs of series.map(runsBySeed).filter(({ length }) => length >= 2)) {
    const logs = centred(runs.map(({ timeNs }) => Math.log(timeNs)))
    runs.forEach(({ seed }, i) => {
      effects.set(seed, [...(effects.get(seed) ?? []), logs[i]!])
    })
  }
  const blocks = [...effects.keys()].sort((a, b) => a - b)
  const times = rankTrend(
    blocks,
    blocks.map((block) => mean(effects.get(block)!)),
  )
  return times === null ? null : { blocks: blocks.length, times }
}

/** The drift of series and of the ratios to the baseline; null where there are too few blocks. */
export function driftOf(
  series: readonly Series[],
  compared: readonly PairedSeries[],
): Drift | null {
  const all = timesTrend(series)
  if (all === null) return null
  const trends = compared.flatMap(({ series: { group, scheme }, seeds, logRatios }) => {
    const trend = rankTrend(seeds, logRatios)
    return trend === null ? [] : [{ group, scheme, ...trend }]
  })
  const corrected = holm(trends.map(({ p }) => p))
  return { ...all, ratios: trends.map((trend, i) => ({ ...trend, p: corrected[i]! })) }
}
