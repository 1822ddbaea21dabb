/**
 * Scheme × app: ratios of run time in a grid, the geometric mean and the mean of costs below; the
 * baseline is left out, it is 1 everywhere.
 */
import type { Comparison, Verdict } from '../contract/comparison.ts'
import type { Chart, ChartFrame } from './chart.ts'
import { numberColumn, textColumn } from './chart-table.ts'
import { finiteOrNull, KIND_LABELS } from './chart-text.ts'
import { contenders, rowLookup } from './comparison-view.ts'
import { heatGrid } from './heat-grid.ts'
import type { HeatCell } from './heat-grid.ts'

/** What the heatmap is drawn from. */
export type HeatmapInput = ChartFrame & {
  readonly comparison: Comparison
  readonly groups?: readonly string[]
  readonly schemes?: readonly string[]
}

const SUMMARY_ROWS = ['geometric mean', 'mean of costs'] as const

function cellsOf(input: HeatmapInput, schemes: readonly string[], groups: readonly string[]) {
  const lookup = rowLookup(input.comparison)
  const cells = groups.map((group) =>
    schemes.map((scheme): HeatCell => {
      const row = lookup(group, scheme)
      const ratio = finiteOrNull(row?.ratio.value)
      return { row: group, column: scheme, ratio, verdict: row?.verdict ?? null }
    }),
  )
  if (groups.length < 2) return cells
  const summaries = SUMMARY_ROWS.map((group, i) =>
    schemes.map((scheme): HeatCell => {
      const summary = input.comparison.summaries.find((s) => s.scheme === scheme)
      const estimate = i === 0 ? summary?.geomeanRatio : summary?.meanCostRatio
      return { row: group, column: scheme, ratio: finiteOrNull(estimate?.value), verdict: null }
    }),
  )
  return [...cells, [], ...summaries]
}

function describe(comparison: Comparison, cells: readonly HeatCell[][]): string {
  const flat = cells.flat().filter((c) => c.verdict !== null)
  const count = (v: Verdict) => flat.filter((c) => c.verdict === v).length
  return (
    `${KIND_LABELS[comparison.kind]}. Heatmap of ${comparison.measure} relative to ` +
    `${comparison.baseline}, ${flat.length} cells: ${count('better')} better, ` +
    `${count('worse')} worse, ${count('equivalent')} equivalent, ` +
    `${count('inconclusive')} inconclusive.`
  )
}

/** Heatmap of log ratios; see the head of this file. */
export function heatmapChart(input: HeatmapInput): Chart {
  const { comparison } = input
  const columns = input.schemes ?? contenders(comparison)
  const cells = cellsOf(input, columns, input.groups ?? comparison.groups)
  const title = 'Time ratios by app and scheme'
  const signs = '↓ blue faster, ↑ orange slower, = equivalent, ~ open'
  const subtitle = `time ∕ ${comparison.baseline} · ${signs}`
  const description = describe(comparison, cells)
  return {
    id: 'heatmap',
    title,
    description,
    widthPx: input.widthPx,
    ...heatGrid(input, { kind: comparison.kind, title, subtitle, description, columns, cells }),
    toRows: () => ({
      columns: [
        textColumn('group', 'Group'),
        textColumn('scheme', 'Scheme'),
        numberColumn('ratio', 'Time ratio'),
        numberColumn('logRatio', 'ln(time ratio)'),
        textColumn('verdict', 'Verdict'),
      ],
      rows: cells
        .flat()
        .map((c) => [
          c.row,
          c.column,
          c.ratio,
          c.ratio !== null && c.ratio > 0 ? Math.log(c.ratio) : null,
          c.verdict,
        ]),
    }),
  }
}
