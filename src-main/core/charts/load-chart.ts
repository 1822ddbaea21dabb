/**
 * Online vCPUs against load over the time of a run: for each VM the pCPUs that it used, on top of
 * that its vCPUs that were runnable and waited for one, and the vCPUs that the scheme gave it.
 */
import type { CustomSeriesOption, EChartsOption } from 'echarts'
import type { RunKind, RunSeries } from '../contract/result.ts'
import { labelStyle, niceTick, valueAxis } from './axes.ts'
import { commonOption, headHeightPx, headTitles, textAt } from './chart.ts'
import type { Chart, ChartFrame } from './chart.ts'
import { numberColumn, textColumn } from './chart-table.ts'
import type { ChartTable } from './chart-table.ts'
import { durationFormatter, escapeHtml, formatDuration, KIND_LABELS } from './chart-text.ts'
import { evenSeries } from './even-series.ts'
import type { LoadInterval, VmLoad } from './even-series.ts'
import { TIME_GROUPS } from './time-class-palette.ts'

/** What the chart is drawn from. `vcpus`: by VM, what it has when all are online. */
export type LoadInput = ChartFrame & {
  readonly kind: RunKind
  readonly name: string
  readonly series: RunSeries
  readonly vcpus: Readonly<Record<string, number>>
}

const TITLE = 'Online vCPUs and load over time'
const NAMES = {
  used: 'pCPUs used',
  waiting: 'vCPUs runnable, waiting for a pCPU',
  online: 'vCPUs online',
} as const

type RenderItem = NonNullable<CustomSeriesOption['renderItem']>
type Api = Parameters<RenderItem>[1]

const pointAt = (api: Api, x: number, y: number): [number, number] =>
  api.coord([x, y]) as [number, number]

const USED_COLOR = TIME_GROUPS.work.levels[0]
const WAITING_COLOR = TIME_GROUPS.host.levels[1]

const topOf = ({ used, waiting, online }: LoadInterval): number =>
  Math.max(used + waiting, online ?? 0)

type Layout = ReturnType<typeof layoutOf>

function layoutOf(input: LoadInput, loads: readonly VmLoad[]) {
  const { theme, widthPx } = input
  const em = theme.fontSize
  const all = loads.flatMap(({ name, intervals }) => [
    ...intervals.map(topOf),
    input.vcpus[name] ?? 0,
  ])
  const max = Math.max(1, ...all)
  const left = Math.round(em * 2.6)
  const top = headHeightPx(input) + Math.round(em * 1.9)
  const plotPx = Math.round(em * (loads.length > 4 ? 5 : 7.5))
  const rowPx = plotPx + Math.round(em * 2.4)
  const heightPx = Math.ceil(top + Math.max(1, loads.length) * rowPx + em * 1.6)
  const endNs = Math.max(1, ...loads.flatMap(({ intervals }) => intervals.at(-1)?.endNs ?? 0))
  return { left, top, plotPx, rowPx, heightPx, max, endNs, width: widthPx - left - em }
}

/** The area between the axis (or `under`) and the values, as one shape. */
function areaOf(
  { intervals }: VmLoad,
  i: number,
  what: { name: string; color: string; value: (at: LoadInterval) => number; z: number },
): CustomSeriesOption {
  const renderItem: RenderItem = (_params, api) => {
    const tops = intervals.flatMap((at) => [
      pointAt(api, at.startNs, what.value(at)),
      pointAt(api, at.endNs, what.value(at)),
    ])
    const from = pointAt(api, intervals[0]!.startNs, 0)
    const to = pointAt(api, intervals.at(-1)!.endNs, 0)
    const points = [from, ...tops, to]
    return { type: 'polygon', shape: { points }, style: { fill: what.color } }
  }
  return {
    ...{ type: 'custom', name: what.name, xAxisIndex: i, yAxisIndex: i, z: what.z },
    ...{ silent: true, clip: true, animation: false, renderItem, tooltip: { show: false } },
    itemStyle: { color: what.color },
    data: intervals.length === 0 ? [] : [[0, 0]],
  }
}

/** The steps of the online vCPUs; where they are not known the line is broken. */
function onlineOf({ theme }: LoadInput, { intervals }: VmLoad, i: number): CustomSeriesOption {
  const parts: LoadInterval[][] = []
  for (const [at, interval] of intervals.entries()) {
    if (interval.online === null) continue
    if (at === 0 || intervals[at - 1]!.online === null) parts.push([])
    parts.at(-1)!.push(interval)
  }
  const renderItem: RenderItem = (_params, api) => ({
    type: 'group',
    children: parts.map((part) => {
      const points = part.flatMap((at) => [
        pointAt(api, at.startNs, at.online!),
        pointAt(api, at.endNs, at.online!),
      ])
      const style = { stroke: theme.text, lineWidth: 2, fill: 'none' }
      return { type: 'polyline' as const, shape: { points }, style }
    }),
  })
  return {
    ...{ type: 'custom', name: NAMES.online, xAxisIndex: i, yAxisIndex: i, z: 4 },
    ...{ silent: true, animation: false, renderItem, tooltip: { show: false } },
    itemStyle: { color: theme.text },
    data: parts.length === 0 ? [] : [[0, 0]],
  }
}

/** What a pointer finds: the interval under it, over the whole height. */
function hitsOf({ theme }: LoadInput, load: VmLoad, i: number, max: number): CustomSeriesOption {
  const renderItem: RenderItem = (params, api) => {
    const { startNs, endNs } = load.intervals[params.dataIndex]!
    const [x1, y1] = pointAt(api, startNs, max)
    const [x2, y2] = pointAt(api, endNs, 0)
    const shape = { x: x1, y: y1, width: x2 - x1, height: y2 - y1 }
    return { type: 'rect', shape, style: { fill: theme.text, opacity: 0 } }
  }
  return {
    ...{ type: 'custom', xAxisIndex: i, yAxisIndex: i, z: 5, animation: false, renderItem },
    data: theme.mode === 'print' ? [] : load.intervals.map(({ startNs }) => [startNs, 0]),
    tooltip: {
      formatter: (p: unknown) => hitText(load, (p as { dataIndex: number }).dataIndex),
    },
  }
}

function hitText({ name, intervals }: VmLoad, index: number): string {
  const at = intervals[index]
  if (at === undefined) return ''
  const online = at.online === null ? 'not ours to say' : String(round(at.online))
  return (
    `<b>${escapeHtml(name)}</b>, ${formatDuration(at.startNs)} – ${formatDuration(at.endNs)}<br>` +
    `${NAMES.online}: ${online}<br>${NAMES.used}: ${at.used.toFixed(2)}<br>` +
    `${NAMES.waiting}: ${at.waiting.toFixed(2)}`
  )
}

const round = (value: number): number => Number(value.toFixed(2))

function axesOf(input: LoadInput, loads: readonly VmLoad[], layout: Layout) {
  const { theme } = input
  const format = durationFormatter(layout.endNs, 1)
  const tick = Math.max(1, niceTick(layout.max, 4))
  const y = { min: 0, max: Math.ceil(layout.max / tick) * tick, tick }
  return {
    y,
    grid: loads.map((_, i) => ({
      ...{ left: layout.left, width: layout.width, height: layout.plotPx },
      top: layout.top + i * layout.rowPx + Math.round(theme.fontSize * 1.8),
    })),
    xAxis: loads.map((_, i) => ({
      ...valueAxis(
        theme,
        { min: 0, max: layout.endNs, tick: niceTick(layout.endNs, 8) },
        { gridIndex: i, isShown: i === loads.length - 1, format },
      ),
      axisLine: { show: true, onZero: false, lineStyle: { color: theme.faint } },
    })),
    yAxis: loads.map((_, i) => ({
      ...{ type: 'value' as const, gridIndex: i, min: 0, max: y.max, interval: tick },
      splitLine: { lineStyle: { color: theme.grid, width: 1 } },
      axisLabel: { ...labelStyle(theme, theme.faint) },
    })),
  }
}

function headingsOf(input: LoadInput, loads: readonly VmLoad[], layout: Layout) {
  return loads.map(({ name }, i) =>
    textAt(input.theme, {
      text: input.vcpus[name] === undefined ? name : `${name} · ${input.vcpus[name]} vCPUs`,
      ...{ leftPx: layout.left, topPx: layout.top + i * layout.rowPx, widthPx: layout.width },
    }),
  )
}

function optionOf(input: LoadInput, loads: readonly VmLoad[], description: string) {
  const { theme } = input
  const layout = layoutOf(input, loads)
  const { grid, xAxis, yAxis, y } = axesOf(input, loads, layout)
  const demand = {
    ...{ name: NAMES.waiting, color: WAITING_COLOR, z: 2 },
    value: ({ used, waiting }: LoadInterval) => used + waiting,
  }
  const used = {
    ...{ name: NAMES.used, color: USED_COLOR, z: 3 },
    value: (at: LoadInterval) => at.used,
  }
  return {
    ...commonOption(theme, description),
    title: [
      ...headTitles(input, input.kind, TITLE, input.name),
      ...headingsOf(input, loads, layout),
    ],
    legend: {
      ...{ left: layout.left, top: headHeightPx(input) - theme.fontSize * 0.2, padding: 0 },
      ...{ selectedMode: false, textStyle: labelStyle(theme), itemGap: theme.fontSize * 1.5 },
      data: [
        { name: NAMES.used, icon: 'rect' },
        { name: NAMES.waiting, icon: 'rect' },
        { name: NAMES.online, icon: 'path://M0,4H20V6H0Z' },
      ],
    },
    ...{ grid, xAxis, yAxis },
    series: loads.flatMap((load, i) => [
      areaOf(load, i, demand),
      areaOf(load, i, used),
      onlineOf(input, load, i),
      hitsOf(input, load, i, y.max),
    ]),
  } as EChartsOption
}

const mean = (intervals: readonly LoadInterval[], of: (at: LoadInterval) => number): number => {
  const wholeNs = intervals.reduce((sum, at) => sum + at.endNs - at.startNs, 0)
  const area = intervals.reduce((sum, at) => sum + of(at) * (at.endNs - at.startNs), 0)
  return wholeNs > 0 ? area / wholeNs : 0
}

function describe({ kind, name }: LoadInput, loads: readonly VmLoad[]): string {
  const each = loads.map(({ name: vm, intervals }) => {
    const counts = intervals.flatMap(({ online }) => (online === null ? [] : [online]))
    const range = [...new Set([Math.min(...counts), Math.max(...counts)])].map(round).join(' to ')
    const online = counts.length === 0 ? 'an unknown number of' : range
    const used = mean(intervals, (at) => at.used).toFixed(2)
    const waiting = mean(intervals, (at) => at.waiting).toFixed(2)
    return `${vm}: ${online} vCPUs online, ${used} pCPUs used, ${waiting} vCPUs waiting on average`
  })
  return `${KIND_LABELS[kind]}. ${TITLE} of ${name}. ${each.join('; ')}.`
}

/** The data behind the chart: a row for each VM and interval. */
export function loadTable(series: RunSeries): ChartTable {
  return {
    columns: [
      textColumn('vm', 'VM'),
      numberColumn('start', 'From', 'ns'),
      numberColumn('end', 'To', 'ns'),
      numberColumn('online', 'vCPUs online'),
      numberColumn('used', 'pCPUs used'),
      numberColumn('waiting', 'vCPUs waiting'),
    ],
    rows: evenSeries(series).flatMap(({ name, intervals }) =>
      intervals.map((at) => [name, at.startNs, at.endNs, at.online, at.used, at.waiting]),
    ),
  }
}

/** Online vCPUs against load; see the head of this file. */
export function loadChart(input: LoadInput): Chart {
  const loads = evenSeries(input.series)
  const description = describe(input, loads)
  return {
    ...{ id: 'load', title: TITLE, description, widthPx: input.widthPx },
    heightPx: layoutOf(input, loads).heightPx,
    option: optionOf(input, loads, description),
    toRows: () => loadTable(input.series),
  }
}
