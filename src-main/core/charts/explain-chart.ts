/**
 * What each harm costs a run, as a waterfall: from the observed time, harm by harm, down to what is
 * left without any; whiskers are 95 % intervals over seeds and orders.
 */
import type { CustomSeriesOption, EChartsOption } from 'echarts'
import type { Estimate } from '../contract/comparison.ts'
import type { ExplanationData } from '../contract/explanation.ts'
import { niceTick, rowNameAxis, rowValueAxis, valueAxis } from './axes.ts'
import { commonOption, headHeightPx, headTitles } from './chart.ts'
import type { Chart, ChartFrame } from './chart.ts'
import { numberColumn, textColumn } from './chart-table.ts'
import { durationFormatter, formatDuration, formatShare } from './chart-text.ts'
import { whiskerMarks } from './interval-marks.ts'
import { labelRoomPx } from './panel-grid.ts'
import { schemeColor } from './scheme-palette.ts'
import { TIME_GROUPS } from './time-class-palette.ts'

/** What the chart is drawn from. */
export type ExplainInput = ChartFrame & { readonly explanation: ExplanationData }

/** One row: a bar between two times, and the interval of what it stands for. */
export type ExplainStep = {
  readonly label: string
  readonly cost: Estimate
  readonly fromNs: number
  readonly toNs: number
  readonly isTotal: boolean
}

const TITLE = 'What each harm costs'

/** The rows: the time, the harms by cost, what is left. A harm that helps goes back up. */
export function explainSteps({ timeNs, harms, restNs }: ExplanationData): readonly ExplainStep[] {
  let atNs = timeNs.value
  const costly = harms.toSorted((a, b) => b.contributionNs.value - a.contributionNs.value)
  const steps = costly.map(({ label, contributionNs }): ExplainStep => {
    const toNs = atNs
    atNs -= contributionNs.value
    return { label, cost: contributionNs, fromNs: atNs, toNs, isTotal: false }
  })
  const total = (label: string, cost: Estimate): ExplainStep => ({
    ...{ label, cost, fromNs: 0, toNs: cost.value, isTotal: true },
  })
  return [total('Observed time', timeNs), ...steps, total('What is left', restNs)]
}

/** Where a step's interval lies on the axis: about its moving end. */
function whiskerOf({ cost, fromNs, toNs, isTotal }: ExplainStep, index: number) {
  if (cost.lo === null || cost.hi === null) return []
  const [lo, hi] = isTotal ? [cost.lo, cost.hi] : [toNs - cost.hi, toNs - cost.lo]
  return [{ index, lo: Math.max(0, Math.min(lo, hi)), hi: Math.max(lo, hi, 0), fromNs }]
}

type RenderItem = NonNullable<CustomSeriesOption['renderItem']>

function bars(input: ExplainInput, steps: readonly ExplainStep[]): CustomSeriesOption {
  const color = schemeColor(input.explanation.scheme)
  const renderItem: RenderItem = (params, api) => {
    const { fromNs, toNs, isTotal } = steps[params.dataIndex]!
    const [x1, y] = api.coord([Math.min(fromNs, toNs), params.dataIndex]) as [number, number]
    const [x2] = api.coord([Math.max(fromNs, toNs), params.dataIndex]) as [number, number]
    const half = input.theme.fontSize * 0.6
    const shape = { x: x1, y: y - half, width: Math.max(1, x2 - x1), height: half * 2 }
    const fill = isTotal ? color : TIME_GROUPS.host.levels[toNs < fromNs ? 1 : 0]
    return { type: 'rect', shape, style: { fill } }
  }
  return {
    ...{ type: 'custom', silent: true, animation: false, renderItem, tooltip: { show: false } },
    encode: { x: [1, 2], y: 0 },
    data: steps.map(({ fromNs, toNs }, i) => [i, fromNs, toNs]),
  }
}

const rangeText = ({ lo, hi }: Estimate): string =>
  lo === null || hi === null ? '' : ` [${formatDuration(lo)}, ${formatDuration(hi)}]`

/** What each harm costs; see the head of this file. */
export function explainChart(input: ExplainInput): Chart {
  const { theme, widthPx, explanation } = input
  const steps = explainSteps(explanation)
  const em = theme.fontSize
  const names = steps.map(({ label }) => label)
  const labelPx = labelRoomPx(theme, widthPx * 1.3, names)
  const [left, valuePx, top] = [labelPx + em, Math.round(em * 11), headHeightPx(input)]
  const height = Math.round(steps.length * em * 1.9)
  const wholeNs = Math.max(1, explanation.timeNs.value)
  const reach = steps.flatMap(({ fromNs, toNs, cost, isTotal }) => [
    ...[fromNs, toNs, isTotal ? (cost.hi ?? 0) : 0],
  ])
  const max = Math.max(1, ...reach) * 1.02
  const format = durationFormatter(max, 3)
  const shares = steps.map(({ cost }) => formatShare(cost.value / wholeNs))
  const each = steps.map(({ label, cost }, i) => {
    return `${label} ${formatDuration(cost.value)}${rangeText(cost)}, ${shares[i]}`
  })
  const description = `Counterfactual. ${TITLE} ${explanation.scenario}: ${each.join('; ')}.`
  const { scenario, seeds, ordersPerSeed } = explanation
  const subtitle = `${scenario} · ${seeds.length} seeds × ${ordersPerSeed} orders`
  const option = {
    ...commonOption(theme, description),
    title: headTitles(input, 'counterfactual', TITLE, subtitle),
    grid: { left, top, width: Math.max(40, widthPx - left - valuePx), height },
    xAxis: valueAxis(
      theme,
      { min: 0, max, tick: niceTick(max) },
      { format: (ns) => formatDuration(ns).replace(/\.0+(?!\d)/, '') },
    ),
    yAxis: [
      rowNameAxis(theme, names, { widthPx: labelPx }),
      rowValueAxis(
        theme,
        steps.map(({ cost }) => format(cost.value)),
        { roomPx: valuePx * 0.6 },
      ),
      rowValueAxis(theme, shares, { roomPx: valuePx }),
    ],
    series: [
      bars(input, steps),
      whiskerMarks(theme, { xAxisIndex: 0, yAxisIndex: 0 }, steps.flatMap(whiskerOf), max),
    ],
  } as EChartsOption
  return {
    ...{ id: 'explain', title: TITLE, description, widthPx, option },
    heightPx: Math.ceil(top + height + em * 2),
    toRows: () => ({
      columns: [
        ...[textColumn('harm', 'Harm'), numberColumn('cost', 'Costs', 'ns')],
        ...[numberColumn('lo', 'CI low', 'ns'), numberColumn('hi', 'CI high', 'ns')],
        numberColumn('share', 'Of the time'),
      ],
      rows: steps.map(({ label, cost }) => [
        ...[label, cost.value, cost.lo, cost.hi, cost.value / wholeNs],
      ]),
    }),
  }
}
