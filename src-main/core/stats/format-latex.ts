/**
 * A comparison as LaTeX for a paper: two booktabs tables, every character escaped. Long ones are a
 * longtable, which breaks over pages (and needs one column).
 */
import type { Comparison, ComparisonRow, Estimate, SchemeSummary } from '../contract/comparison.ts'
import { checkBands } from './band-check.ts'
import type { BandCheck } from './band-check.ts'
import { describeBand, describeRuns, KIND_LABELS } from './comparison-text.ts'
import {
  formatDurationNs,
  formatEstimate,
  formatP,
  formatPercent,
  formatRatio,
  plainText,
} from './format-numbers.ts'

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  '−': '$-$',
  '×': '$\\times$',
  '±': '$\\pm$',
  '≤': '$\\leq$',
  '≥': '$\\geq$',
  '·': '\\textperiodcentered{}',
  µ: '\\textmu{}',
  '…': '\\ldots{}',
  '–': '--',
  '↓': '$\\downarrow$',
  '↑': '$\\uparrow$',
}

/** Text that LaTeX sets as it is. */
export const latexText = (text: string): string =>
  [...plainText(text)].map((char) => SPECIAL[char] ?? char).join('')

// "[" after a line break would be read as an option of it.
const cell = (text: string): string => latexText(text).replace(/^\[/, '{[}')

/** Rows that fit on a page; a longer table breaks. */
const PAGE_ROWS = 45

type Table = {
  readonly caption: string
  readonly label: string
  /** `l` or `r` for each column. */
  readonly columns: string
  readonly titles: readonly string[]
  /** Rows in groups that a thin rule divides. */
  readonly groups: readonly (readonly (readonly string[])[])[]
}

const line = (cells: readonly string[]): string => `${cells.map(cell).join(' & ')} \\\\`

function tableLines({ caption, label, columns, titles, groups }: Table): string[] {
  const body = groups.flatMap((rows, at) => [...(at === 0 ? [] : ['\\midrule']), ...rows.map(line)])
  const heading = ['\\toprule', line(titles), '\\midrule']
  const named = [`\\caption{${latexText(caption)}}`, `\\label{${label}}`]
  if (groups.flat().length > PAGE_ROWS) {
    return [
      `\\begin{longtable}{${columns}}`,
      ...[...named.slice(0, 1), `${named[1]}\\\\`],
      ...[...heading, '\\endfirsthead', ...heading, '\\endhead', '\\bottomrule', '\\endfoot'],
      ...body,
      '\\end{longtable}',
    ]
  }
  return [
    ...['\\begin{table}', '\\centering', ...named, `\\begin{tabular}{${columns}}`],
    ...[...heading, ...body, '\\bottomrule'],
    ...['\\end{tabular}', '\\end{table}'],
  ]
}

const or = (estimate: Estimate, format: (value: number) => string): string =>
  formatEstimate(estimate, format)

function rowCells(row: ComparisonRow, isFirst: boolean): string[] {
  const own = [isFirst ? row.group : '', row.scheme, String(row.pairs)]
  const time = or(row.sample.medianNs, formatDurationNs)
  if (row.isBaseline) return [...own, time, '1', '', '', '', 'baseline']
  return [
    ...own,
    time,
    or(row.ratio, formatRatio),
    or(row.speedup, formatPercent),
    or(row.timeSaved, formatPercent),
    formatP(row.p),
    row.verdict,
  ]
}

function rowsTable(comparison: Comparison): Table {
  const byGroup = [...Map.groupBy(comparison.rows, (row) => row.group).values()]
  const { campaignName, baseline, kind, equivalenceMargin: margin } = comparison
  return {
    caption:
      `${KIND_LABELS[kind]}. ${campaignName}: ${comparison.measure} T against ${baseline}, ` +
      `${describeRuns(comparison)}. Ratio T / T(baseline), speed-up T(baseline) / T − 1, ` +
      'time saved 1 − T / T(baseline), in brackets 95 % confidence intervals; p corrected over ' +
      `all rows; equivalent within ${Number((margin * 100).toPrecision(3))} %.`,
    label: 'tab:comparison',
    columns: 'llrrrrrrl',
    titles: ['App', 'Scheme', 'n', 'Median T', 'Ratio', 'Speed-up', 'Time saved', 'p', 'Verdict'],
    groups: byGroup.map((rows) => rows.map((row, index) => rowCells(row, index === 0))),
  }
}

function summaryCells(summary: SchemeSummary): string[] {
  const { scheme, geomeanRatio, meanCostRatio } = summary
  const counts = [summary.better, summary.worse, summary.equivalent, summary.inconclusive]
  return [
    scheme,
    or(geomeanRatio, formatRatio),
    or(meanCostRatio, formatRatio),
    ...counts.map(String),
  ]
}

function summaryTable({ kind, summaries, baseline }: Comparison): Table {
  return {
    caption:
      `${KIND_LABELS[kind]}. Schemes over all groups: geometric mean of the ratios beside the ` +
      'ratio of mean costs, with 95 % confidence intervals, and verdicts counted.',
    label: 'tab:summary',
    columns: 'lrrrrrr',
    titles: [
      ...['Scheme', 'Geometric mean', 'Mean cost'],
      ...['Better', 'Worse', 'Equivalent', 'Inconclusive'],
    ],
    groups: [summaries.filter(({ scheme }) => scheme !== baseline).map(summaryCells)],
  }
}

function claimTable({ band, scheme, rows }: BandCheck, kind: Comparison['kind']): Table {
  return {
    caption:
      `${KIND_LABELS[kind]}. ${scheme} beside what was published: ${describeBand(band)}. ` +
      `${band.source}. Whether the source means speed-up or time saved it does not say.`,
    label: 'tab:published',
    columns: 'lrlrl',
    titles: ['App', 'Speed-up', 'claim', 'Time saved', 'claim'],
    groups: [
      rows.map(({ row, bySpeedup, byTimeSaved }) => [
        row.group,
        or(row.speedup, formatPercent),
        bySpeedup,
        or(row.timeSaved, formatPercent),
        byTimeSaved,
      ]),
    ],
  }
}

const comment = (text: string): string => `% ${plainText(text)}`

/** The comparison as LaTeX tables, ending in a line break; says in comments what it needs. */
export function toLatex(comparison: Comparison): string {
  const tables = [
    rowsTable(comparison),
    summaryTable(comparison),
    ...checkBands(comparison).map((check) => claimTable(check, comparison.kind)),
  ].filter(({ groups }, at) => at === 0 || groups.flat().length > 0)
  return [
    comment('\\usepackage{booktabs,longtable,textcomp}\\usepackage[T1]{fontenc}'),
    comment(`Method: ${comparison.method}`),
    ...tables.flatMap((table) => ['', ...tableLines(table)]),
    '',
  ].join('\n')
}
