/** A comparison for the terminal: matrix, summary, published claims, what is open or missing. */
import type {
  Comparison,
  ComparisonRow,
  Estimate,
  SchemeSummary,
  Verdict,
} from '../../../core/contract/comparison.ts'
import {
  checkBands,
  describeCauses,
  describeDrift,
  describeExclusions,
  describeGaps,
  describeRuns,
  EVIDENCE_NOTE,
  evidenceTable,
  inconclusiveReasons,
  redoneText,
} from '../../../lab/index.ts'
import type { BandCheck } from '../../../lab/index.ts'
import { changeText, durationText } from './quantities.ts'
import { tableLines } from './table.ts'
import type { Column } from './table.ts'
import type { Style, Terminal } from './terminal.ts'
import { wrapLines } from './wrap.ts'

type Paint = (style: Style, text: string) => string

const MARKS: Record<Verdict, string> = {
  better: '▲',
  worse: '▼',
  equivalent: '=',
  inconclusive: '~',
}
const STYLES: Record<Verdict, Style> = {
  better: 'cyan',
  worse: 'yellow',
  equivalent: 'reset',
  inconclusive: 'dim',
}
const LEGEND = '▲ better   ▼ worse   = equivalent within the margin   ~ inconclusive'
const PROSE_COLUMNS = 110

/** Prints the comparison for people. */
export function printComparison(comparison: Comparison, terminal: Terminal): void {
  const paint: Paint = (style, text) => terminal.paint(style, text)
  const print = (lines: readonly string[]): void => lines.forEach((line) => terminal.print(line))
  const printDim = (text: string): void =>
    print(wrapLines(text, Math.min(terminal.columns, PROSE_COLUMNS)).map((l) => paint('dim', l)))
  terminal.print(paint('bold', headline(comparison)))
  if (comparison.measuredOn !== null) print([`On ${comparison.measuredOn}`])
  print([`Speed-up T(${comparison.baseline}) / T − 1: ${LEGEND}`, ''])
  print(matrix(comparison, paint))
  print(['', ...summary(comparison)])
  for (const check of checkBands(comparison)) {
    print(['', paint('bold', bandTitle(check)), ...bandLines(comparison, check)])
    printDim(check.band.source)
  }
  printEvidence(comparison, print, printDim)
  const open = inconclusiveReasons(comparison)
  if (open.length > 0) print(['', 'Inconclusive', ...open.map((line) => `  ${line}`)])
  const warn = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) print(['', title, ...lines.map((line) => paint('yellow', `  ${line}`))])
  }
  warn('Drift over the run order', describeDrift(comparison))
  warn('Excluded', describeExclusions(comparison))
  warn('Gaps', describeGaps(comparison))
  print(['', `${describeRuns(comparison)}.`])
  terminal.print()
  printDim(comparison.method)
}

/** What was counted on the host of a measured campaign. */
function printEvidence(
  comparison: Comparison,
  print: (lines: readonly string[]) => void,
  printDim: (text: string) => void,
): void {
  const table = evidenceTable(comparison)
  if (table === null || comparison.evidence === null) return
  const columns = table.titles.map((title, at): Column => {
    return { title, align: at < 2 ? 'left' : 'right' }
  })
  print(['', 'What was counted', ...tableLines(columns, table.rows)])
  if (table.notObservable.length > 0) {
    print(['', 'Not observable', ...table.notObservable.map((line) => `  ${line}`)])
  }
  printDim(`${EVIDENCE_NOTE} ${redoneText(comparison.evidence)}`.trim())
}

function headline(comparison: Comparison): string {
  const { kind, campaignName, baseline, measure, groups, schemes } = comparison
  const label = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`
  const size = `${groups.length} × ${schemes.length}`
  return `${label} · ${campaignName} · ${measure}, ${size} · baseline ${baseline}`
}

function matrix(comparison: Comparison, paint: Paint): string[] {
  const others = comparison.schemes.filter((scheme) => scheme !== comparison.baseline)
  const columns: Column[] = [
    { title: 'app' },
    { title: 'n', align: 'right' },
    { title: `${comparison.baseline} (mean)`, align: 'right' },
    ...others.map((scheme): Column => ({ title: scheme, align: 'right' })),
  ]
  const rows = comparison.groups.map((group) => {
    const base = rowOf(comparison, group, comparison.baseline)
    const cells = others.map((scheme) => cell(rowOf(comparison, group, scheme), paint))
    const time = base === undefined ? '–' : durationText(base.sample.meanNs.value)
    return [group, base === undefined ? '0' : String(base.sample.n), time, ...cells]
  })
  return tableLines(columns, rows)
}

function cell(row: ComparisonRow | undefined, paint: Paint): string {
  if (row === undefined) return '–'
  const text = `${changeText(row.speedup.value)} ${MARKS[row.verdict]}`
  return paint(STYLES[row.verdict], text)
}

function summary(comparison: Comparison): string[] {
  const columns: Column[] = [
    { title: 'scheme' },
    { title: 'geomean T / T_base', align: 'right' },
    { title: 'mean cost', align: 'right' },
    ...Object.values(MARKS).map((mark): Column => ({ title: mark, align: 'right' })),
  ]
  const counts = (s: SchemeSummary): string[] =>
    [s.better, s.worse, s.equivalent, s.inconclusive].map(String)
  const rows = comparison.summaries.map((s) => [
    s.scheme,
    intervalText(s.geomeanRatio, (value) => value.toFixed(3)),
    intervalText(s.meanCostRatio, (value) => value.toFixed(3)),
    ...counts(s),
  ])
  return tableLines(columns, rows)
}

function bandTitle({ band, scheme }: BandCheck): string {
  const range = `${changeText(band.lo)} … ${changeText(band.hi)}, mean ${changeText(band.mean)}`
  return `${scheme} beside ${band.label}: ${range}`
}

function bandLines(comparison: Comparison, { rows, others }: BandCheck): string[] {
  const columns: Column[] = [
    { title: 'app' },
    { title: 'speed-up', align: 'right' },
    { title: 'band' },
    { title: 'time saved', align: 'right' },
    { title: 'band' },
    { title: 'what changed most, per useful work' },
  ]
  const cells = rows.map(({ row, bySpeedup, byTimeSaved }) => [
    row.group,
    intervalText(row.speedup, changeText),
    bySpeedup,
    intervalText(row.timeSaved, changeText),
    byTimeSaved,
    describeCauses(comparison, row),
  ])
  const rest = others.length === 0 ? [] : [`not part of the claim: ${others.join(', ')}`]
  return [...tableLines(columns, cells), ...rest]
}

function intervalText(estimate: Estimate, text: (value: number) => string): string {
  const { value, lo, hi } = estimate
  return lo === null || hi === null ? text(value) : `${text(value)} [${text(lo)}, ${text(hi)}]`
}

const rowOf = (comparison: Comparison, group: string, scheme: string): ComparisonRow | undefined =>
  comparison.rows.find((row) => row.group === group && row.scheme === scheme)
