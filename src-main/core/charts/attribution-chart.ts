/**
 * Where the thread time goes: one stacked bar per scheme (or run), by time class in groups, scaled
 * to the first bar of its heading, so that what shrank is seen to shrink.
 */
import type { EChartsOption } from 'echarts'
import type { TimeByClassNs } from '../base/time-class.ts'
import type { Comparison } from '../contract/comparison.ts'
import type { RunKind } from '../contract/result.ts'
import { rowGroupAxis, rowNameAxis, rowValueAxis, valueAxis } from './axes.ts'
import { niceMax, ratioTick } from './bars-chart.ts'
import { commonOption, decalFor, headHeightPx, headTitles, textAt } from './chart.ts'
import type { Chart, ChartFrame } from './chart.ts'
import { numberColumn, textColumn } from './chart-table.ts'
import type { ChartTable } from './chart-table.ts'
import { escapeHtml, formatDuration, formatRatio, formatShare, KIND_LABELS } from './chart-text.ts'
import type { ChartTheme } from './chart-theme.ts'
import { rowLookup } from './comparison-view.ts'
import { labelRoomPx } from './panel-grid.ts'
import { decalOf } from './scheme-palette.ts'
import { inkOn } from './color-mix.ts'
import { TIME_GROUPS, TIME_GROUP_KEYS } from './time-class-palette.ts'
import { groupNs, partNs, timeParts, totalNs } from './time-shares.ts'
import type { TimePart } from './time-shares.ts'

/** One bar; bars of one heading stand together and are scaled to the first of them. */
export type AttributionBar = {
  readonly heading: string
  readonly label: string
  readonly attributionNs: TimeByClassNs
}

/** What the chart is drawn from. */
export type AttributionInput = ChartFrame & {
  readonly kind: RunKind
  readonly bars: readonly AttributionBar[]
  readonly title?: string
  /** Classes below this share in every bar are drawn together, per group. Default 0.01. */
  readonly shareMin?: number
}

/**
 * The bars of a comparison: each group's schemes, in order; missing rows, and measured ones, whose
 * time nobody has seen, are left out.
 */
export function attributionBars(
  comparison: Comparison,
  groups: readonly string[] = comparison.groups,
  schemes: readonly string[] = comparison.schemes,
): readonly AttributionBar[] {
  const lookup = rowLookup(comparison)
  return groups.flatMap((heading) =>
    schemes.flatMap((label) => {
      const row = lookup(heading, label)
      const attributionNs = row?.attributionNs ?? null
      return attributionNs === null ? [] : [{ heading, label, attributionNs }]
    }),
  )
}

/** A line of the chart: a bar, or the space between headings. */
type Line = {
  readonly bar: AttributionBar | null
  readonly isFirst: boolean
  readonly scaleNs: number
}

function linesOf(bars: readonly AttributionBar[]): readonly Line[] {
  const headings = [...new Set(bars.map((b) => b.heading))]
  return headings.flatMap((heading, h) => {
    const own = bars.filter((b) => b.heading === heading)
    const scaleNs = totalNs((own[0] as AttributionBar).attributionNs)
    const lines = own.map((bar, i): Line => ({ bar, isFirst: i === 0, scaleNs }))
    const gap: Line = { bar: null, isFirst: false, scaleNs: 1 }
    return h === 0 || own.length < 2 ? lines : [gap, ...lines]
  })
}

const relative = (line: Line, ns: number): number => (line.scaleNs > 0 ? ns / line.scaleNs : 0)

const lineTotal = (line: Line): number =>
  line.bar === null ? 0 : relative(line, totalNs(line.bar.attributionNs))

function tooltipOf(line: Line | undefined, part: TimePart): string {
  if (line === undefined || line.bar === null) return ''
  const ns = partNs(part, line.bar.attributionNs)
  const share = formatShare(ns / Math.max(1, totalNs(line.bar.attributionNs)))
  const where = `${escapeHtml(line.bar.heading)} · ${escapeHtml(line.bar.label)}`
  return `<b>${escapeHtml(part.label)}</b><br>${where}<br>${formatDuration(ns)}, ${share}`
}

function partSeries(input: AttributionInput, lines: readonly Line[], part: TimePart, room: Room) {
  const { theme } = input
  const labelMin = (theme.fontSize * 2.4 * room.axisMax) / room.plotPx
  return {
    type: 'bar' as const,
    name: part.label,
    stack: 'time',
    barWidth: '80%',
    silent: theme.mode === 'print',
    itemStyle: {
      color: part.color,
      borderColor: theme.surface,
      borderWidth: theme.mode === 'print' ? 0.2 : 0.4,
      ...decalFor(theme, decalOf(TIME_GROUPS[part.group].decal, part.color)),
    },
    label: {
      position: 'inside' as const,
      color: inkOn(part.color),
      fontSize: theme.fontSize * 0.9,
      fontFamily: theme.font,
    },
    data: lines.map((line) => {
      const ns = line.bar === null ? 0 : partNs(part, line.bar.attributionNs)
      const value = relative(line, ns)
      const total = line.bar === null ? 0 : totalNs(line.bar.attributionNs)
      const formatter = total > 0 ? ((ns / total) * 100).toFixed(0) : ''
      return { value, label: { show: value > labelMin, formatter } }
    }),
    tooltip: {
      formatter: (p: unknown) => tooltipOf(lines[(p as { dataIndex: number }).dataIndex], part),
    },
  }
}

type Room = ReturnType<typeof roomOf>

function roomOf(input: AttributionInput, lines: readonly Line[], parts: readonly TimePart[]) {
  const { theme, widthPx } = input
  const em = theme.fontSize
  const bars = lines.flatMap((l) => (l.bar === null ? [] : [l.bar]))
  const headingPx = labelRoomPx(
    theme,
    widthPx,
    bars.map((b) => b.heading),
  )
  const labelPx = labelRoomPx(
    theme,
    widthPx,
    bars.map((b) => b.label),
  )
  const gap = Math.round(em * 0.8)
  const left = headingPx + labelPx + gap * 2
  const valuePx = Math.round(em * 3)
  const top = headHeightPx(input)
  const height = Math.round(lines.length * em * 1.5)
  const plotPx = Math.max(40, widthPx - left - valuePx)
  const axisMax = niceMax(Math.max(1, ...lines.map(lineTotal)))
  const legendTop = top + height + Math.round(em * 2.4)
  const legends = legendRows(theme, parts, { top: legendTop, leftPx: em * 12, widthPx })
  return { headingPx, labelPx, left, gap, valuePx, top, height, plotPx, axisMax, ...legends }
}

/** One legend per group, each on its own lines: the group's name at the left, its classes after. */
function legendRows(
  theme: ChartTheme,
  parts: readonly TimePart[],
  at: { top: number; leftPx: number; widthPx: number },
) {
  const em = theme.fontSize
  let topPx = at.top
  const rows = TIME_GROUP_KEYS.flatMap((group) => {
    const own = parts.filter((p) => p.group === group)
    if (own.length === 0) return []
    const wantedPx = own.reduce((sum, p) => sum + p.label.length * em * 0.47 + em * 2.3, 0)
    const linesCount = Math.ceil(wantedPx / Math.max(em * 16, at.widthPx - at.leftPx))
    const row = { group, names: own.map((p) => p.label), topPx }
    topPx += Math.round(linesCount * em * 1.55 + em * 0.25)
    return [row]
  })
  return { legends: rows, legendLeftPx: at.leftPx, heightPx: Math.ceil(topPx + em * 0.4) }
}

const legendOf = (input: AttributionInput, room: Room) =>
  room.legends.map(({ names, topPx }) => ({
    type: 'plain' as const,
    orient: 'horizontal' as const,
    left: room.legendLeftPx,
    top: topPx,
    width: input.widthPx - room.legendLeftPx,
    padding: 0,
    itemGap: Math.round(input.theme.fontSize * 0.8),
    itemWidth: Math.round(input.theme.fontSize * 0.9),
    itemHeight: Math.round(input.theme.fontSize * 0.9),
    itemStyle: { borderWidth: 0 },
    textStyle: { color: input.theme.text, fontSize: input.theme.fontSize },
    data: names,
  }))

function titlesOf(input: AttributionInput, room: Room) {
  const { theme, kind } = input
  const title = input.title ?? 'Where the thread time goes'
  const subtitle = 'thread time ∕ that of the first bar of its group · numbers: share in %'
  const names = room.legends.map(({ group, topPx }) => {
    const at = { leftPx: 0, topPx, widthPx: room.legendLeftPx - theme.fontSize }
    return textAt(theme, { text: TIME_GROUPS[group].label, ...at })
  })
  return [...headTitles(input, kind, title, subtitle), ...names]
}

function describe(input: AttributionInput): string {
  const bars = input.bars.slice(0, 30).map((b) => {
    const total = Math.max(1, totalNs(b.attributionNs))
    return `${b.heading} ${b.label} ${formatShare(groupNs('work', b.attributionNs) / total, 0)}`
  })
  return `${KIND_LABELS[input.kind]}. Thread time by class. Share of work: ${bars.join(', ')}.`
}

function tableOf(input: AttributionInput): ChartTable {
  const parts = timeParts(
    input.bars.map((b) => b.attributionNs),
    0,
  )
  return {
    columns: [
      textColumn('heading', 'Group'),
      textColumn('label', 'Scheme'),
      ...parts.map((p) => numberColumn(p.key, p.label, 'ns')),
      numberColumn('total', 'Total', 'ns'),
    ],
    rows: input.bars.map((bar) => [
      bar.heading,
      bar.label,
      ...parts.map((p) => partNs(p, bar.attributionNs)),
      totalNs(bar.attributionNs),
    ]),
  }
}

function axesOf(theme: ChartTheme, lines: readonly Line[], room: Room) {
  const range = { min: 0, max: room.axisMax, tick: ratioTick(room.axisMax) }
  const labels = lines.map((l) => l.bar?.label ?? '')
  const headings = lines.map((l) => (l.isFirst ? (l.bar?.heading ?? '') : ''))
  const values = lines.map((l) => (l.bar === null ? '' : formatRatio(lineTotal(l))))
  return {
    xAxis: valueAxis(theme, range, { format: (v) => String(Number(v.toFixed(2))) }),
    yAxis: [
      rowNameAxis(theme, labels, { widthPx: room.labelPx, isFaint: true }),
      rowGroupAxis(theme, headings, { widthPx: room.headingPx, roomPx: room.left }),
      rowValueAxis(theme, values, { roomPx: room.valuePx }),
    ],
  }
}

/** Stacked thread time by class; see the head of this file. */
export function attributionChart(input: AttributionInput): Chart {
  const { theme, widthPx } = input
  const lines = linesOf(input.bars)
  const attributions = input.bars.map((b) => b.attributionNs)
  const parts = timeParts(attributions, input.shareMin ?? 0.01)
  const room = roomOf(input, lines, parts)
  const description = describe(input)
  const option = {
    ...commonOption(theme, description),
    title: titlesOf(input, room),
    legend: legendOf(input, room),
    grid: { left: room.left, top: room.top, width: room.plotPx, height: room.height },
    ...axesOf(theme, lines, room),
    series: parts.map((part) => partSeries(input, lines, part, room)),
  } as EChartsOption
  return {
    id: 'attribution',
    title: input.title ?? 'Where the thread time goes',
    description,
    widthPx,
    heightPx: room.heightPx,
    option,
    toRows: () => tableOf(input),
  }
}
