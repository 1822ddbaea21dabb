/** A comparison for the terminal and for files: matrix, summary, band, and every row in full. */
import type {
  Comparison,
  ComparisonRow,
  Estimate,
  ReferenceBand,
  SchemeSummary,
  Verdict,
} from '../../../core/contract/comparison.ts'
import { causesOfChange } from '../../../lab/index.ts'
import { changeText, durationText } from './quantities.ts'
import { csvLines, markdownLines, tableLines } from './table.ts'
import type { Column } from './table.ts'
import type { Style, Terminal } from './terminal.ts'
import { wrapLines } from './wrap.ts'

type Lines = typeof tableLines
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
const CAUSES_SHOWN = 3
const PROSE_COLUMNS = 110
const CAUSE_MIN = 0.005

/** Prints the comparison for people. */
export function printComparison(comparison: Comparison, terminal: Terminal): void {
  const paint: Paint = (style, text) => terminal.paint(style, text)
  const print = (lines: readonly string[]): void => lines.forEach((line) => terminal.print(line))
  const printDim = (text: string): void =>
    print(wrapLines(text, Math.min(terminal.columns, PROSE_COLUMNS)).map((l) => paint('dim', l)))
  terminal.print(paint('bold', headline(comparison)))
  print([`Speed-up T(${comparison.baseline}) / T − 1: ${LEGEND}`, ''])
  print(matrix(comparison, tableLines, paint))
  print(['', ...summary(comparison, tableLines)])
  for (const band of comparison.bands) {
    print(['', paint('bold', bandTitle(band)), ...bandTable(comparison, band, tableLines)])
    printDim(band.source)
  }
  print(gaps(comparison).map((line) => paint('yellow', line)))
  terminal.print()
  printDim(comparison.method)
}

/** The comparison as a Markdown document. */
export function comparisonMarkdown(comparison: Comparison): string {
  const plain: Paint = (_style, text) => text
  const bands = comparison.bands.flatMap((band) => [
    '',
    `## ${bandTitle(band)}`,
    '',
    ...bandTable(comparison, band, markdownLines),
    '',
    band.source,
  ])
  return [
    `# ${headline(comparison)}`,
    '',
    `Speed-up T(${comparison.baseline}) / T − 1. ${LEGEND}`,
    '',
    ...matrix(comparison, markdownLines, plain),
    '',
    '## All schemes',
    '',
    ...summary(comparison, markdownLines),
    ...bands,
    '',
    '## Every row',
    '',
    ...everyRow(comparison, markdownLines),
    '',
    ...gaps(comparison),
    comparison.method,
  ].join('\n')
}

/** Every row of the comparison as CSV: times in ns, changes as fractions. */
export function comparisonCsv(comparison: Comparison): string {
  const interval = (name: string): string[] => [name, `${name}_lo`, `${name}_hi`]
  const titles = [
    ...['kind', 'group', 'app', 'scheme', 'baseline', 'n', 'pairs'],
    ...[...interval('median_ns'), ...interval('mean_ns'), ...interval('ratio')],
    ...[...interval('speedup'), ...interval('time_saved')],
    ...['p_holm', 'p_smallest', 'effect', 'verdict', 'failed', 'missing'],
  ]
  const values = (e: Estimate): (number | null)[] => [e.value, e.lo, e.hi]
  const rows = comparison.rows.map((row) => [
    ...[comparison.kind, row.group, row.app, row.scheme, comparison.baseline],
    ...[row.sample.n, row.pairs, ...values(row.sample.medianNs), ...values(row.sample.meanNs)],
    ...[...values(row.ratio), ...values(row.speedup), ...values(row.timeSaved)],
    ...[row.p, row.pSmallest, row.effect, row.verdict, row.failed, row.missing],
  ])
  return csvLines(titles, rows).join('\n')
}

function headline(comparison: Comparison): string {
  const { kind, campaignName, baseline, groups, schemes } = comparison
  const label = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`
  return `${label} · ${campaignName} · ${groups.length} × ${schemes.length} · baseline ${baseline}`
}

function matrix(comparison: Comparison, lines: Lines, paint: Paint): string[] {
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
  return lines(columns, rows)
}

function cell(row: ComparisonRow | undefined, paint: Paint): string {
  if (row === undefined) return '–'
  const text = `${changeText(row.speedup.value)} ${MARKS[row.verdict]}`
  return paint(STYLES[row.verdict], text)
}

function summary(comparison: Comparison, lines: Lines): string[] {
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
  return lines(columns, rows)
}

function bandTitle(band: ReferenceBand): string {
  const range = `${changeText(band.lo)} … ${changeText(band.hi)}, mean ${changeText(band.mean)}`
  return `${band.scheme} beside ${band.label}: ${range}`
}

function bandTable(comparison: Comparison, band: ReferenceBand, lines: Lines): string[] {
  const columns: Column[] = [
    { title: 'app' },
    { title: 'speed-up', align: 'right' },
    { title: 'band' },
    { title: 'time saved', align: 'right' },
    { title: 'band' },
    { title: 'what changed most, per useful work' },
  ]
  const rows = comparison.rows
    .filter((row) => row.scheme === band.scheme)
    .map((row) => [
      row.group,
      intervalText(row.speedup, changeText),
      place(row.speedup.value, band),
      intervalText(row.timeSaved, changeText),
      place(row.timeSaved.value, band),
      causeText(comparison, row),
    ])
  return rows.length === 0 ? [`no runs of ${band.scheme}`] : lines(columns, rows)
}

function place(improvement: number, band: ReferenceBand): string {
  if (improvement < band.lo) return 'below'
  return improvement > band.hi ? 'above' : 'inside'
}

function causeText(comparison: Comparison, row: ComparisonRow): string {
  const base = rowOf(comparison, row.group, comparison.baseline)
  if (base === undefined) return ''
  const causes = causesOfChange(base.attributionNs, row.attributionNs)
    .slice(0, CAUSES_SHOWN)
    .filter((cause) => Math.abs(cause.change) >= CAUSE_MIN)
  return causes.map((cause) => `${cause.label} ${changeText(cause.change)}`).join(', ') || 'nothing'
}

function everyRow(comparison: Comparison, lines: Lines): string[] {
  const right = (title: string): Column => ({ title, align: 'right' })
  const columns: Column[] = [
    ...[{ title: 'app' }, { title: 'scheme' }, right('n'), right('median'), right('mean')],
    ...[right('T / T_base'), right('speed-up'), right('time saved'), right('p (Holm)')],
    { title: 'verdict' },
  ]
  const rows = comparison.rows.map((row) => [
    ...[row.group, row.scheme, String(row.sample.n)],
    intervalText(row.sample.medianNs, durationText),
    intervalText(row.sample.meanNs, durationText),
    intervalText(row.ratio, (value) => value.toFixed(3)),
    intervalText(row.speedup, changeText),
    intervalText(row.timeSaved, changeText),
    row.p === null ? '–' : row.p.toPrecision(2),
    row.isBaseline ? 'baseline' : `${MARKS[row.verdict]} ${row.verdict}`,
  ])
  return lines(columns, rows)
}

/** What is not in the tables, and why. */
function gaps(comparison: Comparison): string[] {
  const omitted = comparison.omitted.map(
    (row) =>
      `not compared: ${row.group} under ${row.scheme} (${row.runs} runs, ${row.failed} failed, ` +
      `${row.missing} missing)`,
  )
  const { failedRuns, missingRuns } = comparison
  if (failedRuns === 0 && missingRuns === 0) return omitted
  return [...omitted, `${failedRuns} runs failed and ${missingRuns} are missing`]
}

function intervalText(estimate: Estimate, text: (value: number) => string): string {
  const { value, lo, hi } = estimate
  return lo === null || hi === null ? text(value) : `${text(value)} [${text(lo)}, ${text(hi)}]`
}

const rowOf = (comparison: Comparison, group: string, scheme: string): ComparisonRow | undefined =>
  comparison.rows.find((row) => row.group === group && row.scheme === scheme)
