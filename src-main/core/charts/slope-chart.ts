/**
 * Two schemes, app by app: a line from the time under the baseline to that under the other, on one
 * logarithmic axis, so that equal slopes are equal ratios. Line style and sign say the verdict.
 */
import type { CustomSeriesOption, EChartsOption } from 'echarts'
import type { Comparison, Verdict } from '../contract/comparison.ts'
import { commonOption, headHeightPx, headTitles, textAt } from './chart.ts'
import type { Chart, ChartFrame } from './chart.ts'
import { numberColumn, textColumn } from './chart-table.ts'
import {
  escapeHtml,
  finiteOrNull,
  formatDuration,
  formatRatio,
  KIND_LABELS,
  VERDICT_SIGNS,
} from './chart-text.ts'
import type { ChartTheme } from './chart-theme.ts'
import { rowLookup } from './comparison-view.ts'
import { fitNames } from './fit-names.ts'
import { RATIO_COLORS } from './heat-grid.ts'

/** What the slopes are drawn from. */
export type SlopeInput = ChartFrame & { readonly comparison: Comparison; readonly scheme: string }

type Slope = {
  readonly group: string
  readonly fromNs: number
  readonly toNs: number
  readonly verdict: Verdict
  /** Of the paired runs, as every table has it. */
  readonly ratio: number
}

type Missing = { readonly group: string }

const isPositive = (ns: number | null): ns is number => ns !== null && ns > 0

function slopesOf({ comparison, scheme }: SlopeInput): readonly (Slope | Missing)[] {
  const lookup = rowLookup(comparison)
  return comparison.groups.map((group) => {
    const row = lookup(group, scheme)
    const fromNs = finiteOrNull(lookup(group, comparison.baseline)?.sample.meanNs.value)
    const toNs = finiteOrNull(row?.sample.meanNs.value)
    if (row === undefined || !isPositive(fromNs) || !isPositive(toNs)) return { group }
    return { group, fromNs, toNs, verdict: row.verdict, ratio: row.ratio.value }
  })
}

const isDrawn = (slope: Slope | Missing): slope is Slope => 'fromNs' in slope

/** Moves labels apart that would lie on each other, in their order, within the plot. */
export function spreadLabels(wanted: readonly number[], gapPx: number, heightPx: number): number[] {
  const order = wanted.map((_, i) => i).toSorted((a, b) => wanted[a]! - wanted[b]!)
  const placed = [...wanted]
  let above = -Infinity
  for (const i of order) {
    placed[i] = Math.max(wanted[i]!, above + gapPx)
    above = placed[i]
  }
  let below = heightPx + gapPx
  for (const i of order.toReversed()) {
    placed[i] = Math.min(placed[i]!, below - gapPx)
    below = placed[i]
  }
  return placed
}

function lineStyle(theme: ChartTheme, verdict: Verdict) {
  if (verdict === 'better') return { stroke: RATIO_COLORS.faster, lineWidth: 1.8 }
  if (verdict === 'worse') {
    return { stroke: RATIO_COLORS.slower, lineWidth: 1.8, lineDash: [6, 3] }
  }
  return { stroke: theme.faint, lineWidth: 1.2, lineDash: [2, 2] }
}

function layoutOf(input: SlopeInput, slopes: readonly Slope[]) {
  const { theme, widthPx } = input
  const em = theme.fontSize
  const gapPx = Math.round(em * 1.35)
  const valuePx = Math.round(em * 5.4)
  const longest = Math.max(6, ...slopes.map(({ group }) => Array.from(group).length))
  const namePx = Math.round(Math.min(widthPx * 0.2, longest * em * 0.58))
  const left = namePx + valuePx + Math.round(em * 2.5)
  const right = valuePx + namePx + Math.round(em * 6)
  const top = headHeightPx(input) + Math.round(em * 2)
  const height = Math.max(Math.round(em * 18), Math.round(slopes.length * gapPx * 1.25))
  const width = Math.max(60, Math.min(widthPx - left - right, Math.round(em * 34)))
  const heightPx = top + height + em * 2.8
  return { gapPx, valuePx, namePx, left, top, width, height, heightPx }
}

type Layout = ReturnType<typeof layoutOf>

/** Height of each time above the plot's foot, as a share, on the logarithmic axis of all times. */
function heightsOf(slopes: readonly Slope[], layout: Layout) {
  const logs = slopes.flatMap(({ fromNs, toNs }) => [Math.log(fromNs), Math.log(toNs)])
  const lo = Math.min(...logs)
  const span = Math.max(Math.max(...logs) - lo, 1e-9)
  const yOf = (ns: number) => (1 - (Math.log(ns) - lo) / span) * layout.height
  const isFlat = span <= 1e-9
  return (ns: number): number => (isFlat ? layout.height / 2 : yOf(ns))
}

/** `1.234 s  ↓ × 0.66  x264`. */
const afterText = ({ toNs, verdict, ratio }: Slope, name: string): string =>
  `${formatDuration(toNs)}  ${VERDICT_SIGNS[verdict]} × ${formatRatio(ratio)}  ${name}`

function tooltipOf(slope: Slope | undefined): string {
  if (slope === undefined) return ''
  const times = `${formatDuration(slope.fromNs)} → ${formatDuration(slope.toNs)}`
  return `<b>${escapeHtml(slope.group)}</b><br>${times} (${slope.verdict})`
}

type TextAt = { x: number; y: number; text: string; align: 'left' | 'right' }

const textElement = (theme: ChartTheme, at: TextAt) => ({
  type: 'text' as const,
  style: {
    ...at,
    verticalAlign: 'middle' as const,
    fill: theme.text,
    fontSize: theme.fontSize,
    fontFamily: theme.font,
  },
})

function slopeSeries(input: SlopeInput, slopes: readonly Slope[], layout: Layout) {
  const { theme } = input
  const yOf = heightsOf(slopes, layout)
  const names = fitNames(
    slopes.map(({ group }) => group),
    layout.namePx,
    theme.fontSize,
  )
  const spread = (side: (slope: Slope) => number) =>
    spreadLabels(
      slopes.map((slope) => yOf(side(slope))),
      layout.gapPx,
      layout.height,
    )
  const [lefts, rights] = [spread((slope) => slope.fromNs), spread((slope) => slope.toNs)]
  const { left, top, width } = layout
  const em = theme.fontSize
  const text = (at: TextAt) => textElement(theme, at)
  const renderItem: NonNullable<CustomSeriesOption['renderItem']> = ({ dataIndex: i }) => {
    const slope = slopes[i]!
    const [y1, y2] = [top + yOf(slope.fromNs), top + yOf(slope.toNs)]
    const [x1, x2] = [left, left + width]
    const [labelY1, labelY2] = [top + lefts[i]!, top + rights[i]!]
    const style = lineStyle(theme, slope.verdict)
    const dot = (cx: number, cy: number) => ({
      type: 'circle' as const,
      shape: { cx, cy, r: em * 0.24 },
      style: { fill: style.stroke },
    })
    const leader = (xa: number, ya: number, xb: number, yb: number) => ({
      type: 'line' as const,
      shape: { x1: xa, y1: ya, x2: xb, y2: yb },
      style: { stroke: theme.faint, lineWidth: 0.5 },
    })
    const nameX = x1 - layout.valuePx - em * 2.3
    return {
      type: 'group',
      children: [
        leader(x1 - em * 0.3, y1, x1 - em * 1.8, labelY1),
        leader(x2 + em * 0.3, y2, x2 + em * 1.8, labelY2),
        { type: 'line', shape: { x1, y1, x2, y2 }, style },
        dot(x1, y1),
        dot(x2, y2),
        text({ x: x1 - em * 2, y: labelY1, text: formatDuration(slope.fromNs), align: 'right' }),
        text({ x: nameX, y: labelY1, text: names[i]!, align: 'right' }),
        text({ x: x2 + em * 2, y: labelY2, text: afterText(slope, names[i]!), align: 'left' }),
      ],
    }
  }
  return {
    type: 'custom',
    data: slopes.map((slope, i) => ({ name: slope.group, value: [0.5, i] })),
    clip: false,
    silent: theme.mode === 'print',
    renderItem,
    tooltip: {
      formatter: (p: unknown) => tooltipOf(slopes[(p as { dataIndex: number }).dataIndex]),
    },
  } as CustomSeriesOption
}

function titlesOf(input: SlopeInput, missing: readonly Missing[], layout: Layout) {
  const { theme, comparison, scheme, widthPx } = input
  const head = headTitles(
    input,
    comparison.kind,
    titleOf(input),
    'mean times, logarithmic: equal slopes are equal ratios · solid: better, dashed: worse',
  )
  const topPx = headHeightPx(input)
  const { left, width } = layout
  const sides = [
    textAt(theme, {
      text: fitNames([comparison.baseline], left, theme.fontSize)[0]!,
      ...{ leftPx: 0, topPx, widthPx: left },
    }),
    textAt(theme, {
      text: fitNames([scheme], widthPx - left - width, theme.fontSize)[0]!,
      ...{ leftPx: left + width, topPx, widthPx: widthPx - left - width },
    }),
  ]
  const none = missing.map(({ group }) => group).join(', ')
  const text = `no pair of runs: ${none}`
  const at = { text, leftPx: 0, topPx: layout.heightPx - theme.fontSize * 1.3, widthPx }
  return [...head, ...sides, ...(none === '' ? [] : [textAt(theme, at, false)])]
}

const titleOf = ({ comparison, scheme }: SlopeInput): string =>
  `From ${comparison.baseline} to ${scheme}`

function describe(input: SlopeInput, slopes: readonly Slope[]): string {
  const { comparison } = input
  const count = (verdict: Verdict) => slopes.filter((slope) => slope.verdict === verdict).length
  return (
    `${KIND_LABELS[comparison.kind]}. ${titleOf(input)}: mean ${comparison.measure} of ` +
    `${slopes.length} apps under both; ${count('better')} better, ${count('worse')} worse, ` +
    `${count('equivalent')} equivalent, ${count('inconclusive')} inconclusive.`
  )
}

/** The slopes of two schemes; see the head of this file. */
export function slopeChart(input: SlopeInput): Chart {
  const all = slopesOf(input)
  const slopes = all.filter(isDrawn)
  const missing = all.filter((slope) => !isDrawn(slope))
  const layout = layoutOf(input, slopes)
  const { left, top, width, height } = layout
  const description = describe(input, slopes)
  const hidden = { type: 'value' as const, min: 0, max: 1, show: false }
  const option = {
    ...commonOption(input.theme, description),
    title: titlesOf(input, missing, layout),
    grid: { left, top, width, height },
    xAxis: hidden,
    yAxis: { ...hidden, max: Math.max(1, slopes.length) },
    series: [slopeSeries(input, slopes, layout)],
  } as EChartsOption
  return {
    id: 'slope',
    title: titleOf(input),
    description,
    widthPx: input.widthPx,
    heightPx: Math.ceil(layout.heightPx),
    option,
    toRows: () => ({
      columns: [
        textColumn('group', 'Group'),
        numberColumn('baseline', `Mean under ${input.comparison.baseline}`, 'ns'),
        numberColumn('scheme', `Mean under ${input.scheme}`, 'ns'),
        numberColumn('ratio', 'Time ratio'),
        textColumn('verdict', 'Verdict'),
      ],
      rows: all.map((slope) =>
        isDrawn(slope)
          ? [slope.group, slope.fromNs, slope.toNs, finiteOrNull(slope.ratio), slope.verdict]
          : [slope.group, null, null, null, null],
      ),
    }),
  }
}
