/** A comparison for a terminal: aligned columns, a sign beside every verdict, no colour needed. */
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

type Column = { readonly title: string; readonly left?: boolean }

const widthOf = (text: string): number => [...text].length

/** Lays cells out in columns, two spaces apart; a rule below the titles. */
function layOut(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const titles = columns.map((column) => column.title)
  const widths = columns.map((_, at) =>
    Math.max(...[titles, ...rows].map((row) => widthOf(row[at] ?? ''))),
  )
  const line = (row: readonly string[]) =>
    columns
      .map(({ left }, at) => {
        const space = ' '.repeat(widths[at]! - widthOf(row[at] ?? ''))
        return left === true ? `${row[at] ?? ''}${space}` : `${space}${row[at] ?? ''}`
      })
      .join('  ')
      .trimEnd()
  const rule = widths.map((width) => '─'.repeat(width)).join('──')
  return [line(titles), rule, ...rows.map(line)]
}

const ROW_COLUMNS: readonly Column[] = [
  { title: 'app', left: true },
  { title: 'scheme', left: true },
  { title: 'n' },
  { title: 'median T' },
  { title: 'mean T' },
  { title: 'ratio [95 % CI]' },
  { title: 'speed-up' },
  { title: 'time saved' },
  { title: 'corrected p' },
  { title: 'verdict', left: true },
]

function rowCells(row: ComparisonRow, previous: ComparisonRow | undefined): string[] {
  const group = previous?.group === row.group ? '' : plainText(row.group)
  const { medianNs, meanNs } = row.sample
  const times = [formatDurationNs(medianNs.value), formatDurationNs(meanNs.value)]
  if (row.isBaseline) {
    const own = [group, plainText(row.scheme), String(row.pairs), ...times]
    return [...own, formatRatio(1), '', '', '', 'baseline']
  }
  return [
    group,
    plainText(row.scheme),
    String(row.pairs),
    ...times,
    formatEstimate(row.ratio, formatRatio),
    formatPercent(row.speedup.value),
    formatPercent(row.timeSaved.value),
    formatP(row.p),
    `${VERDICT_SIGNS[row.verdict]} ${row.verdict}`,
  ]
}

const SUMMARY_COLUMNS: readonly Column[] = [
  { title: 'over all', left: true },
  { title: 'by', left: true },
  { title: 'ratio [95 % CI]' },
  { title: 'speed-up [95 % CI]' },
  { title: 'time saved [95 % CI]' },
  { title: '↓ / ↑ / = / ~' },
]

function summaryCells(summary: SchemeSummary): string[][] {
  const { geomeanRatio, meanCostRatio, better, worse, equivalent, inconclusive } = summary
  const figures = (ratio: SchemeSummary['geomeanRatio']) => [
    formatEstimate(ratio, formatRatio),
    formatEstimate(speedupOf(ratio), formatPercent),
    formatEstimate(timeSavedOf(ratio), formatPercent),
  ]
  const counts = [better, worse, equivalent, inconclusive].join(' / ')
  return [
    [plainText(summary.scheme), 'geometric mean', ...figures(geomeanRatio), counts],
    ['', 'mean cost', ...figures(meanCostRatio)],
  ]
}

const VERDICTS = Object.entries(VERDICT_SIGNS)
  .map(([verdict, sign]) => `${sign} ${verdict}`)
  .join(' · ')

const PARAGRAPH_COLUMNS = 110

/** Breaks a line at spaces; what follows is indented under it. */
function wrap(text: string): string[] {
  const lines: string[] = []
  let line = ' '
  for (const word of plainText(text).split(' ')) {
    if (widthOf(line) + 1 + widthOf(word) > PARAGRAPH_COLUMNS) {
      lines.push(line)
      line = '   '
    }
    line += ` ${word}`
  }
  return [...lines, line]
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.flatMap(wrap)]

/**
 * The comparison as text of aligned columns, ending in a line break. Says Simulated or Measured,
 * both definitions of improvement, geometric mean beside mean cost, published bands, gaps and
 * reasons.
 */
export function toTable(comparison: Comparison): string {
  const { kind, campaignName, baseline, rows, summaries, bands } = comparison
  const head = [KIND_LABELS[kind], plainText(campaignName), `baseline ${plainText(baseline)}`]
  const others = summaries.filter((summary) => summary.scheme !== baseline)
  const overAll = layOut(SUMMARY_COLUMNS, others.flatMap(summaryCells))
  const cells = rows.map((row, at) => rowCells(row, rows[at - 1]))
  return [
    [...head, describeRuns(comparison)].join(' · '),
    DEFINITIONS,
    VERDICTS,
    '',
    ...(rows.length === 0 ? ['No run can be compared yet.'] : layOut(ROW_COLUMNS, cells)),
    ...(others.length === 0 ? [] : ['', ...overAll]),
    ...section('Inconclusive', inconclusiveReasons(comparison)),
    ...section('Published, for reference; the model does not use it', [
      ...bands.map((band) => `${describeBand(band)}. ${band.source}`),
      ...describeBandChecks(comparison),
    ]),
    ...section('Gaps', describeGaps(comparison)),
    '',
  ].join('\n')
}
