/** Explanations of several runs as one table in Markdown: what each harm costs each of them. */
import type { Explanation } from './explain.ts'
import { formatDurationNs, formatPercent } from './format-numbers.ts'
import { literal, markdownTable } from './markdown-table.ts'
import type { SignedEstimate } from './order-averaged.ts'

/** `8.2` of 0.082: a share of the time in percent, with a true minus. */
const shareText = (share: number): string => (share * 100).toFixed(1).replace('-', '−')

/** `1.2 ±0.4`: the half width where there is an interval. */
function shareOf({ value, hi }: SignedEstimate, whole: number): string {
  const text = shareText(value / whole).replace(/^−0\.0$/, '0.0')
  return hi === null ? text : `${text} ±${shareText((hi - value) / whole)}`
}

/** What a run that takes so long gains at most when it comes down to a rest. */
const gain = (whole: SignedEstimate, rest: SignedEstimate): string =>
  formatPercent(whole.value / rest.value - 1)

/** The table, one run a line, and what its columns mean. Ends in a line break. */
export function toExplanationTable(explanations: readonly Explanation[]): string {
  const [first] = explanations
  if (first === undefined) return ''
  const titles = [
    ...['run', 'T', ...first.harms.map(({ label }) => `${label}, %`), 'what is left, %'],
    ...['speed-up without all harms', 'useful work, %', 'speed-up if all CPU time were work'],
  ]
  const lines = explanations.map(({ scenario, timeNs, harms, restNs, workNs }) => [
    literal(scenario),
    formatDurationNs(timeNs.value),
    ...harms.map(({ contributionNs }) => shareOf(contributionNs, timeNs.value)),
    shareOf(restNs, timeNs.value),
    gain(timeNs, restNs),
    shareText(workNs.value / timeNs.value),
    gain(timeNs, workNs),
  ])
  return [
    `Counterfactual · ${literal(first.scheme)} · ${first.seeds.length} seeds × ` +
      `${first.ordersPerSeed} orders each. Shares of T, with the half width of the 95 % interval ` +
      'over seeds; a harm’s is how much shorter the run is without it, averaged over orders.',
    '',
    ...markdownTable(titles, 1, lines),
    '',
  ].join('\n')
}
