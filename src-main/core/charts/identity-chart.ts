/**
 * Predicted against measured: each cell a point on two logarithmic axes, the diagonal is agreement.
 * Filled marks are cells whose app took part in the fit; hollow ones are held out.
 */
import type { CustomSeriesOption, EChartsOption } from 'echarts'
import type { PredictedCell, Prediction } from '../contract/calibration.ts'
import { labelStyle } from './axes.ts'
import { commonOption, headHeightPx, headTitles } from './chart.ts'
import type { Chart, ChartFrame } from './chart.ts'
import { numberColumn, textColumn } from './chart-table.ts'
import type { ChartTable } from './chart-table.ts'
import { escapeHtml, finiteOrNull, formatDuration, formatShare } from './chart-text.ts'
import { NO_VALUE } from './chart-text.ts'
import { placeLabels } from './place-labels.ts'
import { markerPath, schemeStyle } from './scheme-palette.ts'

/** What the chart is drawn from. */
export type IdentityInput = ChartFrame & { readonly prediction: Prediction }

/** Dashed lines at this factor either way. */
const FACTOR = 2

/** Cells further off than this factor get a name where there is room. */
const NAMED_FROM = 1.25

const isDrawn = ({ measuredNs, simulatedNs }: PredictedCell): boolean =>
  [measuredNs.value, simulatedNs.value].every((ns) => Number.isFinite(ns) && ns > 0)

type Range = { readonly min: number; readonly max: number }

/** Whole decades that hold all values; the same for both axes, so that the diagonal is one. */
function rangeOf(cells: readonly PredictedCell[]): Range {
  const values = cells
    .flatMap(({ measuredNs: m, simulatedNs: s }) => [m.value, m.lo, m.hi, s.value, s.lo, s.hi])
    .filter((ns): ns is number => ns !== null && Number.isFinite(ns) && ns > 0)
  if (values.length === 0) return { min: 1e6, max: 1e9 }
  const min = 10 ** Math.floor(Math.log10(Math.min(...values)))
  const max = 10 ** Math.ceil(Math.log10(Math.max(...values)) + 1e-9)
  return { min, max: Math.max(max, min * 10) }
}

function layoutOf({ theme, widthPx, ...frame }: IdentityInput) {
  const em = theme.fontSize
  const top = headHeightPx({ theme, widthPx, ...frame }) + Math.round(em * 2.6)
  const left = Math.round(em * 6)
  const sidePx = Math.max(80, Math.min(widthPx - left - em * 2, em * 40))
  return { left, top, sidePx, heightPx: Math.ceil(top + sidePx + em * 4) }
}

type RenderItem = NonNullable<CustomSeriesOption['renderItem']>
type Api = Parameters<RenderItem>[1]

const pointAt = (api: Api, x: number, y: number): [number, number] =>
  api.coord([x, y]) as [number, number]

/** One scheme's cells: [measured, simulated, held out, measured lo, hi, simulated lo, hi]. */
function pointsOf(
  input: IdentityInput,
  scheme: string,
  cells: readonly PredictedCell[],
): CustomSeriesOption {
  const { theme } = input
  const { color, marker } = schemeStyle(scheme)
  const sizePx = theme.fontSize * 0.85
  const line = (from: [number, number], to: [number, number]) => ({
    type: 'line' as const,
    shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
    style: { stroke: color, lineWidth: 1 },
  })
  const renderItem: RenderItem = (_params, api) => {
    const [m, s, heldOut, mLo, mHi, sLo, sHi] = [0, 1, 2, 3, 4, 5, 6].map((i) =>
      Number(api.value(i)),
    )
    const [x, y] = pointAt(api, m!, s!)
    return {
      type: 'group',
      children: [
        line(pointAt(api, mLo!, s!), pointAt(api, mHi!, s!)),
        line(pointAt(api, m!, sLo!), pointAt(api, m!, sHi!)),
        {
          type: 'path' as const,
          shape: {
            ...{ pathData: markerPath(marker), x: x - sizePx / 2, y: y - sizePx / 2 },
            ...{ width: sizePx, height: sizePx },
          },
          style: { fill: heldOut === 1 ? theme.surface : color, stroke: color, lineWidth: 1.4 },
        },
      ],
    }
  }
  return {
    ...{ type: 'custom', name: scheme, z: 5, animation: false, clip: true, renderItem },
    ...{ encode: { x: 0, y: 1 }, itemStyle: { color } },
    data: cells.map((cell) => ({ value: valuesOf(cell), name: tooltipOf(cell) })),
    tooltip: {
      formatter: (at) => (Array.isArray(at) ? '' : at.name),
    } satisfies NonNullable<CustomSeriesOption['tooltip']>,
  }
}

const valuesOf = ({ measuredNs: m, simulatedNs: s, role }: PredictedCell): number[] => [
  ...[m.value, s.value, role === 'held-out' ? 1 : 0],
  ...[m.lo ?? m.value, m.hi ?? m.value, s.lo ?? s.value, s.hi ?? s.value],
]

const nameOf = ({ app, scheme }: PredictedCell): string => `${app}, ${scheme}`

const ratioText = (ratio: number): string => `${ratio.toFixed(ratio < 10 ? 2 : 0)} ×`

const tooltipOf = (cell: PredictedCell): string =>
  `${escapeHtml(nameOf(cell))} (${cell.role === 'fit' ? 'in the fit' : 'held out'})<br>` +
  `measured ${formatDuration(cell.measuredNs.value)}, n = ${cell.measuredN}<br>` +
  `simulated ${formatDuration(cell.simulatedNs.value)} (${ratioText(cell.ratio)})`

/** The diagonal, and twice and half of it. */
function diagonals({ theme }: IdentityInput, { min, max }: Range): CustomSeriesOption {
  const renderItem: RenderItem = (_params, api) => {
    const factor = Number(api.value(2))
    const [x1, y1] = pointAt(api, min, min * factor)
    const [x2, y2] = pointAt(api, max, max * factor)
    return {
      type: 'line',
      shape: { x1, y1, x2, y2 },
      style: {
        stroke: factor === 1 ? theme.text : theme.faint,
        lineWidth: 1,
        lineDash: factor === 1 ? [] : [4, 3],
      },
    }
  }
  return {
    ...{ type: 'custom', silent: true, z: 2, animation: false, clip: true, renderItem },
    ...{ encode: { x: 0, y: 1 }, tooltip: { show: false } },
    data: [1, FACTOR, 1 / FACTOR].map((factor) => [min, min, factor]),
  }
}

/** Names of the cells that are far off, where they do not run into each other. */
function nameMarks(input: IdentityInput, cells: readonly PredictedCell[], range: Range) {
  const { theme } = input
  const { sidePx } = layoutOf(input)
  const px = (ns: number): number =>
    (Math.log(ns / range.min) / Math.log(range.max / range.min)) * sidePx
  const far = cells
    .map((cell) => ({ cell, factor: Math.max(cell.ratio, 1 / cell.ratio) }))
    .filter(({ factor }) => factor > NAMED_FROM)
    .sort((a, b) => b.factor - a.factor)
  const markOf = ({ measuredNs, simulatedNs }: PredictedCell) => ({
    x: px(measuredNs.value),
    y: px(simulatedNs.value),
  })
  const placed = placeLabels(
    far.map(({ cell }) => ({ text: cell.app, ...markOf(cell) })),
    cells.map(markOf),
    { widthPx: sidePx, fontSize: theme.fontSize, gapPx: theme.fontSize * 0.7 },
  )
  const renderItem: RenderItem = (_params, api) => {
    const { cell } = far[Number(api.value(2))]!
    const [x, y] = pointAt(api, Number(api.value(0)), Number(api.value(1)))
    const isLeft = Number(api.value(3)) === 1
    return {
      type: 'text',
      style: {
        ...{ text: cell.app, x: x + (isLeft ? -1 : 1) * theme.fontSize * 0.7, y },
        ...{ fill: theme.text, fontSize: theme.fontSize, fontFamily: theme.font },
        ...{ align: isLeft ? 'right' : 'left', verticalAlign: 'middle' },
      },
    }
  }
  return {
    ...{ type: 'custom', silent: true, z: 6, animation: false, renderItem },
    ...{ encode: { x: 0, y: 1 }, tooltip: { show: false } },
    data: placed.map(({ index, isLeft }) => {
      const { measuredNs, simulatedNs } = far[index]!.cell
      return [measuredNs.value, simulatedNs.value, index, isLeft ? 1 : 0]
    }),
  } as CustomSeriesOption
}

/** A decade's duration: `10 ms`. */
const decadeText = (ns: number): string => formatDuration(ns).replace(/\.0+(?!\d)/, '')

function axisOf({ theme }: IdentityInput, { min, max }: Range, name: string) {
  return {
    ...{ type: 'log' as const, min, max, name, nameLocation: 'middle' as const },
    nameTextStyle: labelStyle(theme, theme.faint),
    nameGap: theme.fontSize * (name.startsWith('Measured') ? 2.2 : 4.4),
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.grid } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: theme.grid, width: 1 } },
    axisLabel: { ...labelStyle(theme, theme.faint), formatter: decadeText, hideOverlap: true },
  }
}

function subtitleOf({ errors, effects }: Prediction): string {
  const { heldOut, all } = errors
  const same = effects.filter(({ sameDirection }) => sameDirection).length
  const error = (part: typeof all) =>
    part.medianAbsolute === null ? NO_VALUE : formatShare(part.medianAbsolute, 0)
  return (
    `median error ${error(all)} over ${all.cells} cells, ${error(heldOut)} over the ` +
    `${heldOut.cells} held out · direction right in ${same} of ${effects.length}`
  )
}

function describe({ prediction }: IdentityInput, cells: readonly PredictedCell[]): string {
  const each = cells.slice(0, 40).map((cell) => `${nameOf(cell)} ${ratioText(cell.ratio)}`)
  return (
    `Simulated against measured times of ${cells.length} cells, both axes logarithmic. ` +
    `${subtitleOf(prediction)}. Simulated over measured: ${each.join('; ')}.`
  )
}

function tableOf({ cells }: Prediction): ChartTable {
  return {
    columns: [
      ...[textColumn('app', 'App'), textColumn('scheme', 'Scheme'), textColumn('mix', 'VM mix')],
      textColumn('role', 'Role'),
      ...['measured', 'simulated'].flatMap((key) => [
        numberColumn(key, key === 'measured' ? 'Measured' : 'Simulated', 'ns'),
        numberColumn(`${key}Lo`, 'CI low', 'ns'),
        numberColumn(`${key}Hi`, 'CI high', 'ns'),
      ]),
      numberColumn('ratio', 'Simulated ∕ measured', '×'),
    ],
    rows: cells.map(({ app, scheme, mix, role, measuredNs, simulatedNs, ratio }) => [
      ...[app, scheme, mix, role],
      ...[measuredNs, simulatedNs].flatMap(({ value, lo, hi }) =>
        [value, lo, hi].map(finiteOrNull),
      ),
      finiteOrNull(ratio),
    ]),
  }
}

/** Predicted against measured; see the head of this file. */
export function identityChart(input: IdentityInput): Chart {
  const { theme, widthPx, prediction } = input
  const cells = prediction.cells.filter(isDrawn)
  const schemes = [...new Set(cells.map(({ scheme }) => scheme))]
  const range = rangeOf(cells)
  const { left, top, sidePx, heightPx } = layoutOf(input)
  const title = 'Predicted and measured'
  const description = describe(input, cells)
  const option = {
    ...commonOption(theme, description),
    title: headTitles(input, ['simulated', 'measured'], title, subtitleOf(prediction)),
    legend: {
      ...{ left, top: top - theme.fontSize * 2, padding: 0, selectedMode: false },
      textStyle: labelStyle(theme),
      data: schemes.map((name) => ({
        name,
        icon: `path://${markerPath(schemeStyle(name).marker)}`,
      })),
    },
    grid: { left, top, width: sidePx, height: sidePx },
    xAxis: axisOf(input, range, 'Measured'),
    yAxis: axisOf(input, range, 'Simulated; hollow marks: held out of the fit'),
    series: [
      diagonals(input, range),
      ...schemes.map((name) =>
        pointsOf(
          input,
          name,
          cells.filter((c) => c.scheme === name),
        ),
      ),
      nameMarks(input, cells, range),
    ],
  } as EChartsOption
  const toRows = () => tableOf(prediction)
  return { id: 'identity', title, description, widthPx, heightPx, option, toRows }
}
