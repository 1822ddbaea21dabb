/**
 * Normalised run time: one small panel per app, one bar per scheme from zero, 95 % CI whiskers, the
 * repetitions as dots, the baseline as a line at 1.
 */
import type { EChartsOption } from 'echarts'
import type { Comparison, ComparisonRow, ReferenceBand } from '../contract/comparison.ts'
import { rowNameAxis, rowValueAxis, valueAxis } from './axes.ts'
import { commonOption, decalFor, headHeightPx, headTitles, textAt } from './chart.ts'
import type { Chart, ChartFrame } from './chart.ts'
import { numberColumn, textColumn } from './chart-table.ts'
import type { ChartTable } from './chart-table.ts'
import {
  escapeHtml,
  finiteOrNull,
  formatRatio,
  KIND_LABELS,
  VERDICT_SIGNS,
  sentence,
} from './chart-text.ts'
import { bandAsRatio, pairedRatios, rowLookup, thinByRank } from './comparison-view.ts'
import type { ImprovementReading } from './comparison-view.ts'
import { fitNames } from './fit-names.ts'
import { bandMarks, dotMarks, whiskerMarks } from './interval-marks.ts'
import { panelGrid } from './panel-grid.ts'
import type { Panel, PanelGrid } from './panel-grid.ts'
import { decalOf, schemeColor, schemeStyle } from './scheme-palette.ts'

/** What the bars are drawn from. Groups and schemes narrow the comparison; all by default. */
export type BarsInput = ChartFrame & {
  readonly comparison: Comparison
  readonly groups?: readonly string[]
  readonly schemes?: readonly string[]
  /** Draws the published band on the bars of its scheme, read as speed-up or as time saved. */
  readonly band?: { readonly band: ReferenceBand; readonly reading: ImprovementReading }
  readonly columnsMax?: number
}

/** Dots drawn per bar; beyond, they are thinned by rank with both extremes kept. */
const DOTS_MAX = 120
/** How much wider strong text is. */
const BOLD = 1.06

type Cell = {
  readonly scheme: string
  readonly row: ComparisonRow | undefined
  readonly ratios: readonly { seed: number; ratio: number }[]
}
type PanelData = { readonly group: string; readonly cells: readonly Cell[] }

function panelData(input: BarsInput): readonly PanelData[] {
  const { comparison } = input
  const lookup = rowLookup(comparison)
  const schemes = input.schemes ?? comparison.schemes
  return (input.groups ?? comparison.groups).map((group) => ({
    group,
    cells: schemes.map((scheme) => {
      const row = lookup(group, scheme)
      const baseline = lookup(group, comparison.baseline)
      return { scheme, row, ratios: row === undefined ? [] : pairedRatios(row, baseline) }
    }),
  }))
}

const reaches = (cell: Cell): number[] =>
  [cell.row?.ratio.value, cell.row?.ratio.hi, ...cell.ratios.map((r) => r.ratio)].flatMap(
    (v) => finiteOrNull(v) ?? [],
  )

/**
 * End of the ratio axis. One scheme that is far slower would flatten all others, so bars beyond 2.5
 * times the 90 % quantile are cut there, and marked.
 */
export function ratioAxisMax(reachOfBars: readonly number[]): { max: number; isCut: boolean } {
  const sorted = reachOfBars.toSorted((a, b) => a - b)
  const top = sorted.at(-1) ?? 1
  const q90 = sorted[Math.floor((sorted.length - 1) * 0.9)] ?? 1
  const cap = Math.max(2, 2.5 * q90)
  const max = Math.max(1.1, Math.min(top * 1.04, cap))
  return { max: niceMax(max), isCut: top > cap }
}

/** Distance of the ticks on a ratio axis that ends at about `max`: two to five of them. */
export function ratioTick(max: number): number {
  if (max <= 2) return 0.5
  if (max <= 5) return 1
  const power = 10 ** Math.floor(Math.log10(max / 2))
  return max / power <= 5 ? power : max / power <= 10 ? 2 * power : 5 * power
}

/** Rounds the end of a ratio axis up to half a tick. */
export function niceMax(max: number): number {
  const step = ratioTick(max) / 2
  return Number((Math.ceil(max / step - 1e-9) * step).toPrecision(6))
}

function valueLabel(cell: Cell, axisMax: number): string {
  if (cell.row === undefined) return 'no run'
  const value = finiteOrNull(cell.row.ratio.value)
  if (value === null) return 'no value'
  const cut = value > axisMax ? '›' : ''
  const sign = cell.row.isBaseline ? ' ' : VERDICT_SIGNS[cell.row.verdict]
  return `${cut}${formatRatio(value)} ${sign}`
}

function barSeries(input: BarsInput, data: PanelData, i: number) {
  const { theme } = input
  return {
    type: 'bar' as const,
    name: data.group,
    xAxisIndex: i,
    yAxisIndex: i * 2,
    barWidth: '64%',
    silent: theme.mode === 'print',
    data: data.cells.map((cell) => ({
      name: cell.scheme,
      value: finiteOrNull(cell.row?.ratio.value) ?? ('-' as const),
      itemStyle: {
        color: schemeColor(cell.scheme),
        ...decalFor(theme, decalOf(schemeStyle(cell.scheme).decal, schemeColor(cell.scheme))),
      },
    })),
    markLine: {
      silent: true,
      symbol: 'none',
      label: { show: false },
      animation: false,
      lineStyle: { color: theme.text, width: 1, type: 'solid' as const },
      data: [{ xAxis: 1 }],
    },
    tooltip: {
      formatter: (p: unknown) => barTooltip(data, (p as { dataIndex: number }).dataIndex),
    },
  }
}

function barTooltip(data: PanelData, index: number): string {
  const cell = data.cells[index]
  if (cell?.row === undefined) return ''
  const { ratio, sample, verdict } = cell.row
  const ci =
    ratio.lo === null || ratio.hi === null
      ? `n = ${sample.n}, too few for a CI`
      : `95 % CI ${formatRatio(ratio.lo)} … ${formatRatio(ratio.hi)}, n = ${sample.n}`
  const head = `<b>${escapeHtml(data.group)}</b> · ${escapeHtml(cell.scheme)}`
  return `${head}<br>${formatRatio(ratio.value)} × baseline (${verdict})<br>${ci}`
}

function axesOf(input: BarsInput, data: PanelData, panel: Panel, i: number, axisMax: number) {
  const { theme } = input
  const range = { min: 0, max: axisMax, tick: ratioTick(axisMax) }
  const names = data.cells.map((c) => c.scheme)
  const values = data.cells.map((c) => valueLabel(c, axisMax))
  const isShown = panel.column === 0
  return {
    x: valueAxis(theme, range, { gridIndex: i, isShown: panel.isLowest, format: axisNumber }),
    y: [
      rowNameAxis(theme, names, { gridIndex: i, widthPx: panel.labelWidthPx, isShown }),
      rowValueAxis(theme, values, { gridIndex: i, roomPx: panel.valueWidthPx }),
    ],
  }
}

const axisNumber = (value: number): string => String(Number(value.toFixed(2)))

function markSeries(input: BarsInput, data: PanelData, i: number, axisMax: number) {
  const { theme } = input
  const at = { xAxisIndex: i, yAxisIndex: i * 2 }
  const dots = data.cells.flatMap((cell, index) => {
    // The baseline's own ratios are 1 by definition: drawn, they would look like data.
    if (cell.row?.isBaseline === true) return []
    const drawn = thinByRank(cell.ratios, (r) => r.ratio, DOTS_MAX)
    return drawn.map((r, k) => ({ index, value: r.ratio, place: spread(k, drawn.length) }))
  })
  const whiskers = data.cells.flatMap((cell, index) => {
    const lo = finiteOrNull(cell.row?.ratio.lo)
    const hi = finiteOrNull(cell.row?.ratio.hi)
    return lo === null || hi === null || cell.row?.isBaseline === true ? [] : [{ index, lo, hi }]
  })
  const band = input.band
  const inBand = data.cells.flatMap((c, k) => (c.scheme === band?.band.scheme ? [k] : []))
  const bands = band
    ? inBand.map((k) => ({ index: k, ...bandAsRatio(band.band, band.reading) }))
    : []
  return [
    ...(bands.length > 0 ? [bandMarks(theme, at, bands, axisMax)] : []),
    dotMarks(theme, at, dots, (index) => schemeStyle(data.cells[index]?.scheme ?? ''), axisMax),
    whiskerMarks(theme, at, whiskers, axisMax),
  ]
}

// Dots of a bar are spread over its thickness, in order, so that equal values stay countable.
const spread = (k: number, n: number): number => (n <= 1 ? 0 : (k / (n - 1) - 0.5) * 0.44)

function describe(input: BarsInput, panels: readonly PanelData[]): string {
  const { comparison } = input
  const parts = comparison.summaries
    .filter((s) => s.scheme !== comparison.baseline)
    .slice(0, 20)
    .map((s) => `${s.scheme} ${formatRatio(s.geomeanRatio.value)}`)
  const kind = KIND_LABELS[comparison.kind]
  const mean = parts.length > 0 ? ` Geometric means over the apps: ${parts.join(', ')}.` : ''
  return (
    `${kind}. Bars: ${comparison.measure} relative to ${comparison.baseline}, ` +
    `95 % confidence intervals, ${panels.length} panels; below 1 is faster.${mean}`
  )
}

function tableOf(panels: readonly PanelData[]): ChartTable {
  return {
    columns: [
      textColumn('group', 'Group'),
      textColumn('scheme', 'Scheme'),
      numberColumn('n', 'n'),
      numberColumn('ratio', 'Time ratio'),
      numberColumn('lo', '95 % CI low'),
      numberColumn('hi', '95 % CI high'),
      textColumn('verdict', 'Verdict'),
      textColumn('repetitions', 'Ratios by seed'),
    ],
    rows: panels.flatMap(({ group, cells }) =>
      cells.map(({ scheme, row, ratios }) => [
        group,
        scheme,
        row?.sample.n ?? 0,
        finiteOrNull(row?.ratio.value),
        finiteOrNull(row?.ratio.lo),
        finiteOrNull(row?.ratio.hi),
        row?.verdict ?? null,
        ratios.map((r) => `${r.seed}:${r.ratio}`).join(' '),
      ]),
    ),
  }
}

function titlesOf(input: BarsInput, panels: readonly PanelData[], grid: PanelGrid, isCut: boolean) {
  const { comparison, theme } = input
  const cut = isCut ? ' · › bar cut' : ''
  const subtitle = `${comparison.baseline} = 1, less is faster · 95 % CI · marks: repetitions${cut}`
  const roomPx = Math.min(...grid.panels.map((panel) => panel.titleWidthPx))
  const groups = panels.map((data) => data.group)
  const names = fitNames(groups, roomPx, theme.fontSize * BOLD).map((text, i) => {
    const panel = grid.panels[i] as Panel
    const at = { leftPx: panel.leftPx, topPx: panel.titleTopPx, widthPx: panel.titleWidthPx }
    return textAt(theme, { text, ...at })
  })
  return [...headTitles(input, comparison.kind, relativeTitle(comparison), subtitle), ...names]
}

const relativeTitle = ({ measure }: Comparison): string =>
  `${sentence(measure)} relative to baseline`

/** Normalised run time bars; see the head of this file. */
export function barsChart(input: BarsInput): Chart {
  const panels = panelData(input)
  const reach = panels.flatMap((p) => p.cells.map((c) => Math.max(0, ...reaches(c))))
  const axis = ratioAxisMax(reach.filter((v) => v > 0))
  const schemes = input.schemes ?? input.comparison.schemes
  const grid = panelGrid({
    ...input,
    topPx: headHeightPx(input),
    rowLabels: schemes,
    panelCount: panels.length,
  })
  const axes = panels.map((p, i) => axesOf(input, p, grid.panels[i] as Panel, i, axis.max))
  const description = describe(input, panels)
  const option = {
    ...commonOption(input.theme, description),
    title: titlesOf(input, panels, grid, axis.isCut),
    grid: grid.panels.map((p) => p.grid),
    xAxis: axes.map((a) => a.x),
    yAxis: axes.flatMap((a) => a.y),
    series: panels.flatMap((p, i) => [
      barSeries(input, p, i),
      ...markSeries(input, p, i, axis.max),
    ]),
  } as EChartsOption
  return {
    id: 'bars',
    title: relativeTitle(input.comparison),
    description,
    widthPx: input.widthPx,
    heightPx: grid.heightPx,
    option,
    toRows: () => tableOf(panels),
  }
}
