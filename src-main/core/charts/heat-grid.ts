/**
 * Ratios in a grid on a diverging, logarithmic scale centred at 1 (blue faster, orange slower),
 * with the ratio and its sign in every cell, so that colour is never the only carrier.
 */
import type { CustomSeriesOption, EChartsOption } from 'echarts'
import type { Verdict } from '../contract/comparison.ts'
import type { RunKind } from '../contract/result.ts'
import { labelStyle, rowNameAxis } from './axes.ts'
import { commonOption, headHeightPx, headTitles } from './chart.ts'
import type { ChartFrame } from './chart.ts'
import { escapeHtml, formatRatio, NO_VALUE, VERDICT_SIGNS } from './chart-text.ts'
import type { ChartTheme } from './chart-theme.ts'
import { fitNames } from './fit-names.ts'
import { labelRoomPx } from './panel-grid.ts'
import { inkOn, mixColors } from './color-mix.ts'

/** A cell; no ratio where there is no run. */
export type HeatCell = {
  readonly row: string
  readonly column: string
  readonly ratio: number | null
  readonly verdict: Verdict | null
}

/** A grid; an empty row is a gap. */
export type HeatGrid = {
  readonly kind: RunKind
  readonly title: string
  readonly subtitle: string
  readonly description: string
  readonly columns: readonly string[]
  readonly cells: readonly (readonly HeatCell[])[]
}

/** Ends of the scale: what is faster than the reference, and what is slower. */
export const RATIO_COLORS = Object.freeze({ faster: '#0072b2', slower: '#d55e00' })

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
  return mixColors(neutral, t < 0 ? RATIO_COLORS.faster : RATIO_COLORS.slower, Math.abs(t))
}

const cellText = (cell: HeatCell): string =>
  cell.ratio === null
    ? NO_VALUE
    : `${cell.verdict === null ? '' : `${VERDICT_SIGNS[cell.verdict]} `}${formatRatio(cell.ratio)}`

function cellSeries(theme: ChartTheme, cells: HeatGrid['cells'], scale: number, cellPx: number) {
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
    data: flat.map(({ x, y, cell }) => ({ value: [x, y, cell.ratio ?? '-'], name: cell.column })),
    encode: { x: 0, y: 1 },
    renderItem,
    tooltip: {
      formatter: (p: unknown) => {
        const cell = flat[(p as { dataIndex: number }).dataIndex]?.cell
        return cell === undefined
          ? ''
          : `<b>${escapeHtml(cell.row)}</b> · ${escapeHtml(cell.column)}<br>${cellText(cell)}`
      },
    },
  } as CustomSeriesOption
}

function layoutOf(input: ChartFrame, rows: readonly string[], columns: readonly string[]) {
  const { theme, widthPx } = input
  const em = theme.fontSize
  const labelPx = labelRoomPx(theme, widthPx, rows)
  const left = labelPx + Math.round(em * 0.8)
  const wantedPx = Math.min(widthPx - left, Math.max(1, columns.length) * em * 9)
  const cellPx = wantedPx / Math.max(1, columns.length)
  const longestPx = Math.max(4, ...columns.map((s) => Array.from(s).length)) * em * 0.54
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

/** The grid as an option, and the height that it needs, px. */
export function heatGrid(input: ChartFrame, grid: HeatGrid) {
  const { theme } = input
  const { columns, cells } = grid
  const rows = cells.map((row) => row[0]?.row ?? '')
  const layout = layoutOf(input, rows, columns)
  const { left, top, width, height } = layout
  const scale = heatScale(cells.flat().map((c) => c.ratio))
  const namePx = layout.isTurned ? theme.fontSize * TURNED_EM : layout.cellPx
  const option = {
    ...commonOption(theme, grid.description),
    title: headTitles(input, grid.kind, grid.title, grid.subtitle),
    grid: { left, top, width, height },
    xAxis: {
      type: 'category',
      position: 'top',
      data: layout.isTurned ? [...fitNames(columns, namePx, theme.fontSize)] : [...columns],
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
  return { option, heightPx: layout.heightPx }
}
