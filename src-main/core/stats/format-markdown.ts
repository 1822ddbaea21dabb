/** A comparison as Markdown, for a README, an issue or a paper's appendix. */
import type { Comparison, ComparisonRow, SchemeSummary } from '../contract/comparison.ts'
import { checkBands } from './band-check.ts'
import type { BandCheck } from './band-check.ts'
import {
  DEFINITIONS,
  describeBand,
  describeCauses,
  describeDrift,
  describeExclusions,
  describeGaps,
  describeRuns,
  inconclusiveReasons,
  KIND_LABELS,
} from './comparison-text.ts'
import { EVIDENCE_NOTE, evidenceTable } from './evidence-table.ts'
import {
  formatDurationNs,
  formatEstimate,
  formatP,
  formatPercent,
  formatRatio,
} from './format-numbers.ts'
import { speedupOf, timeSavedOf } from './improvement.ts'
import { literal, markdownTable as table } from './markdown-table.ts'
import { VERDICT_SIGNS } from './verdict.ts'

function rowCells(row: ComparisonRow): string[] {
  const { medianNs, meanNs } = row.sample
  const own = [literal(row.group), literal(row.scheme), String(row.pairs)]
  const times = [medianNs, meanNs].map((estimate) => formatEstimate(estimate, formatDurationNs))
  if (row.isBaseline) return [...own, ...times, '1', '', '', '', '', 'baseline']
  return [
    ...own,
    ...times,
    formatEstimate(row.ratio, formatRatio),
    formatEstimate(row.speedup, formatPercent),
    formatEstimate(row.timeSaved, formatPercent),
    formatP(row.p),
    row.effect === null ? '–' : row.effect.toFixed(2).replace('-', '−'),
    literal(`${VERDICT_SIGNS[row.verdict]} ${row.verdict}`),
  ]
}

const ROW_TITLES = [
  ...['app', 'scheme', 'n', 'median T [95 % CI]', 'mean T [95 % CI]', 'ratio [95 % CI]'],
  ...['speed-up [95 % CI]', 'time saved [95 % CI]', 'corrected p', 'effect', 'verdict'],
]

const SUMMARY_TITLES = [
  ...['scheme', 'by', 'ratio [95 % CI]', 'speed-up [95 % CI]', 'time saved [95 % CI]'],
  ...['↓ better', '↑ worse', '= equivalent', '\\~ inconclusive'],
]

function summaryCells(summary: SchemeSummary): string[][] {
  const { better, worse, equivalent, inconclusive } = summary
  const cells = (by: string, ratio: SchemeSummary['geomeanRatio']) => [
    literal(summary.scheme),
    by,
    formatEstimate(ratio, formatRatio),
    formatEstimate(speedupOf(ratio), formatPercent),
    formatEstimate(timeSavedOf(ratio), formatPercent),
    ...[better, worse, equivalent, inconclusive].map(String),
  ]
  return [cells('geometric mean', summary.geomeanRatio), cells('mean cost', summary.meanCostRatio)]
}

const list = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `### ${title}`, '', ...lines.map((line) => `- ${literal(line)}`)]

const CLAIM_TITLES = [
  ...['app', 'what changed most, per useful work', 'speed-up [95 % CI]', 'claim'],
  ...['time saved [95 % CI]', 'claim'],
]

/** A scheme beside what was published of it, with what the attribution says is the cause. */
function claimed(comparison: Comparison, { band, scheme, rows, others }: BandCheck): string[] {
  const cells = rows.map(({ row, bySpeedup, byTimeSaved }) => [
    literal(row.group),
    describeCauses(comparison, row),
    formatEstimate(row.speedup, formatPercent),
    bySpeedup,
    formatEstimate(row.timeSaved, formatPercent),
    byTimeSaved,
  ])
  const rest =
    others.length === 0 ? [] : ['', `Not part of the claim: ${others.map(literal).join(', ')}.`]
  return [
    ...['', `### ${literal(scheme)} beside what was published`, ''],
    ...table(CLAIM_TITLES, 2, cells),
    ...rest,
    ...['', `${describeBand(band)}. ${band.source}. For reference; the model does not use it.`],
  ]
}

/** What was counted on the host, for measured campaigns. */
function evidenceLines(comparison: Comparison): string[] {
  const evidence = evidenceTable(comparison)
  if (evidence === null) return []
  const rows = evidence.rows.map((cells) => cells.map(literal))
  return [
    ...['', '### What was counted', '', literal(EVIDENCE_NOTE), ''],
    ...table(evidence.titles.map(literal), 2, rows),
    ...list('Not observable', evidence.notObservable),
  ]
}

/** The comparison as a Markdown section, ending in a line break; names are escaped. */
export function toMarkdown(comparison: Comparison): string {
  const { kind, campaignName, baseline, rows, summaries } = comparison
  const others = summaries.filter((summary) => summary.scheme !== baseline)
  return [
    `## ${literal(campaignName)}: comparison with ${literal(baseline)}`,
    '',
    `**${KIND_LABELS[kind]}** · ${describeRuns(comparison)}. ${DEFINITIONS}.`,
    '',
    ...(comparison.measuredOn === null ? [] : [`On ${literal(comparison.measuredOn)}.`, '']),
    ...table(ROW_TITLES, 2, rows.map(rowCells)),
    '',
    ...table(SUMMARY_TITLES, 2, others.flatMap(summaryCells)),
    ...list('Inconclusive', inconclusiveReasons(comparison)),
    ...checkBands(comparison).flatMap((check) => claimed(comparison, check)),
    ...evidenceLines(comparison),
    ...list('Drift', describeDrift(comparison)),
    ...list('Excluded', describeExclusions(comparison)),
    ...list('Gaps', describeGaps(comparison)),
    ...['', '### Method', '', literal(comparison.method), ''],
  ].join('\n')
}
