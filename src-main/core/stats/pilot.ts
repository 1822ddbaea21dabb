/**
 * From a pilot campaign to the repetitions that a question needs. A small pilot knows its own
 * spread badly, so there are two figures: by the spread as it was seen, and by its upper limit
 * (Browne 1995), with which four of five pilots do not promise too much.
 */
import type { Comparison, ComparisonRow } from '../contract/comparison.ts'
import type { PowerPlan, PowerQuery, PowerRow } from '../contract/power.ts'
import { normalQuantile } from './distributions.ts'
import { detectableRatio, planPairs, sdOfLogRatios } from './power.ts'
import { pairsForFamily } from './verdict.ts'

/** What is known of the pilot beside its comparison. */
export type PilotFacts = {
  /** Cells of one repetition. */
  readonly cells: number
  readonly cellMs: number | null
  /** Cells that run at once. */
  readonly workers: number
}

const UPPER = 0.8

/** χ² quantile by Wilson and Hilferty (1931); within 1 % from two degrees of freedom on. */
function chiSquareQuantile(p: number, df: number): number {
  const part = 2 / (9 * df)
  return df * Math.max(0.01, 1 - part + normalQuantile(p) * Math.sqrt(part)) ** 3
}

/** Upper limit of a standard deviation, one-sided 80 %, from n values; for normal values. */
export const upperSpread = (spread: number, n: number): number =>
  spread * Math.sqrt((n - 1) / chiSquareQuantile(1 - UPPER, n - 1))

/** Standard deviation of the paired log ratios of a row; null below two pairs. */
function spreadOf(row: ComparisonRow, base: ComparisonRow | undefined): number | null {
  const times = new Map(base?.sample.seeds.map((seed, i) => [seed, base.sample.valuesNs[i]!]))
  const pairs = row.sample.seeds.flatMap((seed, i) => {
    const baseline = times.get(seed)
    return baseline === undefined ? [] : [{ baseline, time: row.sample.valuesNs[i]! }]
  })
  return sdOfLogRatios(
    pairs.map(({ time }) => time),
    pairs.map(({ baseline }) => baseline),
  )
}

type Asked = { readonly ratio: number; readonly power: number; readonly comparisons: number }

function planRow(row: ComparisonRow, spread: number, asked: Asked): PowerRow {
  const pairsFor = (sdLogRatio: number) => planPairs({ ...asked, sdLogRatio }).pairs
  const found = detectableRatio({ ...asked, sdLogRatio: spread }, row.pairs)
  return {
    group: row.group,
    scheme: row.scheme,
    pairs: row.pairs,
    spread,
    repetitions: { lo: pairsFor(spread), hi: pairsFor(upperSpread(spread, row.pairs)) },
    detectable: 1 - (found ?? 0),
  }
}

/** The plan that a pilot gives; every row must find the effect. */
export function planFromPilot(pilot: Comparison, query: PowerQuery, facts: PilotFacts): PowerPlan {
  const tested = pilot.rows.filter((row) => !row.isBaseline && row.pairs >= 2)
  const comparisons = query.comparisons ?? Math.max(1, tested.length)
  const asked = { ratio: 1 - query.effect, power: query.power, comparisons }
  const rows = tested.flatMap((row) => {
    const base = pilot.rows.find((one) => one.isBaseline && one.group === row.group)
    const spread = spreadOf(row, base)
    return spread === null ? [] : [planRow(row, spread, asked)]
  })
  const most = (end: 'lo' | 'hi') => Math.max(...rows.map(({ repetitions }) => repetitions[end]))
  const repetitions = rows.length === 0 ? null : { lo: most('lo'), hi: most('hi') }
  const cells = query.cells ?? facts.cells
  const repetitionMs = facts.cellMs === null ? null : (cells * facts.cellMs) / facts.workers
  return {
    pilotId: pilot.campaignId,
    pilotName: pilot.campaignName,
    kind: pilot.kind,
    ...{ effect: query.effect, power: query.power, comparisons, rows, repetitions, cells },
    byResolution: pairsForFamily(comparisons),
    cellMs: facts.cellMs,
    costMs:
      repetitions === null || repetitionMs === null
        ? null
        : { lo: repetitions.lo * repetitionMs, hi: repetitions.hi * repetitionMs },
  }
}
