/** Custom series shared by the charts: whiskers, repetition marks and the published band. */
import type { CustomSeriesOption } from 'echarts'
import type { ChartTheme } from './chart-theme.ts'
import { markerPath } from './scheme-palette.ts'
import type { SchemeStyle } from './scheme-palette.ts'

/** The axes that a mark belongs to. */
export type MarkAxes = { readonly xAxisIndex: number; readonly yAxisIndex: number }

type RenderItem = NonNullable<CustomSeriesOption['renderItem']>
type Api = Parameters<RenderItem>[1]

const rowHeightPx = (api: Api): number => Math.abs((api.size?.([0, 1]) as number[])[1] ?? 0)

const pointAt = (api: Api, value: number, index: number): [number, number] =>
  api.coord([value, index]) as [number, number]

const custom = (axes: MarkAxes, data: number[][], renderItem: RenderItem, z: number) =>
  ({
    type: 'custom',
    ...axes,
    silent: true,
    z,
    animation: false,
    clip: true,
    encode: { x: [1, 2], y: 0 },
    data,
    renderItem,
    tooltip: { show: false },
  }) satisfies CustomSeriesOption

/** Whiskers from lo to hi on category `index`; cut at `max` without a cap there. */
export function whiskerMarks(
  theme: ChartTheme,
  axes: MarkAxes,
  data: readonly { index: number; lo: number; hi: number; place?: number }[],
  max: number,
): CustomSeriesOption {
  const renderItem: RenderItem = (_params, api) => {
    const index = api.value(0) as number
    const hi = api.value(2) as number
    const [x1, middle] = pointAt(api, Math.min(api.value(1) as number, max), index)
    const [x2] = pointAt(api, Math.min(hi, max), index)
    const y = middle + (api.value(3) as number) * rowHeightPx(api)
    const capPx = Math.min(4, rowHeightPx(api) * 0.22)
    const caps = hi > max ? [x1] : [x1, x2]
    const line = (lineWidth: number, xa: number, ya: number, xb: number, yb: number) => ({
      type: 'line' as const,
      shape: { x1: xa, y1: ya, x2: xb, y2: yb },
      style: { stroke: lineWidth > 1 ? theme.surface : theme.text, lineWidth },
    })
    // A halo in the surface's colour keeps the whisker visible on a dark bar.
    const strokes = [2, 1].flatMap((w) => [
      line(w, x1, y, x2, y),
      ...caps.map((x) => line(w, x, y - capPx, x, y + capPx)),
    ])
    return { type: 'group', children: strokes }
  }
  return custom(
    axes,
    data.map((d) => [d.index, d.lo, d.hi, d.place ?? 0]),
    renderItem,
    6,
  )
}

/**
 * Values as their scheme's marker: hollow and small for repetitions, solid and large for estimates
 * unless told otherwise. `place` −0.5 … 0.5 shifts within the row.
 */
export function dotMarks(
  theme: ChartTheme,
  axes: MarkAxes,
  data: readonly { index: number; value: number; place: number }[],
  styleOf: (index: number) => SchemeStyle,
  max: number,
  { isSolid = false, isLarge = isSolid }: { isSolid?: boolean; isLarge?: boolean } = {},
): CustomSeriesOption {
  const sizePx = Math.max(2.6, theme.fontSize * (isLarge ? 0.75 : 0.34))
  const renderItem: RenderItem = (_params, api) => {
    const index = api.value(0) as number
    const value = api.value(1) as number
    if (value > max) return { type: 'group', children: [] }
    const [x, y] = pointAt(api, value, index)
    const topPx = y + (api.value(3) as number) * rowHeightPx(api)
    const style = styleOf(index)
    return {
      type: 'path',
      shape: {
        pathData: markerPath(style.marker),
        x: x - sizePx / 2,
        y: topPx - sizePx / 2,
        width: sizePx,
        height: sizePx,
      },
      style: isSolid
        ? { fill: style.color, stroke: theme.surface, lineWidth: 0.8 }
        : { fill: theme.surface, stroke: style.color, lineWidth: isLarge ? 1.4 : 0.7 },
    }
  }
  return custom(
    axes,
    data.map((d) => [d.index, d.value, d.value, d.place]),
    renderItem,
    isLarge ? 8 : 5,
  )
}

/** The published band over one row, dashed, with its mean as a tick. */
export function bandMarks(
  theme: ChartTheme,
  axes: MarkAxes,
  data: readonly { index: number; lo: number; hi: number; mean: number }[],
  max: number,
): CustomSeriesOption {
  const renderItem: RenderItem = (_params, api) => {
    const index = api.value(0) as number
    const [x1, y] = pointAt(api, Math.min(api.value(1) as number, max), index)
    const [x2] = pointAt(api, Math.min(api.value(2) as number, max), index)
    const [xm] = pointAt(api, Math.min(api.value(3) as number, max), index)
    const half = rowHeightPx(api) * 0.46
    return {
      type: 'group',
      children: [
        {
          type: 'rect',
          shape: { x: x1, y: y - half, width: x2 - x1, height: half * 2 },
          style: { fill: 'none', stroke: theme.text, lineWidth: 0.8, lineDash: [3, 2] },
        },
        {
          type: 'line',
          shape: { x1: xm, y1: y - half, x2: xm, y2: y + half },
          style: { stroke: theme.text, lineWidth: 0.8, lineDash: [3, 2] },
        },
      ],
    }
  }
  return custom(
    axes,
    data.map((d) => [d.index, d.lo, d.hi, d.mean]),
    renderItem,
    7,
  )
}
