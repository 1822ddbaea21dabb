/**
 * Two campaigns side by side, e.g. Measured and Simulated: the ratio of each scheme by both, with
 * its interval, app by app. Solid marks are the first, hollow ones the second; nothing is pooled.
 */
import type { Comparison, ComparisonRow } from '../contract/comparison.ts'
import type { RunKind } from '../contract/result.ts'
import { matchComparisons } from '../stats/match-comparisons.ts'
import type { MatchedRow } from '../stats/match-comparisons.ts'
import { rowGroupAxis, rowNameAxis, rowValueAxis, valueAxis } from './axes.ts'
import { ratioAxisMax, ratioTick } from './bars-chart.ts'
import { commonOption, headHeightPx, headTitles, textAt } from './chart.ts'
import type { Chart, ChartFrame } from './chart.ts'
import { numberColumn, textColumn } from './chart-table.ts'
import { finiteOrNull, formatRatio, KIND_LABELS, VERDICT_SIGNS } from './chart-text.ts'
import { dotMarks, whiskerMarks } from './interval-marks.ts'
import { labelRoomPx } from './panel-grid.ts'
import { schemeStyle } from './scheme-palette.ts'

/** What is set side by side. */
export type BesideInput = ChartFrame & {
  readonly first: Comparison
  readonly second: Comparison
}

/** How each of two comparisons is named: by its kind; by its campaign too where the kind is one. */
export function besideNames(first: Comparison, second: Comparison): readonly [string, string] {
  const kinds = [KIND_LABELS[first.kind], KIND_LABELS[second.kind]] as const
  if (first.kind !== second.kind) return kinds
  return [`${kinds[0]} (${first.campaignName})`, `${kinds[1]} (${second.campaignName})`]
}

const SIDES = [
  { key: 'first', place: -0.2, isSolid: true },
  { key: 'second', place: 0.2, isSolid: false },
] as const

const valueText = ({ ratio, verdict }: ComparisonRow): string =>
  `${formatRatio(ratio.value)} ${VERDICT_SIGNS[verdict]}`

function layoutOf(input: BesideInput, rows: readonly MatchedRow[]) {
  const { theme, widthPx } = input
  const em = theme.fontSize
  const room = (names: readonly string[]) => labelRoomPx(theme, widthPx, names)
  const headingPx = room(rows.map(({ group }) => group))
  const labelPx = room(rows.map(({ scheme }) => scheme))
  const left = headingPx + labelPx + Math.round(em * 1.6)
  const valuePx = Math.round(em * 5.4)
  const top = headHeightPx(input) + Math.round(em * 3)
  const height = Math.max(1, rows.length) * Math.round(em * 2)
  const width = Math.max(60, widthPx - left - valuePx * 2 - em)
  const heightPx = Math.ceil(top + height + em * 2)
  return { headingPx, labelPx, left, valuePx, top, height, width, heightPx }
}

type Layout = ReturnType<typeof layoutOf>

const reachOf = ({ first, second }: MatchedRow): number =>
  Math.max(
    ...[first, second].flatMap(({ ratio }) =>
      [ratio.value, ratio.hi].map((value) => finiteOrNull(value) ?? 0),
    ),
  )

function seriesOf({ theme }: BesideInput, rows: readonly MatchedRow[], max: number) {
  const axes = { xAxisIndex: 0, yAxisIndex: 0 }
  const marks = SIDES.flatMap(({ key, place, isSolid }) => {
    const whiskers = rows.flatMap((row, index) => {
      const [lo, hi] = [finiteOrNull(row[key].ratio.lo), finiteOrNull(row[key].ratio.hi)]
      return lo === null || hi === null ? [] : [{ index, lo, hi, place }]
    })
    const dots = rows.flatMap((row, index) => {
      const value = finiteOrNull(row[key].ratio.value)
      return value === null ? [] : [{ index, value, place }]
    })
    const styleOf = (index: number) => schemeStyle(rows[index]?.scheme ?? '')
    return [
      whiskerMarks(theme, axes, whiskers, max),
      dotMarks(theme, axes, dots, styleOf, max, { isSolid, isLarge: true }),
    ]
  })
  const reference = {
    type: 'custom' as const,
    ...axes,
    data: [],
    renderItem: () => ({ type: 'group' as const, children: [] }),
    markLine: {
      silent: true,
      symbol: 'none',
      animation: false,
      label: { show: false },
      lineStyle: { color: theme.text, width: 1, type: 'solid' as const },
      data: [{ xAxis: 1 }],
    },
  }
  return [reference, ...marks]
}

function axesOf(input: BesideInput, rows: readonly MatchedRow[], layout: Layout, max: number) {
  const { theme } = input
  const headings = rows.map(({ group }, i) => (rows[i - 1]?.group === group ? '' : group))
  const range = { min: 0, max, tick: ratioTick(max) }
  const values = SIDES.map(({ key }, i) =>
    rowValueAxis(
      theme,
      rows.map((row) => valueText(row[key])),
      { roomPx: layout.valuePx * (i + 1) },
    ),
  )
  return {
    xAxis: valueAxis(theme, range, { format: (value) => String(Number(value.toFixed(2))) }),
    yAxis: [
      rowNameAxis(
        theme,
        rows.map(({ scheme }) => scheme),
        { widthPx: layout.labelPx, isFaint: true },
      ),
      rowGroupAxis(theme, headings, { widthPx: layout.headingPx, roomPx: layout.left }),
      ...values,
    ],
  }
}

const TITLE = 'Ratios by both, side by side'

function titlesOf(input: BesideInput, kinds: readonly RunKind[], layout: Layout) {
  const { theme, widthPx } = input
  const [first, second] = besideNames(input.first, input.second)
  const em = theme.fontSize
  const topPx = headHeightPx(input)
  const key = `◆ solid: ${first} · ◇ hollow: ${second} · each against its own baseline = 1`
  const words = kinds.length > 1 ? kinds.map((kind) => KIND_LABELS[kind]) : ['solid', 'hollow']
  const columns = words.map((text, i) => {
    const leftPx = layout.left + layout.width + layout.valuePx * i
    const at = { leftPx, topPx: layout.top - em * 1.6, widthPx: layout.valuePx }
    return textAt(theme, { text, ...at }, false)
  })
  return [
    ...headTitles(input, kinds, TITLE, '95 % CI · less is faster'),
    textAt(theme, { text: key, leftPx: 0, topPx, widthPx }, false),
    ...columns,
  ]
}

function describe(input: BesideInput, rows: readonly MatchedRow[], kinds: readonly RunKind[]) {
  const alike = rows.filter(({ first, second }) => first.verdict === second.verdict).length
  return (
    `${kinds.map((kind) => KIND_LABELS[kind]).join(' and ')}. Ratios to the baseline of ` +
    `${rows.length} apps and schemes by ${input.first.campaignName} and ` +
    `${input.second.campaignName}; the verdicts are the same in ${alike}.`
  )
}

/** Two campaigns side by side; see the head of this file. */
export function besideChart(input: BesideInput): Chart {
  const { rows } = matchComparisons(input.first, input.second)
  const kinds = [...new Set([input.first.kind, input.second.kind])]
  const layout = layoutOf(input, rows)
  const { max } = ratioAxisMax(rows.map(reachOf).filter((reach) => reach > 0))
  const description = describe(input, rows, kinds)
  const { left, top, width, height } = layout
  const estimate = ({ ratio }: ComparisonRow) =>
    [ratio.value, ratio.lo, ratio.hi].map((value) => finiteOrNull(value))
  const names = besideNames(input.first, input.second)
  return {
    id: 'beside',
    title: TITLE,
    description,
    widthPx: input.widthPx,
    heightPx: layout.heightPx,
    option: {
      ...commonOption(input.theme, description),
      title: titlesOf(input, kinds, layout),
      grid: { left, top, width, height },
      ...axesOf(input, rows, layout, max),
      series: seriesOf(input, rows, max),
    },
    toRows: () => ({
      columns: [
        textColumn('group', 'Group'),
        textColumn('scheme', 'Scheme'),
        ...names.flatMap((name, i) => [
          numberColumn(`ratio${i}`, `${name}: ratio`),
          numberColumn(`lo${i}`, `${name}: 95 % CI low`),
          numberColumn(`hi${i}`, `${name}: 95 % CI high`),
          textColumn(`verdict${i}`, `${name}: verdict`),
        ]),
      ],
      rows: rows.map(({ group, scheme, first, second }) => [
        ...[group, scheme],
        ...[...estimate(first), first.verdict],
        ...[...estimate(second), second.verdict],
      ]),
    }),
  }
}
