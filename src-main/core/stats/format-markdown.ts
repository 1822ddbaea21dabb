/** A comparison as Markdown, for a README, an issue or a paper's appendix. */
import type { Comparison, ComparisonRow, SchemeSummary } from '../contract/comparison.ts'
import {
  DEFINITIONS,
  describeBand,
  describeBandChecks,
  describeGaps,
  describeRuns,
  inconclusiveReasons,
  KIND_LABELS,
} from './comparison-text.ts'
import {
  formatDurationNs,
  formatEstimate,
  formatP,
  formatPercent,
  formatRatio,
  plainText,
} from './format-numbers.ts'
import { speedupOf, timeSavedOf } from './improvement.ts'
import { VERDICT_SIGNS } from './verdict.ts'

/** Text that Markdown takes literally, also inside a table. */
const literal = (text: string): string => plainText(text).replace(/[\\`*_[\]<>|~#]/g, '\\$&')

const tableLine = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** A table; `left` columns from the left are aligned left, the others right. */
function table(titles: readonly string[], left: number, rows: readonly string[][]): string[] {
  const aligned = titles.map((_, at) => (at < left ? ':--' : '--:'))
  return [tableLine(titles), tableLine(aligned), ...rows.map(tableLine)]
}

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

/** The comparison as a Markdown section, ending in a line break; names are escaped. */
export function toMarkdown(comparison: Comparison): string {
  const { kind, campaignName, baseline, rows, summaries, bands } = comparison
  const others = summaries.filter((summary) => summary.scheme !== baseline)
  return [
    `## ${literal(campaignName)}: comparison with ${literal(baseline)}`,
    '',
    `**${KIND_LABELS[kind]}** · ${describeRuns(comparison)}. ${DEFINITIONS}.`,
    '',
    ...table(ROW_TITLES, 2, rows.map(rowCells)),
    '',
    ...table(SUMMARY_TITLES, 2, others.flatMap(summaryCells)),
    ...list('Inconclusive', inconclusiveReasons(comparison)),
    ...list('Published, for reference; the model does not use it', [
      ...bands.map((band) => `${describeBand(band)}. ${band.source}`),
      ...describeBandChecks(comparison),
    ]),
    ...list('Gaps', describeGaps(comparison)),
    ...['', '### Method', '', literal(comparison.method), ''],
  ].join('\n')
}
