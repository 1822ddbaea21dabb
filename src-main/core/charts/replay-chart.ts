/**
 * A measured cell under another scheme: measured and simulated times with their intervals, and the
 * counterfactual time with the calibration's error as a band.
 */
import type { CustomSeriesOption, EChartsOption } from 'echarts'
import type { Estimate } from '../contract/comparison.ts'
import type { Replay } from '../contract/replay.ts'
import type { RunKind } from '../contract/result.ts'
import { niceTick, rowNameAxis, rowValueAxis, valueAxis } from './axes.ts'
import { commonOption, headHeightPx, headTitles } from './chart.ts'
import type { Chart, ChartFrame } from './chart.ts'
import { numberColumn, textColumn } from './chart-table.ts'
import { durationFormatter, formatDuration, KIND_LABELS } from './chart-text.ts'
import { labelRoomPx } from './panel-grid.ts'
import { schemeColor } from './scheme-palette.ts'

/** What the chart is drawn from. */
export type ReplayInput = ChartFrame & { readonly replay: Replay }

type Row = {
  readonly kind: RunKind
  readonly scheme: string
  readonly ns: Estimate
  /** The range is the calibration's error, not a confidence interval. */
  readonly isBand: boolean
}

const TITLE = 'Replayed under another scheme'

function rowsOf({ measuredScheme, simulatedScheme, scheme, ...replay }: Replay): readonly Row[] {
  const row = (kind: RunKind, of: string, ns: Estimate): Row => ({
    ...{ kind, scheme: of, ns, isBand: kind === 'counterfactual' },
  })
  return [
    row('measured', measuredScheme, replay.measuredNs),
    row('simulated', simulatedScheme, replay.simulatedNs),
    row('simulated', scheme, replay.otherNs),
    row('counterfactual', scheme, replay.timeNs),
    ...(replay.checkNs === null ? [] : [row('measured', scheme, replay.checkNs)]),
  ]
}

const nameOf = ({ kind, scheme }: Row): string => `${KIND_LABELS[kind]} · ${scheme}`

const reachOf = ({ ns }: Row): number => Math.max(ns.value, ns.hi ?? 0)

type RenderItem = NonNullable<CustomSeriesOption['renderItem']>

/** A line or band from lo to hi, and the estimate as a dot. */
function marks({ theme }: ReplayInput, rows: readonly Row[]): CustomSeriesOption {
  const renderItem: RenderItem = (params, api) => {
    const { ns, scheme, isBand } = rows[params.dataIndex]!
    const at = (value: number) => api.coord([value, params.dataIndex]) as [number, number]
    const [x, y] = at(ns.value)
    const color = schemeColor(scheme)
    const half = theme.fontSize * (isBand ? 0.55 : 0.08)
    const [x1, x2] = [at(ns.lo ?? ns.value)[0], at(ns.hi ?? ns.value)[0]]
    const range = {
      type: 'rect' as const,
      shape: { x: x1, y: y - half, width: Math.max(0, x2 - x1), height: half * 2 },
      style: { fill: color, opacity: isBand ? 0.3 : 1 },
    }
    const dot = {
      type: 'circle' as const,
      shape: { cx: x, cy: y, r: theme.fontSize * 0.36 },
      style: { fill: isBand ? theme.surface : color, stroke: color, lineWidth: 1.6 },
    }
    return { type: 'group', children: [range, dot] }
  }
  return {
    ...{ type: 'custom', silent: true, animation: false, renderItem, tooltip: { show: false } },
    data: rows.map(({ ns }, i) => [ns.value, i]),
  }
}

function describe({ app, mix, error }: Replay, rows: readonly Row[]): string {
  const each = rows.map((row) => {
    const { value, lo, hi } = row.ns
    const range =
      lo === null || hi === null ? '' : ` (${formatDuration(lo)} to ${formatDuration(hi)})`
    return `${nameOf(row)} ${formatDuration(value)}${range}`
  })
  const band = error.factor === null ? 'no band' : `band of a factor of ${error.factor.toFixed(2)}`
  return `${app}, ${mix}: ${each.join('; ')}; ${band} from ${error.pairs} pairs.`
}

/** A measured cell under another scheme; see the head of this file. */
export function replayChart(input: ReplayInput): Chart {
  const { theme, widthPx, replay } = input
  const rows = rowsOf(replay)
  const em = theme.fontSize
  const names = rows.map(nameOf)
  const labelPx = labelRoomPx(theme, widthPx * 1.6, names)
  const [left, valuePx, top] = [labelPx + em, Math.round(em * 6), headHeightPx(input)]
  const height = Math.round(rows.length * em * 2)
  const max = Math.max(1, ...rows.map(reachOf)) * 1.04
  const description = describe(replay, rows)
  const kinds = ['measured', 'simulated', 'counterfactual'] as const
  const formatValue = durationFormatter(max, 3)
  const option = {
    ...commonOption(theme, description),
    title: headTitles(input, kinds, TITLE, `${replay.app}, ${replay.mix} · time from zero`),
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
        rows.map(({ ns }) => formatValue(ns.value)),
        { roomPx: valuePx },
      ),
    ],
    series: [marks(input, rows)],
  } as EChartsOption
  return {
    ...{ id: 'replay', title: TITLE, description, widthPx, option },
    heightPx: Math.ceil(top + height + em * 2),
    toRows: () => ({
      columns: [
        ...[textColumn('kind', 'Kind'), textColumn('scheme', 'Scheme')],
        ...[numberColumn('time', 'Time', 'ns'), numberColumn('lo', 'Low', 'ns')],
        ...[numberColumn('hi', 'High', 'ns'), textColumn('range', 'Range is')],
      ],
      rows: rows.map(({ kind, scheme, ns, isBand }) => [
        ...[KIND_LABELS[kind], scheme, ns.value, ns.lo, ns.hi],
        isBand ? 'error of the calibration' : '95 % CI',
      ]),
    }),
  }
}
