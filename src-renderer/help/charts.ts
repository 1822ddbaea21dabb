/** Help: how to read the charts, one by one. */
import type { FigureSpec } from '../../src-main/core/contract/figure.ts'
import type { HelpPage, HelpTerm } from './page.ts'

type ChartKey = FigureSpec['chart']

const read = (term: string, meaning: string): Omit<HelpTerm, 'key'> => ({ term, meaning })

const READING: Readonly<Record<ChartKey, Omit<HelpTerm, 'key'>>> = {
  bars: read(
    'Normalised bars',
    'From zero; the line at 1 is the baseline, shorter is faster. Whiskers: 95 % interval. Dots: ' +
      'repetitions.',
  ),
  heatmap: read(
    'Heatmap of ratios',
    'Groups by schemes, colour by the logarithm of the ratio, centred at 1: blue faster, orange ' +
      'slower. The sign of the verdict stands in each cell.',
  ),
  improvement: read(
    'Beside published figures',
    'Speed-up and time saved with intervals. Shaded: what a paper claims, drawn for reference.',
  ),
  attribution: read(
    'Where the time goes',
    'Thread time by class, scaled to the first bar. See [[time-classes]].',
  ),
  waterfall: read('Waterfall', 'From useful work to the observed time, a step for each class.'),
  load: read(
    'Load over time',
    'vCPUs that a VM was given, used and waited for, over the run. See [[metric-cpu]].',
  ),
  ecdf: read(
    'Distribution (ECDF)',
    'The share of repetitions that took at most so long. A curve further left is faster; ' +
      'crossing curves are no plain win.',
  ),
  slope: read(
    'Slope',
    'Two schemes, a line for each group: down is faster, crossing lines differ.',
  ),
  beside: read('Two campaigns', 'The same groups and schemes of two campaigns, side by side.'),
  interference: read(
    'Interference',
    'How much slower a program runs beside another than alone: rows suffer, columns cause it.',
  ),
  explain: read(
    'What each harm costs',
    'From the observed time, harm by harm, down to what is left (Counterfactual): how ' +
      'much shorter the run is without it, over orders and seeds. Whiskers: 95 % interval.',
  ),
  replay: read(
    'Replay under another scheme',
    'A measured run as the model gives it under each scheme (Counterfactual); the band is the ' +
      'error of its calibration.',
  ),
  identity: read(
    'Predicted and measured',
    'On the diagonal the model was right; distance from it is its error for that program.',
  ),
}

const terms = Object.entries(READING).map(([key, words]): HelpTerm => ({ key, ...words }))

/** One page for all charts. */
export const CHART_PAGES: readonly HelpPage[] = [
  {
    id: 'charts',
    kind: 'statistic',
    title: 'Reading the charts',
    summary: 'What each chart shows, and what to look at first.',
    blocks: [
      {
        text:
          'A scheme has the same colour and mark everywhere. Behind every chart is its table ' +
          '(Data), and its data as CSV, SVG, PNG and figure pack, from which the same picture ' +
          'can be drawn again.',
      },
    ],
    terms,
    sources: ['hoefler2015'],
    see: ['statistic-ratio', 'statistic-intervals', 'statistic-verdict', 'time-classes'],
  },
]

/** The page that a chart's “?” leads to. */
export function topicOfChart(chart: ChartKey): string {
  if (chart === 'attribution') return 'time-classes'
  return chart === 'waterfall' ? 'statistic-attribution' : 'charts'
}
