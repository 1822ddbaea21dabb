/** What the null campaign finds falsely, and how often its intervals hold the truth. */
import type { Campaign, StopRule } from '../../core/contract/campaign.ts'
import { compareCampaign } from '../../core/stats/compare.ts'
import { decideStop } from '../../core/stats/stopping.ts'
import { ALPHA } from '../../core/stats/verdict.ts'
import type { NullRepeat } from './null-runs.ts'

/** A way to run and judge the null campaign. */
export type NullCase = {
  readonly name: string
  /** Pairs that are used; the most where a stopping rule may end a group before. */
  readonly pairs: number
  readonly margin: number
  readonly stop?: StopRule
}

/** Counts over the repeats. */
export type NullCounts = NullCase & {
  readonly repeats: number
  readonly rows: number
  /** Rows with a verdict that cannot be true. */
  readonly falseRows: number
  /** Repeats with one such row or more: what Holm's correction is to hold below 5 %. */
  readonly falseRepeats: number
  readonly equivalentRows: number
  /** Rows whose interval holds the true ratio, 1. */
  readonly coveredRows: number
  /** Pairs of all rows together. */
  readonly pairsUsed: number
  /** Repeats, taken for measured ones, in which the drift check warns of the times. */
  readonly driftRepeats: number
}

/** The first pairs of a repeat, fewer where the rule ends a group. */
function narrowed(repeat: NullRepeat, { pairs, stop }: NullCase): NullRepeat {
  const first = {
    cells: repeat.cells.filter((cell) => cell.repetition < pairs),
    runs: repeat.runs.filter((run) => run.seed < pairs),
  }
  if (stop === undefined) return { ...repeat, ...first }
  let { cells, runs } = first
  for (let pair = stop.min; pair < pairs; pair++) {
    const open = cells.map((cell) =>
      cell.repetition < pair ? cell : { ...cell, status: 'pending' as const },
    )
    const { notNeeded } = decideStop(repeat.campaign, stop, { cells: open, runs }, pair)
    const out = new Set(notNeeded)
    cells = cells.filter(({ index }) => !out.has(index))
    runs = runs.filter(({ cellIndex }) => !out.has(cellIndex))
  }
  return { ...repeat, cells, runs }
}

function compared(repeat: NullRepeat, margin: number) {
  const campaign: Campaign = { ...repeat.campaign, equivalenceMargin: margin }
  const about = { campaignId: 'null', campaignName: campaign.name, bands: [] }
  const { cells, runs } = repeat
  // As if it were measured, so that its drift is checked too; nothing else depends on it.
  return compareCampaign({ ...about, kind: 'measured', campaign, cells, runs })
}

/** Nothing counted yet. */
export const noCounts = (one: NullCase): NullCounts => ({
  ...one,
  ...{ repeats: 0, rows: 0, falseRows: 0, falseRepeats: 0, equivalentRows: 0, coveredRows: 0 },
  ...{ pairsUsed: 0, driftRepeats: 0 },
})

/** The counts with one more repeat. */
export function count(before: NullCounts, repeat: NullRepeat): NullCounts {
  const { rows, drift } = compared(narrowed(repeat, before), before.margin)
  const own = rows.filter((row) => !row.isBaseline)
  const found = own.filter(({ verdict }) => verdict === 'better' || verdict === 'worse').length
  const covered = own.filter(({ ratio: { lo, hi } }) => lo! <= 1 && hi! >= 1).length
  return {
    ...before,
    repeats: before.repeats + 1,
    rows: before.rows + own.length,
    falseRows: before.falseRows + found,
    falseRepeats: before.falseRepeats + Number(found > 0),
    equivalentRows:
      before.equivalentRows + own.filter(({ verdict }) => verdict === 'equivalent').length,
    coveredRows: before.coveredRows + covered,
    pairsUsed: before.pairsUsed + own.reduce((total, row) => total + row.pairs, 0),
    driftRepeats: before.driftRepeats + Number(drift !== null && drift.times.p <= ALPHA),
  }
}
