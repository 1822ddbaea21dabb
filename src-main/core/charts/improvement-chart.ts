/**
 * One scheme's improvement over the baseline per app, in both readings of the word (speed-up and
 * time saved), beside the published band. The band is a reference; nothing is tuned to it.
 */
import type { EChartsOption } from 'echarts'
import type { Comparison, Estimate, ReferenceBand, Verdict } from '../contract/comparison.ts'
import { niceTick, rowNameAxis, rowValueAxis, valueAxis } from './axes.ts'
import { commonOption, headHeightPx, headTitles, textAt } from './chart.ts'
import type { Chart, ChartFrame } from './chart.ts'
import { mixColors } from './color-mix.ts'
import { numberColumn, textColumn } from './chart-table.ts'
import type { ChartTable } from './chart-table.ts'
import { finiteOrNull, formatSignedPercent, KIND_LABELS, NO_VALUE } from './chart-text.ts'
import { VERDICT_SIGNS } from './chart-text.ts'
import { rowLookup } from './comparison-view.ts'
import { dotMarks, whiskerMarks } from './interval-marks.ts'
import { labelRoomPx } from './panel-grid.ts'
import { schemeStyle } from './scheme-palette.ts'

/** What the chart is drawn from; `band` is left out where there is none for the scheme. */
export type ImprovementInput = ChartFrame & {
  readonly comparison: Comparison
  readonly scheme: string
  readonly groups?: readonly string[]
  readonly band?: ReferenceBand
}

/** Caption of the band, wherever it is drawn. */
export const BAND_LABEL = 'published (paper), reference only'

type Row = {
  readonly name: string
  readonly speedup: Estimate | null
  readonly timeSaved: Estimate | null
  readonly verdict: Verdict | null
}

/** T / T_baseline as both improvements; the interval's ends change places. */
function improvementsOf(ratio: Estimate): Pick<Row, 'speedup' | 'timeSaved'> {
  const through = (f: (r: number) => number): Estimate => ({
    value: f(ratio.value),
    lo: ratio.hi === null ? null : f(ratio.hi),
    hi: ratio.lo === null ? null : f(ratio.lo),
  })
  return { speedup: through((r) => 1 / r - 1), timeSaved: through((r) => 1 - r) }
}

function rowsOf(input: ImprovementInput): readonly Row[] {
  const { comparison, scheme } = input
  const lookup = rowLookup(comparison)
  const apps = (input.groups ?? comparison.groups).map((group): Row => {
    const row = lookup(group, scheme)
    return {
      name: group,
      speedup: row?.speedup ?? null,
      timeSaved: row?.timeSaved ?? null,
      verdict: row?.verdict ?? null,
    }
  })
  const summary = comparison.summaries.find((s) => s.scheme === scheme)
  if (summary === undefined || apps.length < 2) return apps
  return [
    ...apps,
    { name: 'geometric mean', ...improvementsOf(summary.geomeanRatio), verdict: null },
    { name: 'mean of costs', ...improvementsOf(summary.meanCostRatio), verdict: null },
  ]
}

type Side = {
  readonly title: string
  readonly pick: (row: Row) => Estimate | null
  readonly range: { min: number; max: number; tick: number }
}

/** Axis over all estimates, zero and the band; a far outlier is cut: it would flatten all else. */
function rangeOf(values: readonly number[], band: ReferenceBand | undefined, parts: number) {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b)
  const q90 = sorted[Math.floor((sorted.length - 1) * 0.9)] ?? 0
  const cap = Math.max(band?.hi ?? 0, q90, 0.05) * 2.5
  const max = Math.min(Math.max(0.05, band?.hi ?? 0, ...sorted) * 1.04, cap)
  const min = Math.max(Math.min(0, ...sorted.slice(0, 1)) * 1.04, -cap)
  const tick = niceTick(max - min, parts)
  const half = tick / 2
  const round = (v: number) => Number(v.toPrecision(8))
  return {
    tick,
    min: round(-Math.ceil(-min / tick - 1e-9) * tick) + 0,
    max: round(Math.ceil(max / half - 1e-9) * half),
  }
}

function sidesOf(input: ImprovementInput, rows: readonly Row[]): readonly Side[] {
  const { plotPx } = layoutOf(input, rows)
  const parts = Math.max(2, Math.min(6, Math.floor(plotPx / (input.theme.fontSize * 4.2))))
  const side = (title: string, pick: Side['pick']): Side => {
    const values = rows.flatMap((r) => {
      const e = pick(r)
      return [e?.value, e?.lo, e?.hi].flatMap((v) => finiteOrNull(v) ?? [])
    })
    return { title, pick, range: rangeOf(values, input.band, parts) }
  }
  const baseline = input.comparison.baseline
  return [
    side(`Speed-up, T(${baseline}) ∕ T − 1`, (r) => r.speedup),
    side(`Time saved, 1 − T ∕ T(${baseline})`, (r) => r.timeSaved),
  ]
}

function valueText(row: Row, side: Side): string {
  const value = finiteOrNull(side.pick(row)?.value)
  if (value === null) return NO_VALUE
  const cut = value > side.range.max ? '›' : value < side.range.min ? '‹' : ''
  const sign = row.verdict === null ? ' ' : VERDICT_SIGNS[row.verdict]
  return `${cut}${formatSignedPercent(value)} ${sign}`
}

function seriesOf(input: ImprovementInput, rows: readonly Row[], side: Side, i: number) {
  const { theme, scheme, band } = input
  const axes = { xAxisIndex: i, yAxisIndex: i * 2 }
  const dots = rows.flatMap((row, index) => {
    const value = finiteOrNull(side.pick(row)?.value)
    return value === null ? [] : [{ index, value, place: 0 }]
  })
  const whiskers = rows.flatMap((row, index) => {
    const lo = finiteOrNull(side.pick(row)?.lo)
    const hi = finiteOrNull(side.pick(row)?.hi)
    return lo === null || hi === null ? [] : [{ index, lo, hi }]
  })
  const reference = {
    type: 'custom' as const,
    ...axes,
    data: [],
    renderItem: () => ({ type: 'group' as const, children: [] }),
    markLine: {
      silent: true,
      symbol: 'none',
      animation: false,
      label: { show: false },
      lineStyle: { color: theme.text, width: 1, type: 'solid' as const },
      data: [
        { xAxis: 0 },
        ...(band ? [{ xAxis: band.mean, lineStyle: { type: 'dashed' as const } }] : []),
      ],
    },
    ...(band ? { markArea: bandArea(input, band) } : {}),
  }
  return [
    reference,
    whiskerMarks(theme, axes, whiskers, side.range.max),
    dotMarks(theme, axes, dots, () => schemeStyle(scheme), side.range.max, { isSolid: true }),
  ]
}

const bandArea = ({ theme }: ImprovementInput, band: ReferenceBand) => ({
  silent: true,
  animation: false,
  itemStyle: { color: mixColors(theme.surface, theme.faint, 0.16) },
  label: { show: false },
  data: [[{ xAxis: band.lo }, { xAxis: band.hi }]],
})

function layoutOf(input: ImprovementInput, rows: readonly Row[]) {
  const { theme, widthPx } = input
  const em = theme.fontSize
  const names = rows.map((r) => r.name)
  const labelPx = labelRoomPx(theme, widthPx, names)
  const left = labelPx + Math.round(em * 0.8)
  const valuePx = Math.round(em * 5.6)
  const gapPx = Math.round(em * 2)
  const plotPx = Math.max(30, Math.round((widthPx - left - gapPx) / 2 - valuePx))
  const titlePx = headHeightPx(input)
  const top = titlePx + Math.round(em * (input.band ? 3.1 : 1.7))
  const height = Math.round(rows.length * em * 1.75)
  const lefts = [left, left + plotPx + valuePx + gapPx]
  return { labelPx, lefts, plotPx, valuePx, titlePx, top, height, heightPx: top + height + em * 2 }
}

function headings(input: ImprovementInput, sides: readonly Side[], rows: readonly Row[]) {
  const { theme, comparison, scheme, band } = input
  const layout = layoutOf(input, rows)
  const signs = '95 % CI · ↓ less time, ↑ more, ~ open'
  const subtitle = `${scheme} against ${comparison.baseline} · ${signs}`
  const widthPx = layout.plotPx + layout.valuePx
  const range = band === undefined ? '' : `: ${bandText(band)}`
  const hasRoom = widthPx > theme.fontSize * 34
  const text = `Shaded: ${BAND_LABEL}${hasRoom ? range : ''}`
  return [
    ...headTitles(input, comparison.kind, 'Improvement over the baseline', subtitle),
    ...sides.map((s, i) =>
      textAt(theme, {
        text: s.title,
        leftPx: layout.lefts[i] ?? 0,
        topPx: layout.titlePx,
        widthPx,
      }),
    ),
    ...(band === undefined
      ? []
      : sides.map((_, i) => {
          const topPx = layout.titlePx + theme.fontSize * 1.45
          return textAt(theme, { text, leftPx: layout.lefts[i] ?? 0, topPx, widthPx }, false)
        })),
  ]
}

const bandText = (band: ReferenceBand): string =>
  `${formatSignedPercent(band.lo)} … ${formatSignedPercent(band.hi)}`

function describe(input: ImprovementInput, rows: readonly Row[]): string {
  const { comparison, scheme, band } = input
  const apps = rows
    .slice(0, 40)
    .map((r) => `${r.name} ${formatSignedPercent(finiteOrNull(r.speedup?.value))}`)
  const reference = band ? ` Shaded: ${BAND_LABEL}, ${bandText(band)}.` : ''
  return (
    `${KIND_LABELS[comparison.kind]}. Improvement of ${scheme} over ${comparison.baseline} with ` +
    `95 % confidence intervals. Speed-up: ${apps.join(', ')}.${reference}`
  )
}

function tableOf(input: ImprovementInput, rows: readonly Row[]): ChartTable {
  const estimate = (e: Estimate | null) => [e?.value, e?.lo, e?.hi].map((v) => finiteOrNull(v))
  return {
    columns: [
      textColumn('group', 'Group'),
      textColumn('scheme', 'Scheme'),
      numberColumn('speedup', 'Speed-up', 'fraction'),
      numberColumn('speedupLo', 'Speed-up CI low', 'fraction'),
      numberColumn('speedupHi', 'Speed-up CI high', 'fraction'),
      numberColumn('timeSaved', 'Time saved', 'fraction'),
      numberColumn('timeSavedLo', 'Time saved CI low', 'fraction'),
      numberColumn('timeSavedHi', 'Time saved CI high', 'fraction'),
      textColumn('verdict', 'Verdict'),
    ],
    rows: rows.map((row) => [
      row.name,
      input.scheme,
      ...estimate(row.speedup),
      ...estimate(row.timeSaved),
      row.verdict,
    ]),
  }
}

/** Improvement of one scheme per app; see the head of this file. */
export function improvementChart(input: ImprovementInput): Chart {
  const { theme } = input
  const rows = rowsOf(input)
  const sides = sidesOf(input, rows)
  const layout = layoutOf(input, rows)
  const description = describe(input, rows)
  const names = rows.map((r) => r.name)
  const option = {
    ...commonOption(theme, description),
    title: headings(input, sides, rows),
    grid: layout.lefts.map((left) => ({
      left,
      top: layout.top,
      width: layout.plotPx,
      height: layout.height,
    })),
    xAxis: sides.map((side, i) =>
      valueAxis(theme, side.range, { gridIndex: i, format: (v) => formatSignedPercent(v, 0) }),
    ),
    yAxis: sides.flatMap((side, i) => [
      rowNameAxis(theme, names, { gridIndex: i, widthPx: layout.labelPx, isShown: i === 0 }),
      rowValueAxis(
        theme,
        rows.map((r) => valueText(r, side)),
        { gridIndex: i, roomPx: layout.valuePx },
      ),
    ]),
    series: sides.flatMap((side, i) => seriesOf(input, rows, side, i)),
  } as EChartsOption
  return {
    id: 'improvement',
    title: 'Improvement over the baseline',
    description,
    widthPx: input.widthPx,
    heightPx: Math.ceil(layout.heightPx),
    option,
    toRows: () => tableOf(input, rows),
  }
}
