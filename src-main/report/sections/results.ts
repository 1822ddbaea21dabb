/** Sections with the results: verdicts, comparison, improvement, heatmap. */
import { comparedSchemes, bestScheme, rowLookup } from '../../core/charts/comparison-view.ts'
import { formatDuration, formatP, formatRatio } from '../../core/charts/chart-text.ts'
import { formatSignedPercent, sentence, VERDICT_SIGNS } from '../../core/charts/chart-text.ts'
import type { Comparison, ComparisonRow, SchemeSummary } from '../../core/contract/comparison.ts'
import { cell, figures, narrow, para, row, section, table, wide } from '../document.ts'
import type { Block, DocRow, Section } from '../document.ts'
import { counted, enumerate, withInterval } from './figures-text.ts'

const summaryOf = (comparison: Comparison, scheme: string): SchemeSummary | undefined =>
  comparison.summaries.find((s) => s.scheme === scheme)

function leadText(comparison: Comparison): string {
  const best = bestScheme(comparison)
  const summary = best === null ? undefined : summaryOf(comparison, best)
  if (best === null || summary === undefined) {
    return `Nothing to compare yet: no scheme has a run beside one of ${comparison.baseline}.`
  }
  const groups = comparison.rows.filter((r) => r.scheme === best).length
  return (
    `${rankText(comparison, best, summary)} ${withInterval(summary.geomeanRatio, formatRatio)}, ` +
    `mean of costs ${withInterval(summary.meanCostRatio, formatRatio)}. Of ` +
    `${counted(groups, 'group')} it is better in ${summary.better}, worse in ${summary.worse}, ` +
    `equivalent in ${summary.equivalent} and undecided in ${summary.inconclusive}.`
  )
}

const SAME = 1e-9

/** Who leads, up to the figure: a scheme that only leads the others may still be no gain. */
function rankText(comparison: Comparison, best: string, lead: SchemeSummary): string {
  const { baseline, measure, summaries } = comparison
  const ratio = lead.geomeanRatio.value
  const equals = summaries.filter(
    (s) => s.scheme !== baseline && Math.abs(s.geomeanRatio.value - ratio) < SAME,
  )
  if (ratio > 1 - SAME) {
    const none = `No scheme has a lower geometric mean of ${measure} than ${baseline}`
    return `${none}; next is ${best} with`
  }
  const relative = `lowest geometric mean of ${measure} relative to ${baseline}`
  if (equals.length > 1) {
    return `${enumerate(equals.map((s) => s.scheme))} share the ${relative}. For ${best}:`
  }
  return `${best} has the ${relative}:`
}

function significanceNote(comparison: Comparison): readonly Block[] {
  const smallest = comparison.rows.flatMap((r) => r.pSmallest ?? [])
  if (smallest.length === 0) {
    return [para('No group has two pairs of runs, so no test was made and none could be.')]
  }
  const least = Math.min(...smallest)
  if (least <= 0.05) return []
  const text =
    `With this many pairs the smallest corrected p that the test can reach is ${formatP(least)}: ` +
    'no difference can be called significant at 5 %, whatever its size. It takes more repetitions.'
  return [para(text)]
}

/** Verdicts per scheme, with the geometric mean beside the mean of costs. */
export function verdictSection(comparison: Comparison): Section {
  const rows = comparedSchemes(comparison).map((scheme) => {
    const s = summaryOf(comparison, scheme)
    return row([
      cell(scheme, 'strong'),
      withInterval(s?.geomeanRatio, formatRatio),
      withInterval(s?.meanCostRatio, formatRatio),
      String(s?.better ?? 0),
      String(s?.worse ?? 0),
      String(s?.equivalent ?? 0),
      String(s?.inconclusive ?? 0),
    ])
  })
  const columns = [
    wide('Scheme'),
    figures('Geometric mean of ratios [95 % CI]'),
    figures('Mean of costs, ratio [95 % CI]'),
    figures('↓ better'),
    figures('↑ worse'),
    figures('= equivalent'),
    figures('~ inconclusive'),
  ]
  const caption =
    `${sentence(comparison.measure)} relative to ${comparison.baseline} over all groups; ` +
    'below 1 is faster. Counts: verdicts per group.'
  const blocks: Block[] = [{ type: 'lead', text: leadText(comparison) }]
  if (rows.length > 0) blocks.push(table(caption, columns, rows))
  return section('Verdict', rows.length > 0 ? [...blocks, ...significanceNote(comparison)] : blocks)
}

const COMPARISON_COLUMNS = [
  wide('Group', 1.1),
  wide('Scheme'),
  figures('n'),
  figures('Time, median [95 % CI]'),
  figures('Ratio [95 % CI]'),
  figures('Speed-up'),
  figures('Time saved'),
  figures('p'),
  narrow('Verdict'),
]

function comparisonRow(r: ComparisonRow, isFirst: boolean): DocRow {
  const name = cell(isFirst ? r.group : '', 'strong')
  const time = withInterval(r.sample.medianNs, formatDuration)
  if (r.isBaseline) {
    const none = ['', '', '', ''].map((t) => cell(t))
    const scheme = cell(r.scheme, 'faint')
    return row(
      [name, scheme, String(r.sample.n), time, '1', ...none.slice(1), cell('baseline', 'faint')],
      isFirst,
    )
  }
  return row(
    [
      name,
      r.scheme,
      r.pairs === r.sample.n ? String(r.pairs) : `${r.pairs}/${r.sample.n}`,
      time,
      withInterval(r.ratio, formatRatio),
      formatSignedPercent(r.speedup.value),
      formatSignedPercent(r.timeSaved.value),
      formatP(r.p),
      `${VERDICT_SIGNS[r.verdict]} ${r.verdict}`,
    ],
    isFirst,
  )
}

/** The rows of a comparison by group, the schemes in order; `isFirst` marks each group's first. */
export function rowsByGroup<T>(
  comparison: Comparison,
  schemes: readonly string[],
  toRow: (row: ComparisonRow, isFirst: boolean) => T,
): readonly T[] {
  const lookup = rowLookup(comparison)
  return comparison.groups.flatMap((group) => {
    const rows = schemes.flatMap((scheme) => lookup(group, scheme) ?? [])
    return rows.map((r, i) => toRow(r, i === 0))
  })
}

/** The main comparison: figure and full table, the baseline with its absolute times. */
export function comparisonSection(comparison: Comparison, drawn: readonly Block[]): Section {
  const caption =
    'Every group and scheme. n: pairs with the baseline (of runs, where some have none); ratio: ' +
    `T ∕ T(${comparison.baseline}); speed-up: T(${comparison.baseline}) ∕ T − 1; time saved: ` +
    `1 − T ∕ T(${comparison.baseline}); p: corrected over the whole family.`
  const rows = rowsByGroup(comparison, comparison.schemes, comparisonRow)
  if (rows.length === 0) return section('Comparison', [para('No run has finished.')])
  return section('Comparison', [...drawn, table(caption, COMPARISON_COLUMNS, rows)])
}

/** The heatmap of all ratios. */
export const heatmapSection = (drawn: readonly Block[]): Section =>
  section('Overview of ratios', drawn)
