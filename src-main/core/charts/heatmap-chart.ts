/**
 * Scheme × app: log ratios of run time on a diverging scale centred at 1 (blue faster, orange
 * slower), with the ratio and its sign in every cell, so that colour is never the only carrier.
 */
import type { CustomSeriesOption, EChartsOption } from 'echarts'
import type { Comparison, Verdict } from '../contract/comparison.ts'
import { labelStyle, rowNameAxis } from './axes.ts'
import { commonOption, headHeightPx, headTitles } from './chart.ts'
import type { Chart, ChartFrame } from './chart.ts'
import { numberColumn, textColumn } from './chart-table.ts'
import { escapeHtml, finiteOrNull, formatRatio, KIND_LABELS, NO_VALUE } from './chart-text.ts'
import { VERDICT_SIGNS } from './chart-text.ts'
import type { ChartTheme } from './chart-theme.ts'
import { contenders, rowLookup } from './comparison-view.ts'
import { fitNames } from './fit-names.ts'
import { labelRoomPx } from './panel-grid.ts'
import { inkOn, mixColors } from './color-mix.ts'

/** What the heatmap is drawn from; the baseline is left out, it is 1 everywhere. */
export type HeatmapInput = ChartFrame & {
  readonly comparison: Comparison
  readonly groups?: readonly string[]
  readonly schemes?: readonly string[]
}

type Cell = {
  readonly group: string
  readonly scheme: string
  readonly ratio: number | null
  readonly verdict: Verdict | null
}

const FASTER = '#0072b2'
const SLOWER = '#d55e00'

/** Longest name of a turned column, in ems. */
const TURNED_EM = 16

/** Ends of the colour scale: the largest change there is, at least 25 %, at most a factor of 4. */
export function heatScale(ratios: readonly (number | null)[]): number {
  const logs = ratios.flatMap((r) => (r !== null && r > 0 ? Math.abs(Math.log(r)) : []))
  return Math.min(Math.log(4), Math.max(Math.log(1.25), ...logs))
}

/** Colour of a time ratio; the middle is the neutral of the theme. */
export function heatColor(theme: ChartTheme, ratio: number | null, scale: number): string {
  const neutral = theme.mode === 'dark' ? '#2a3037' : '#f4f4f2'
  if (ratio === null || ratio <= 0) return theme.surface
  const t = Math.max(-1, Math.min(1, Math.log(ratio) / scale))
  return mixColors(neutral, t < 0 ? FASTER : SLOWER, Math.abs(t))
}

const SUMMARY_ROWS = ['geometric mean', 'mean of costs'] as const

function cellsOf(input: HeatmapInput, schemes: readonly string[], groups: readonly string[]) {
  const lookup = rowLookup(input.comparison)
  const cells = groups.map((group) =>
    schemes.map((scheme): Cell => {
      const row = lookup(group, scheme)
      const ratio = finiteOrNull(row?.ratio.value)
      return { group, scheme, ratio, verdict: row?.verdict ?? null }
    }),
  )
  if (groups.length < 2) return cells
  const summaries = SUMMARY_ROWS.map((group, i) =>
    schemes.map((scheme): Cell => {
      const summary = input.comparison.summaries.find((s) => s.scheme === scheme)
      const estimate = i === 0 ? summary?.geomeanRatio : summary?.meanCostRatio
      return { group, scheme, ratio: finiteOrNull(estimate?.value), verdict: null }
    }),
  )
  return [...cells, [], ...summaries]
}

const cellText = (cell: Cell): string =>
  cell.ratio === null
    ? NO_VALUE
    : `${cell.verdict === null ? '' : `${VERDICT_SIGNS[cell.verdict]} `}${formatRatio(cell.ratio)}`

function cellSeries(theme: ChartTheme, cells: readonly Cell[][], scale: number, cellPx: number) {
  const flat = cells.flatMap((row, y) => row.map((cell, x) => ({ x, y, cell })))
  const fontSize = Math.min(theme.fontSize, Math.max(5, cellPx / 3.2))
  const renderItem: NonNullable<CustomSeriesOption['renderItem']> = (params, api) => {
    const cell = (flat[params.dataIndex] as (typeof flat)[number]).cell
    const [x, y] = api.coord([api.value(0), api.value(1)]) as [number, number]
    const [width, height] = api.size?.([1, 1]) as [number, number]
    const fill = heatColor(theme, cell.ratio, scale)
    return {
      type: 'rect',
      shape: {
        x: x - width / 2 + 0.5,
        y: y - height / 2 + 0.5,
        width: width - 1,
        height: height - 1,
      },
      style: { fill, ...(cell.ratio === null ? { stroke: theme.grid, lineWidth: 1 } : {}) },
      textConfig: { position: 'inside' },
      textContent: {
        type: 'text',
        style: {
          text: cellText(cell),
          fill: cell.ratio === null ? theme.faint : inkOn(fill),
          fontSize,
          fontFamily: theme.font,
        },
      },
    }
  }
  return {
    type: 'custom',
    data: flat.map(({ x, y, cell }) => ({ value: [x, y, cell.ratio ?? '-'], name: cell.scheme })),
    encode: { x: 0, y: 1 },
    renderItem,
    tooltip: {
      formatter: (p: unknown) => {
        const cell = flat[(p as { dataIndex: number }).dataIndex]?.cell
        return cell === undefined
          ? ''
          : `<b>${escapeHtml(cell.group)}</b> · ${escapeHtml(cell.scheme)}<br>${cellText(cell)}`
      },
    },
  } as CustomSeriesOption
}

function layoutOf(input: HeatmapInput, rows: readonly string[], schemes: readonly string[]) {
  const { theme, widthPx } = input
  const em = theme.fontSize
  const labelPx = labelRoomPx(theme, widthPx, rows)
  const left = labelPx + Math.round(em * 0.8)
  const wantedPx = Math.min(widthPx - left, Math.max(1, schemes.length) * em * 9)
  const cellPx = wantedPx / Math.max(1, schemes.length)
  const longestPx = Math.max(4, ...schemes.map((s) => Array.from(s).length)) * em * 0.54
  const isTurned = longestPx > cellPx - em * 0.6
  const namesPx = isTurned ? Math.min(longestPx, em * TURNED_EM) * 0.72 + em : em * 1.6
  const top = headHeightPx(input) + Math.round(namesPx)
  const height = Math.round(rows.length * em * 1.9)
  return {
    labelPx,
    left,
    cellPx,
    isTurned,
    top,
    height,
    width: wantedPx,
    heightPx: top + height + 4,
  }
}

function optionOf(input: HeatmapInput, cells: readonly Cell[][], schemes: readonly string[]) {
  const { theme, comparison } = input
  const rows = cells.map((row) => row[0]?.group ?? '')
  const layout = layoutOf(input, rows, schemes)
  const { left, top, width, height } = layout
  const scale = heatScale(cells.flat().map((c) => c.ratio))
  const description = describe(comparison, cells)
  const namePx = layout.isTurned ? theme.fontSize * TURNED_EM : layout.cellPx
  const signs = '↓ blue faster, ↑ orange slower, = equivalent, ~ open'
  const subtitle = `time ∕ ${comparison.baseline} · ${signs}`
  const option = {
    ...commonOption(theme, description),
    title: headTitles(input, comparison.kind, 'Time ratios by app and scheme', subtitle),
    grid: { left, top, width, height },
    xAxis: {
      type: 'category',
      position: 'top',
      data: layout.isTurned ? [...fitNames(schemes, namePx, theme.fontSize)] : [...schemes],
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        ...labelStyle(theme),
        interval: 0,
        rotate: layout.isTurned ? 45 : 0,
        width: namePx,
        overflow: 'truncate',
      },
    },
    yAxis: rowNameAxis(theme, rows, { widthPx: layout.labelPx }),
    series: [cellSeries(theme, cells, scale, layout.cellPx)],
  } as EChartsOption
  return { option, description, heightPx: layout.heightPx }
}

function describe(comparison: Comparison, cells: readonly Cell[][]): string {
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
  const schemes = input.schemes ?? contenders(input.comparison)
  const cells = cellsOf(input, schemes, input.groups ?? input.comparison.groups)
  return {
    id: 'heatmap',
    title: 'Time ratios by app and scheme',
    widthPx: input.widthPx,
    ...optionOf(input, cells, schemes),
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
          c.group,
          c.scheme,
          c.ratio,
          c.ratio !== null && c.ratio > 0 ? Math.log(c.ratio) : null,
          c.verdict,
        ]),
    }),
  }
}
