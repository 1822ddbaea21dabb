/**
 * The comparison of a campaign: from cells and runs to what the terminal, the screens and the PDF
 * show. Pure and deterministic; every interval is seeded by the runs it is made of.
 */
import { LabError } from '../base/lab-error.ts'
import { TIME_CLASS_KEYS } from '../base/time-class.ts'
import type { TimeByClassNs } from '../base/time-class.ts'
import type { Campaign } from '../contract/campaign.ts'
import type {
  Comparison,
  ComparisonRow,
  Estimate,
  ExcludedRun,
  OmittedRow,
  ReferenceBand,
  Sample,
  SchemeSummary,
  Unpaired,
} from '../contract/comparison.ts'
import type { Cell } from '../contract/library.ts'
import { MEASURES } from '../contract/measure.ts'
import type { RunKind } from '../contract/result.ts'
import { byAxes } from './campaign-order.ts'
import { collectSeries, runsBySeed } from './collect-series.ts'
import type { ComparedRun, Series } from './collect-series.ts'
import { median } from './descriptive.ts'
import { bandApplies } from './band-check.ts'
import { driftOf } from './drift.ts'
import { hedgesG, pairedDominance } from './effect-size.ts'
import { evidenceOf } from './evidence.ts'
import { testFamily } from './family.ts'
import type { Correction, RowTest } from './family.ts'
import { speedupOf, timeSavedOf } from './improvement.ts'
import { geometricMeanEstimate, meanEstimate } from './interval.ts'
import { medianInterval } from './median-interval.ts'
import { describeMethod } from './method-text.ts'
import { pairBySeed } from './paired-series.ts'
import type { PairedSeries } from './paired-series.ts'
import { summariseScheme } from './summarise-scheme.ts'
import { unpairedTests } from './unpaired.ts'
import { familySize, verdictOf } from './verdict.ts'

/** What a comparison is made of. */
export type CompareInput = {
  readonly campaignId: string
  readonly campaignName: string
  readonly kind: RunKind
  readonly campaign: Campaign
  /** All cells of the campaign, so that failed and missing ones are counted. */
  readonly cells: readonly Cell[]
  /** The finished runs. */
  readonly runs: readonly ComparedRun[]
  /** Label of the scheme to compare with; the campaign's baseline if left out. */
  readonly baseline?: string | undefined
  readonly bands: readonly ReferenceBand[]
  /** Where the runs were measured, in words. */
  readonly measuredOn?: string | null
  /** Correction over the family of all rows; Holm if left out. */
  readonly correction?: Correction
}

function sampleOf(runs: readonly ComparedRun[]): Sample {
  const times = Float64Array.from(runs, (run) => run.timeNs)
  const around = medianInterval(times)
  return {
    n: runs.length,
    seeds: runs.map((run) => run.seed),
    valuesNs: [...times],
    runIds: runs.map((run) => run.runId),
    medianNs: { value: median(times), lo: around?.lo ?? null, hi: around?.hi ?? null },
    meanNs: meanEstimate(times),
  }
}

/** null where one of the runs was measured. */
function meanAttribution(runs: readonly ComparedRun[]): TimeByClassNs | null {
  const all = runs.flatMap(({ attributionNs }) => attributionNs ?? [])
  if (all.length < runs.length) return null
  const average = (key: keyof TimeByClassNs) =>
    all.reduce((total, times) => total + times[key], 0) / all.length
  return Object.fromEntries(TIME_CLASS_KEYS.map((key) => [key, average(key)])) as TimeByClassNs
}

function missingOf({ series, seeds }: PairedSeries): number {
  const { planned, failed, excluded, notNeeded } = series
  const known = failed.size + excluded.size + notNeeded.size + seeds.length
  return Math.max(0, planned.size - known)
}

type Tests = { readonly paired: RowTest; readonly unpaired: Unpaired | null }

function rowOf(paired: PairedSeries, tests: Tests, isBaseline: boolean, margin: number) {
  const { series, seeds, logRatios } = paired
  const runs = runsBySeed(series)
  const ratio: Estimate = isBaseline ? { value: 1, lo: 1, hi: 1 } : geometricMeanEstimate(logRatios)
  const row: ComparisonRow = {
    group: series.group,
    app: series.app,
    scheme: series.scheme,
    isBaseline,
    sample: sampleOf(runs),
    pairs: seeds.length,
    ratio,
    speedup: speedupOf(ratio),
    timeSaved: timeSavedOf(ratio),
    ...tests.paired,
    effect: isBaseline ? null : pairedDominance(logRatios),
    hedgesG: isBaseline ? null : hedgesG(logRatios),
    unpaired: tests.unpaired,
    verdict: isBaseline
      ? 'equivalent'
      : verdictOf({ pairs: seeds.length, ratio, p: tests.paired.p, margin }),
    attributionNs: meanAttribution(runs),
    failed: series.failed.size,
    excluded: series.excluded.size,
    notNeeded: series.notNeeded.size,
    missing: missingOf(paired),
  }
  return row
}

const excludedOf = ({ group, scheme, excluded }: Series): ExcludedRun[] =>
  [...excluded.values()].map(({ runId, seed, timeNs, excluded: reason }) => {
    return { runId, group, scheme, seed, timeNs, reason: reason ?? '' }
  })

function omittedRow(paired: PairedSeries): OmittedRow {
  const { group, scheme, runs, failed, excluded } = paired.series
  const counts = { runs: runs.size, failed: failed.size, excluded: excluded.size }
  return { group, scheme, ...counts, missing: missingOf(paired) }
}

function chooseBaseline(input: CompareInput, schemes: readonly string[]): string {
  const baseline = input.baseline ?? input.campaign.baseline
  if (schemes.length > 0 && !schemes.includes(baseline)) {
    const hint = `Choose one of: ${schemes.join(', ')}`
    throw new LabError('bad-input', `The campaign has no scheme "${baseline}".`, hint)
  }
  return baseline
}

/** Pairs of every group × scheme with the baseline, group by group, schemes in campaign order. */
function pairAll(series: readonly Series[], groups: readonly string[], schemes: readonly string[]) {
  const find = (group: string, scheme: string) =>
    series.find((one) => one.group === group && one.scheme === scheme)
  return (baseline: string): PairedSeries[] =>
    groups.flatMap((group) => {
      const base = find(group, baseline)
      const own = schemes.flatMap((scheme) => find(group, scheme) ?? [])
      return own.map((one) => pairBySeed(one, base))
    })
}

function makeRows(paired: readonly PairedSeries[], baseline: string, input: CompareInput) {
  const tested = paired.filter((one) => one.series.scheme !== baseline)
  const tests = testFamily(tested, input.correction ?? 'holm')
  const baselineOf = (group: string) =>
    paired.find(({ series }) => series.group === group && series.scheme === baseline)?.series
  const unpaired = unpairedTests(
    tested.map(({ series }) => ({ series, baseline: baselineOf(series.group) })),
  )
  const untested: RowTest = { p: null, pSmallest: null }
  return paired
    .filter(({ seeds }) => seeds.length > 0)
    .map((one) => {
      const at = tested.indexOf(one)
      const both = { paired: tests[at] ?? untested, unpaired: unpaired[at] ?? null }
      return rowOf(one, both, at < 0, input.campaign.equivalenceMargin)
    })
}

function summarise(
  paired: readonly PairedSeries[],
  rows: readonly ComparisonRow[],
  schemes: readonly string[],
  baseline: string,
): SchemeSummary[] {
  return schemes.flatMap((scheme) => {
    const own = paired.filter((one) => one.series.scheme === scheme)
    const ownRows = rows.filter((row) => row.scheme === scheme)
    return summariseScheme(scheme, scheme === baseline, own, ownRows) ?? []
  })
}

/** Cells of a real host ran in a drawn order; they are shown in that of the axes. */
function inAxisOrder({ campaign, cells, runs }: CompareInput) {
  if (campaign.measured === undefined) return [cells, runs] as const
  const order = byAxes(campaign)
  const places = [...cells].sort((a, b) => a.seed - b.seed || order(a.factors, b.factors))
  const indexes = new Map(places.map((cell, index) => [cell.index, index]))
  return [
    places.map((cell, index) => ({ ...cell, index })),
    runs.map((run) => ({ ...run, cellIndex: indexes.get(run.cellIndex) ?? run.cellIndex })),
  ] as const
}

/**
 * Compares the schemes of a campaign with its baseline, paired by seed within each row group. Works
 * on a campaign that is not finished. Throws LabError `bad-input` when the baseline is not one of
 * the campaign's schemes. What is computed how is told by `method` in the result.
 */
export function compareCampaign(input: CompareInput): Comparison {
  const { series, situations, groups, schemes } = collectSeries(...inAxisOrder(input))
  const baseline = chooseBaseline(input, schemes)
  const measure = input.campaign.measure ?? 'time'
  const paired = pairAll(series, groups, schemes)(baseline)
  const rows = makeRows(paired, baseline, input)
  const omitted = paired.filter(({ seeds }) => seeds.length === 0).map(omittedRow)
  const total = (count: (one: Series) => number) => series.reduce((sum, s) => sum + count(s), 0)
  const finishedRuns = total((one) => one.runs.size)
  const failedRuns = total((one) => one.failed.size)
  const notNeededRuns = total((one) => one.notNeeded.size)
  const excluded = series.flatMap(excludedOf)
  const compared = paired.filter((one) => one.series.scheme !== baseline)
  return {
    campaignId: input.campaignId,
    campaignName: input.campaignName,
    kind: input.kind,
    baseline,
    measure: MEASURES[measure],
    groups,
    situations,
    schemes,
    rows,
    omitted,
    summaries: summarise(paired, rows, schemes, baseline),
    bands: input.bands.filter((band) => bandApplies(band, { baseline, rows })),
    evidence: evidenceOf(series),
    measuredOn: input.measuredOn ?? null,
    equivalenceMargin: input.campaign.equivalenceMargin,
    familySize: familySize(rows),
    method: describeMethod({
      kind: input.kind,
      correction: input.correction ?? 'holm',
      comparisons: familySize(rows),
      margin: input.campaign.equivalenceMargin,
      measure,
      stop: input.campaign.stop,
    }),
    finishedRuns,
    failedRuns,
    missingRuns:
      total((one) => one.planned.size) -
      (finishedRuns + failedRuns + notNeededRuns + excluded.length),
    notNeededRuns,
    excluded,
    drift: input.kind === 'measured' ? driftOf(series, compared) : null,
  }
}
