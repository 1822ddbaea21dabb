/** Axes that several charts share: named rows on the left, aligned values on the right. */
import type { XAXisComponentOption, YAXisComponentOption } from 'echarts'
import type { ChartTheme } from './chart-theme.ts'
import { fitNames } from './fit-names.ts'

const bare = {
  axisLine: { show: false },
  axisTick: { show: false },
  splitLine: { show: false },
} as const

/** Style of axis labels. */
export const labelStyle = (theme: ChartTheme, color = theme.text) => ({
  color,
  fontSize: theme.fontSize,
  fontFamily: theme.font,
})

/** Names of rows, top to bottom, right-aligned to the plot; cut to `widthPx` in their middle. */
export const rowNameAxis = (
  theme: ChartTheme,
  names: readonly string[],
  options: { gridIndex?: number; widthPx: number; isShown?: boolean; isFaint?: boolean },
): YAXisComponentOption => ({
  type: 'category',
  gridIndex: options.gridIndex ?? 0,
  inverse: true,
  ...bare,
  data: [...fitNames(names, options.widthPx, theme.fontSize)],
  axisLabel: {
    ...labelStyle(theme, options.isFaint === true ? theme.faint : theme.text),
    show: options.isShown ?? true,
    interval: 0,
    width: options.widthPx,
    overflow: 'truncate',
  },
})

/** Headings of row groups, left-aligned at the left edge of the chart, `roomPx` from the plot. */
export const rowGroupAxis = (
  theme: ChartTheme,
  names: readonly string[],
  options: { gridIndex?: number; widthPx: number; roomPx: number },
): YAXisComponentOption => ({
  ...rowNameAxis(theme, names, options),
  position: 'left',
  axisLabel: {
    ...labelStyle(theme),
    fontWeight: 600,
    interval: 0,
    align: 'left',
    margin: options.roomPx,
    width: options.widthPx,
    overflow: 'truncate',
  },
})

/** Values of the rows as a column of figures whose right edge is `roomPx` from the plot. */
export const rowValueAxis = (
  theme: ChartTheme,
  values: readonly string[],
  options: { gridIndex?: number; roomPx: number },
): YAXisComponentOption => ({
  type: 'category',
  gridIndex: options.gridIndex ?? 0,
  inverse: true,
  ...bare,
  position: 'right',
  data: [...values],
  axisLabel: { ...labelStyle(theme), interval: 0, align: 'right', margin: options.roomPx },
})

/** A value axis from min to max with faint lines at each `tick`. */
export function valueAxis(
  theme: ChartTheme,
  range: { min: number; max: number; tick: number },
  options: { gridIndex?: number; isShown?: boolean; format: (value: number) => string },
): XAXisComponentOption {
  const isMultiple = (v: number) => Math.abs(v / range.tick - Math.round(v / range.tick)) < 1e-6
  const ends = { max: isMultiple(range.max), min: isMultiple(range.min) }
  return {
    type: 'value',
    gridIndex: options.gridIndex ?? 0,
    min: range.min,
    max: range.max,
    interval: range.tick,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: {
      showMinLine: ends.min,
      showMaxLine: ends.max,
      lineStyle: { color: theme.grid, width: 1 },
    },
    axisLabel: {
      ...labelStyle(theme, theme.faint),
      show: options.isShown ?? true,
      showMinLabel: ends.min,
      showMaxLabel: ends.max,
      hideOverlap: true,
      formatter: options.format,
    },
  }
}

/** The smallest of 1, 2 and 5 times a power of ten that divides `span` into at most `parts`. */
export function niceTick(span: number, parts = 6): number {
  const least = span / parts
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 5].find((f) => f * power >= least * (1 - 1e-9)) ?? 10
  return Number((factor * power).toPrecision(6))
}
