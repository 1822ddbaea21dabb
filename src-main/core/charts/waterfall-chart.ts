/**
 * From useful work to what was observed: the thread time of one run, class by class, as a
 * waterfall. The steps sum exactly to threads × makespan.
 */
import type { CustomSeriesOption, EChartsOption } from 'echarts'
import type { TimeByClassNs } from '../base/time-class.ts'
import type { RunKind } from '../contract/result.ts'
import { niceTick, rowGroupAxis, rowNameAxis, rowValueAxis, valueAxis } from './axes.ts'
import { commonOption, headHeightPx, headTitles } from './chart.ts'
import type { Chart, ChartFrame } from './chart.ts'
import { numberColumn, textColumn } from './chart-table.ts'
import { durationFormatter, escapeHtml, formatDuration, formatShare } from './chart-text.ts'
import { KIND_LABELS } from './chart-text.ts'
import { labelRoomPx } from './panel-grid.ts'
import { TIME_GROUPS } from './time-class-palette.ts'
import { partNs, timeParts, totalNs } from './time-shares.ts'

/** What the waterfall is drawn from: one run's, or one row's, thread time. */
export type WaterfallInput = ChartFrame & {
  readonly kind: RunKind
  readonly name: string
  readonly attributionNs: TimeByClassNs
  /** Classes below this share are drawn together, per group. Default 0.003. */
  readonly shareMin?: number
}

/** One step: from where the last one ended, by how much. The total starts at 0 again. */
export type WaterfallStep = {
  readonly label: string
  readonly heading: string
  readonly color: string
  readonly fromNs: number
  readonly toNs: number
  readonly isTotal: boolean
}

/** The steps of a run's thread time, in group order, the total last. */
export function waterfallSteps(byClass: TimeByClassNs, shareMin = 0.003): readonly WaterfallStep[] {
  let atNs = 0
  let lastGroup = ''
  const steps = timeParts([byClass], shareMin).map((part): WaterfallStep => {
    const fromNs = atNs
    atNs += partNs(part, byClass)
    const heading = part.group === lastGroup ? '' : TIME_GROUPS[part.group].label
    lastGroup = part.group
    return { label: part.label, heading, color: part.color, fromNs, toNs: atNs, isTotal: false }
  })
  const total = { label: 'Threads × makespan', heading: 'Total', color: '#7f7f7f' }
  return [...steps, { ...total, fromNs: 0, toNs: atNs, isTotal: true }]
}

const sizeNs = (step: WaterfallStep): number => step.toNs - step.fromNs

function stepSeries(input: WaterfallInput, steps: readonly WaterfallStep[]): CustomSeriesOption {
  const { theme } = input
  const renderItem: NonNullable<CustomSeriesOption['renderItem']> = (params, api) => {
    const index = params.dataIndex
    const step = steps[index] as WaterfallStep
    const [x1, y] = api.coord([step.fromNs, index]) as [number, number]
    const [x2] = api.coord([step.toNs, index]) as [number, number]
    const rowPx = (api.size?.([0, 1]) as number[])[1] ?? 0
    const half = rowPx * 0.38
    const next = y + rowPx - half
    const shape = { x: x1, y: y - half, width: Math.max(0.6, x2 - x1), height: half * 2 }
    const link = { x1: x2, y1: y + half, x2, y2: next }
    const bar = { type: 'rect' as const, shape, style: { fill: step.color } }
    const line = {
      type: 'line' as const,
      shape: link,
      style: { stroke: theme.faint, lineWidth: 0.6 },
    }
    return { type: 'group', children: step.isTotal ? [bar] : [bar, line] }
  }
  return {
    type: 'custom',
    data: steps.map((s, i) => [i, s.fromNs, s.toNs]),
    encode: { x: [1, 2], y: 0 },
    silent: theme.mode === 'print',
    renderItem,
    tooltip: {
      formatter: (p: unknown) => {
        const step = steps[(p as { dataIndex: number }).dataIndex]
        return step === undefined
          ? ''
          : `<b>${escapeHtml(step.label)}</b><br>${formatDuration(sizeNs(step))}`
      },
    },
  }
}

function describe(input: WaterfallInput, steps: readonly WaterfallStep[], allNs: number): string {
  const parts = steps
    .filter((s) => !s.isTotal)
    .map((s) => `${s.label} ${formatShare(sizeNs(s) / Math.max(1, allNs))}`)
  return `${KIND_LABELS[input.kind]}. Thread time of ${input.name} by class: ${parts.join(', ')}.`
}

function layoutOf(input: WaterfallInput, steps: readonly WaterfallStep[]) {
  const { theme, widthPx } = input
  const em = theme.fontSize
  const headingPx = labelRoomPx(
    theme,
    widthPx,
    steps.map((s) => s.heading),
  )
  const labelPx = labelRoomPx(
    theme,
    widthPx,
    steps.map((s) => s.label),
  )
  const left = headingPx + labelPx + Math.round(em * 1.6)
  const valuePx = Math.round(em * 10)
  const top = headHeightPx(input)
  const height = Math.round(steps.length * em * 1.7)
  const width = Math.max(40, widthPx - left - valuePx)
  return { headingPx, labelPx, left, valuePx, top, height, width, heightPx: top + height + em * 2 }
}

/** Decimals that the ticks of an axis up to `maxNs` need in that axis's unit. */
function tickDigits(maxNs: number): number {
  const inUnit = niceTick(maxNs) / 1e3 ** Math.min(3, Math.floor(Math.log10(maxNs) / 3))
  return Math.max(0, Math.ceil(-Math.log10(inUnit) - 1e-9))
}

function optionOf(input: WaterfallInput, steps: readonly WaterfallStep[], description: string) {
  const { theme } = input
  const allNs = totalNs(input.attributionNs)
  const layout = layoutOf(input, steps)
  const max = Math.max(1, allNs)
  const formatValue = durationFormatter(max, 3)
  const formatTick = durationFormatter(max, tickDigits(max))
  const times = steps.map((s) => formatValue(sizeNs(s)))
  const shares = steps.map((s) => formatShare(sizeNs(s) / max))
  const { left, top, width, height } = layout
  return {
    ...commonOption(theme, description),
    title: headTitles(
      input,
      input.kind,
      'From useful work to the observed time',
      `${input.name} · thread time, classes sum to threads × makespan`,
    ),
    grid: { left, top, width, height },
    xAxis: valueAxis(theme, { min: 0, max, tick: niceTick(max) }, { format: formatTick }),
    yAxis: [
      rowNameAxis(
        theme,
        steps.map((s) => s.label),
        { widthPx: layout.labelPx },
      ),
      rowGroupAxis(
        theme,
        steps.map((s) => s.heading),
        {
          widthPx: layout.headingPx,
          roomPx: layout.left,
        },
      ),
      rowValueAxis(theme, times, { roomPx: layout.valuePx * 0.6 }),
      rowValueAxis(theme, shares, { roomPx: layout.valuePx }),
    ],
    series: [stepSeries(input, steps)],
  } as EChartsOption
}

/** Waterfall of one run's thread time; see the head of this file. */
export function waterfallChart(input: WaterfallInput): Chart {
  const steps = waterfallSteps(input.attributionNs, input.shareMin)
  const description = describe(input, steps, totalNs(input.attributionNs))
  return {
    id: 'waterfall',
    title: 'From useful work to the observed time',
    description,
    widthPx: input.widthPx,
    heightPx: Math.ceil(layoutOf(input, steps).heightPx),
    option: optionOf(input, steps, description),
    toRows: () => ({
      columns: [
        textColumn('class', 'Time class'),
        numberColumn('from', 'From', 'ns'),
        numberColumn('to', 'To', 'ns'),
        numberColumn('time', 'Thread time', 'ns'),
      ],
      rows: steps.map((s) => [s.label, s.fromNs, s.toNs, sizeNs(s)]),
    }),
  }
}
