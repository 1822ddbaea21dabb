/**
 * Distributions of run times: one panel an app, the empirical distribution functions of its schemes
 * over each other. Shows what a mean hides: two modes, a long tail, one odd repetition.
 */
import type { EChartsOption, LineSeriesOption } from 'echarts'
import type { Comparison } from '../contract/comparison.ts'
import { labelStyle, niceTick, valueAxis } from './axes.ts'
import { commonOption, headHeightPx, headTitles, textAt } from './chart.ts'
import type { Chart, ChartFrame } from './chart.ts'
import { numberColumn, textColumn } from './chart-table.ts'
import {
  durationFormatter,
  escapeHtml,
  formatDuration,
  KIND_LABELS,
  sentence,
} from './chart-text.ts'
import { rowLookup } from './comparison-view.ts'
import { fitNames } from './fit-names.ts'
import { markerPath, schemeStyle } from './scheme-palette.ts'

/** What the curves are drawn from. */
export type EcdfInput = ChartFrame & { readonly comparison: Comparison }

type Curve = { readonly scheme: string; readonly timesNs: readonly number[] }
type Panel = { readonly group: string; readonly curves: readonly Curve[] }

/** Curves of more values than this have no marks. */
const MARKS_MAX = 24

const LINE_TYPES = ['solid', 'dashed', 'dotted'] as const

function panelsOf({ comparison }: EcdfInput): readonly Panel[] {
  const lookup = rowLookup(comparison)
  return comparison.groups.map((group) => ({
    group,
    curves: comparison.schemes.flatMap((scheme) => {
      const values = lookup(group, scheme)?.sample.valuesNs ?? []
      const timesNs = values.filter(Number.isFinite).toSorted((a, b) => a - b)
      return timesNs.length === 0 ? [] : [{ scheme, timesNs }]
    }),
  }))
}

/** From the shortest to the longest time with a little room; a single value gets room as well. */
function rangeOf({ curves }: Panel): { min: number; max: number; tick: number } {
  const lo = Math.min(...curves.map((curve) => curve.timesNs[0]!))
  const hi = Math.max(...curves.map((curve) => curve.timesNs.at(-1)!))
  if (curves.length === 0) return { min: 0, max: 1, tick: 1 }
  const room = Math.max((hi - lo) * 0.06, Math.abs(hi) * 0.005, 1)
  const tick = niceTick(hi - lo + 2 * room, 4)
  const [first, last] = [Math.floor((lo - room) / tick), Math.ceil((hi + room) / tick)]
  return { min: Math.max(0, first * tick), max: last * tick, tick }
}

/** A step at each value: up to 1/n at the first, 1 at the last. */
const points = ({ timesNs }: Curve): [number, number][] => [
  [timesNs[0]!, 0],
  ...timesNs.map((ns, i): [number, number] => [ns, (i + 1) / timesNs.length]),
]

function curveSeries(input: EcdfInput, panel: Panel, curve: Curve, i: number): LineSeriesOption {
  const { theme } = input
  const { color, marker, decal } = schemeStyle(curve.scheme)
  const head = `<b>${escapeHtml(panel.group)}</b> · ${escapeHtml(curve.scheme)}`
  return {
    type: 'line',
    name: curve.scheme,
    xAxisIndex: i,
    yAxisIndex: i,
    step: 'end',
    data: points(curve),
    symbol: `path://${markerPath(marker)}`,
    symbolSize: theme.fontSize * 0.45,
    showSymbol: curve.timesNs.length <= MARKS_MAX,
    itemStyle: { color },
    lineStyle: { color, width: 1.4, type: LINE_TYPES[decal % LINE_TYPES.length]! },
    silent: theme.mode === 'print',
    tooltip: {
      formatter: (p: unknown) => {
        const [ns, share] = (p as { value: [number, number] }).value
        return `${head}<br>${(share * 100).toFixed(0)} % within ${formatDuration(ns)}`
      },
    },
  }
}

function layoutOf(input: EcdfInput, panelCount: number) {
  const { theme, widthPx, comparison } = input
  const em = theme.fontSize
  const left = Math.round(em * 3)
  const columns = Math.max(1, Math.min(4, panelCount, Math.floor(widthPx / (em * 21))))
  const gap = Math.round(em * 3.4)
  const plotPx = Math.max(40, Math.round((widthPx - left - gap * (columns - 1) - em) / columns))
  const names = comparison.schemes.map((scheme) => Math.min(40, scheme.length) * em * 0.55 + em * 3)
  const legendRows = Math.ceil(names.reduce((a, b) => a + b, 0) / Math.max(1, widthPx - em))
  const top = headHeightPx(input) + Math.round(legendRows * em * 1.7 + em * 0.4)
  const rowPx = Math.round(em * 12.5)
  const places = Array.from({ length: panelCount }, (_, i) => ({
    left: left + (i % columns) * (plotPx + gap),
    top: top + Math.floor(i / columns) * rowPx + Math.round(em * 1.8),
    width: plotPx,
    height: Math.round(em * 8),
    isFirst: i % columns === 0,
  }))
  return { places, heightPx: top + Math.ceil(panelCount / columns) * rowPx }
}

type Place = ReturnType<typeof layoutOf>['places'][number]

/** Decimals that tell two ticks of an axis apart in the unit that its end has. */
function tickFormatter({ max, tick }: { max: number; tick: number }): (ns: number) => string {
  const unitNs = [1e9, 1e6, 1e3, 1].find((ns) => max >= ns) ?? 1
  const digits = Math.max(0, Math.ceil(-Math.log10(tick / unitNs) - 1e-9))
  return durationFormatter(max, Math.min(6, digits))
}

function axesOf({ theme }: EcdfInput, panel: Panel, place: Place, i: number) {
  const range = rangeOf(panel)
  const format = panel.curves.length === 0 ? () => '' : tickFormatter(range)
  const axis = valueAxis(theme, range, { gridIndex: i, format })
  return {
    // The last label would touch the first one of the panel beside it.
    x: { ...axis, axisLabel: { ...axis.axisLabel, showMaxLabel: false } },
    y: {
      type: 'value' as const,
      gridIndex: i,
      min: 0,
      max: 1,
      interval: 0.5,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: theme.grid, width: 1 } },
      axisLabel: {
        ...labelStyle(theme, theme.faint),
        show: place.isFirst,
        formatter: (share: number) => `${share * 100} %`,
      },
    },
  }
}

function titlesOf(input: EcdfInput, panels: readonly Panel[], places: readonly Place[]) {
  const { theme, comparison } = input
  const roomPx = places[0]?.width ?? 100
  const names = fitNames(
    panels.map((panel) => (panel.curves.length === 0 ? `${panel.group}: no run` : panel.group)),
    roomPx,
    theme.fontSize * 1.06,
  )
  const panelTitles = names.map((text, i) => {
    const { left, top, width } = places[i]!
    const topPx = top - Math.round(theme.fontSize * 1.6)
    return textAt(theme, { text, leftPx: left, topPx, widthPx: width })
  })
  const subtitle = 'share of the repetitions that took no longer · marks: repetitions'
  return [...headTitles(input, comparison.kind, titleOf(comparison), subtitle), ...panelTitles]
}

const titleOf = ({ measure }: Comparison): string => `Distribution of ${measure}`

const legendOf = ({ theme, comparison, widthPx, ...frame }: EcdfInput) => ({
  type: 'plain' as const,
  left: 0,
  top: headHeightPx({ theme, widthPx, ...frame }),
  width: widthPx,
  padding: 0,
  itemGap: Math.round(theme.fontSize),
  itemWidth: Math.round(theme.fontSize * 1.8),
  itemHeight: Math.round(theme.fontSize * 0.8),
  textStyle: { color: theme.text, fontSize: theme.fontSize },
  formatter: (name: string) => fitNames([name], theme.fontSize * 22, theme.fontSize)[0]!,
  data: [...comparison.schemes],
})

function describe({ comparison }: EcdfInput, panels: readonly Panel[]): string {
  const { kind, schemes, measure } = comparison
  return (
    `${KIND_LABELS[kind]}. ${sentence(titleOf(comparison))} as empirical distribution functions: ` +
    `${panels.length} panels, ${schemes.length} schemes over each other; further left is shorter ` +
    `${measure}.`
  )
}

/** Empirical distribution functions; see the head of this file. */
export function ecdfChart(input: EcdfInput): Chart {
  const panels = panelsOf(input)
  const { places, heightPx } = layoutOf(input, panels.length)
  const axes = panels.map((panel, i) => axesOf(input, panel, places[i]!, i))
  const description = describe(input, panels)
  const option = {
    ...commonOption(input.theme, description),
    title: titlesOf(input, panels, places),
    legend: legendOf(input),
    grid: places.map(({ left, top, width, height }) => ({ left, top, width, height })),
    xAxis: axes.map((axis) => axis.x),
    yAxis: axes.map((axis) => axis.y),
    series: panels.flatMap((panel, i) =>
      panel.curves.map((curve) => curveSeries(input, panel, curve, i)),
    ),
  } as EChartsOption
  return {
    id: 'ecdf',
    title: titleOf(input.comparison),
    description,
    widthPx: input.widthPx,
    heightPx,
    option,
    toRows: () => ({
      columns: [
        textColumn('group', 'Group'),
        textColumn('scheme', 'Scheme'),
        numberColumn('time', 'Time', 'ns'),
        numberColumn('share', 'Share of repetitions'),
      ],
      rows: panels.flatMap(({ group, curves }) =>
        curves.flatMap(({ scheme, timesNs }) =>
          timesNs.map((ns, i) => [group, scheme, ns, (i + 1) / timesNs.length]),
        ),
      ),
    }),
  }
}
