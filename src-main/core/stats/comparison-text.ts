/** The sentences that every printed form of a comparison shares. */
import type { Comparison, ComparisonRow, ReferenceBand, Trend } from '../contract/comparison.ts'
import type { RunKind } from '../contract/result.ts'
import { formatDurationNs, formatP, formatPercent } from './format-numbers.ts'
import { causesOfChange } from './main-causes.ts'
import { ALPHA, explainVerdict } from './verdict.ts'

/** How a kind is named on every page, figure and file. */
export const KIND_LABELS: Readonly<Record<RunKind, string>> = {
  simulated: 'Simulated',
  measured: 'Measured',
  counterfactual: 'Counterfactual',
}

/** What the two columns of improvement mean. */
export const DEFINITIONS =
  'ratio = T / T(baseline), below 1 is faster · speed-up = T(baseline) / T − 1 · ' +
  'time saved = 1 − T / T(baseline) · T: lower is better'

/** Runs by what became of them: `650 runs, 2 failed, 3 missing, 1 excluded`. */
export function describeRuns(comparison: Comparison): string {
  const { finishedRuns, failedRuns, missingRuns, excluded, notNeededRuns } = comparison
  return [
    `${finishedRuns} runs, ${failedRuns} failed, ${missingRuns} missing`,
    `${excluded.length} excluded`,
    ...(notNeededRuns === 0 ? [] : [`${notNeededRuns} not needed by the stopping rule`]),
  ].join(', ')
}

/** Every excluded run with its time and the reason, a line each. */
export const describeExclusions = ({ excluded }: Comparison): string[] =>
  excluded.map(({ group, scheme, seed, timeNs, reason }) => {
    return `${group} / ${scheme}, seed ${seed} (${formatDurationNs(timeNs)}): ${reason}`
  })

function trendText({ rho, p, change }: Trend): string {
  const figures = `Spearman ρ = ${rho.toFixed(2).replace('-', '−')}, p = ${formatP(p)}`
  return `by ${formatPercent(change)} from the first block to the last (${figures})`
}

/** What moved as a measured campaign went on, a warning each; none where nothing did. */
export function describeDrift({ drift }: Comparison): string[] {
  if (drift === null) return []
  const { times, ratios, blocks } = drift
  const moved = ratios.filter(({ p }) => p <= ALPHA)
  return [
    ...(times.p > ALPHA
      ? []
      : [
          `the times drifted ${trendText(times)} over ${blocks} blocks: pairs within a block ` +
            'share that, so ratios hold; times and their intervals are of a host that changed',
        ]),
    ...moved.map(
      (row) =>
        `${row.group} / ${row.scheme}: the ratio itself drifted ${trendText(row)}; its mean is ` +
        'not of a steady effect',
    ),
  ]
}

/** The claim of a band: `improvement +35.4 % … +79.6 %, mean +52.9 %`. */
export const describeBand = (band: ReferenceBand): string =>
  `${band.label}: improvement ${formatPercent(band.lo)} … ${formatPercent(band.hi)}, ` +
  `mean ${formatPercent(band.mean)}`

const CAUSES_SHOWN = 3
const CAUSE_MIN = 0.005

/** What changed most against the baseline, per useful work; `nothing` where nothing did. */
export function describeCauses(comparison: Comparison, row: ComparisonRow): string {
  const base = comparison.rows.find((one) => one.isBaseline && one.group === row.group)
  if (!base?.attributionNs || row.attributionNs === null) return ''
  const causes = causesOfChange(base.attributionNs, row.attributionNs)
    .slice(0, CAUSES_SHOWN)
    .filter(({ change }) => Math.abs(change) >= CAUSE_MIN)
  return causes.map((one) => `${one.label} ${formatPercent(one.change)}`).join(', ') || 'nothing'
}

/** Why rows are inconclusive, each reason once with the number of rows it holds for. */
export function inconclusiveReasons(comparison: Comparison): string[] {
  const { familySize: family } = comparison
  const counts = new Map<string, number>()
  for (const row of comparison.rows) {
    if (row.isBaseline || row.verdict !== 'inconclusive') continue
    const reason = explainVerdict(row, comparison.equivalenceMargin, family)
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return [...counts].map(([reason, rows]) => `${rows} ${rows === 1 ? 'row' : 'rows'}: ${reason}`)
}

/** Rows with failed, missing or excluded seeds and schemes left out altogether, a line each. */
export function describeGaps(comparison: Comparison): string[] {
  const gap = (what: { failed: number; missing: number; excluded: number }) =>
    `${what.failed} failed, ${what.missing} missing${
      what.excluded === 0 ? '' : `, ${what.excluded} excluded`
    }`
  const partial = comparison.rows.filter((row) => row.failed + row.missing + row.excluded > 0)
  return [
    ...partial.map((row) => `${row.group} / ${row.scheme}: ${row.pairs} pairs, ${gap(row)}`),
    ...comparison.omitted.map(
      (row) => `${row.group} / ${row.scheme}: left out, no pair (${row.runs} runs, ${gap(row)})`,
    ),
  ]
}
