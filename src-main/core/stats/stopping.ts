/**
 * The stopping rule on the width of intervals: which cells a campaign can do without. It is asked
 * between whole repetitions, looks only at those that have ended, and at how wide the intervals
 * are, never at where they lie: so it does not favour a scheme, and the same runs give the same
 * answer however often it is asked. Fixed-width sequential intervals: Chow and Robbins (1965).
 */
import type { Campaign, StopRule } from '../contract/campaign.ts'
import type { Cell } from '../contract/library.ts'
import { collectSeries } from './collect-series.ts'
import type { ComparedRun, Series } from './collect-series.ts'
import { geometricMeanEstimate } from './interval.ts'
import { pairBySeed } from './paired-series.ts'

/** What the rule says before a repetition. */
export type StopDecision = {
  /** Pending cells of groups that have ended, by index. */
  readonly notNeeded: readonly number[]
  readonly groups: number
  /** Groups whose intervals are narrow enough. */
  readonly ended: number
  /** Width (hi / lo − 1) of the widest interval of the other groups; null where one has none. */
  readonly widest: number | null
}

/** Width of the widest interval of a group's ratios; infinite where a scheme has too few pairs. */
function widthOf(series: readonly Series[], baseline: string, rule: StopRule): number {
  const base = series.find(({ scheme }) => scheme === baseline)
  const others = series.filter((one) => one !== base)
  const widths = others.map((one) => {
    const { logRatios } = pairBySeed(one, base)
    if (logRatios.length < rule.min) return Infinity
    const { lo, hi } = geometricMeanEstimate(logRatios)
    return lo === null || hi === null ? Infinity : hi / lo - 1
  })
  return others.length === 0 ? Infinity : Math.max(...widths)
}

/** What the rule says when every repetition before `repetition` has ended. */
export function decideStop(
  campaign: Pick<Campaign, 'baseline'>,
  rule: StopRule,
  all: { readonly cells: readonly Cell[]; readonly runs: readonly ComparedRun[] },
  repetition: number,
): StopDecision {
  const ended = new Set(
    all.cells.filter((cell) => cell.repetition < repetition).map(({ index }) => index),
  )
  const runs = all.runs.filter(({ cellIndex }) => ended.has(cellIndex))
  const { series } = collectSeries(all.cells, runs)
  const widths = [...Map.groupBy(series, ({ group }) => group).values()].map((own) => {
    return { own, width: widthOf(own, campaign.baseline, rule) }
  })
  const narrow = widths.filter(({ width }) => width <= rule.ciWidth)
  const cellsOf = new Set(narrow.flatMap(({ own }) => own.flatMap(({ cells }) => cells)))
  const open = widths.filter((one) => !narrow.includes(one))
  const widest = Math.max(0, ...open.map(({ width }) => width))
  return {
    notNeeded: all.cells
      .filter(({ index, status }) => status === 'pending' && cellsOf.has(index))
      .map(({ index }) => index),
    groups: widths.length,
    ended: narrow.length,
    widest: Number.isFinite(widest) ? widest : null,
  }
}
