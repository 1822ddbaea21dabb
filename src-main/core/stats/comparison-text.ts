/** The sentences that every printed form of a comparison shares. */
import type { Comparison, ComparisonRow, ReferenceBand } from '../contract/comparison.ts'
import type { RunKind } from '../contract/result.ts'
import { formatPercent } from './format-numbers.ts'
import { causesOfChange } from './main-causes.ts'
import { explainVerdict } from './verdict.ts'

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

/** Runs by what became of them: `650 runs, 2 failed, 3 missing`. */
export function describeRuns(comparison: Comparison): string {
  const { finishedRuns, failedRuns, missingRuns } = comparison
  return `${finishedRuns} runs, ${failedRuns} failed, ${missingRuns} missing`
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

/** Rows with failed or missing seeds and schemes left out altogether, a line each. */
export function describeGaps(comparison: Comparison): string[] {
  const gap = (what: { failed: number; missing: number }) =>
    `${what.failed} failed, ${what.missing} missing`
  const partial = comparison.rows.filter((row) => row.failed + row.missing > 0)
  return [
    ...partial.map((row) => `${row.group} / ${row.scheme}: ${row.pairs} pairs, ${gap(row)}`),
    ...comparison.omitted.map(
      (row) => `${row.group} / ${row.scheme}: left out, no pair (${row.runs} runs, ${gap(row)})`,
    ),
  ]
}
