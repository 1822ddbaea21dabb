/** Draws a figure from its spec: the one place that knows which builder draws which chart. */
import type { FigureSpec } from '../contract/figure.ts'
import type { RunKind } from '../contract/result.ts'
import { attributionChart } from './attribution-chart.ts'
import { barsChart } from './bars-chart.ts'
import { besideChart } from './beside-chart.ts'
import type { Chart, ChartFrame } from './chart.ts'
import { ecdfChart } from './ecdf-chart.ts'
import { explainChart } from './explain-chart.ts'
import { heatmapChart } from './heatmap-chart.ts'
import { identityChart } from './identity-chart.ts'
import { improvementChart } from './improvement-chart.ts'
import { loadChart } from './load-chart.ts'
import { interferenceChart } from './interference-chart.ts'
import { slopeChart } from './slope-chart.ts'
import { replayChart } from './replay-chart.ts'
import { waterfallChart } from './waterfall-chart.ts'

/** The chart that a spec describes, in the given frame. */
export function drawFigure({ chart, data }: FigureSpec, frame: ChartFrame): Chart {
  switch (chart) {
    case 'bars':
      return barsChart({ ...frame, ...data })
    case 'heatmap':
      return heatmapChart({ ...frame, ...data })
    case 'improvement':
      return improvementChart({ ...frame, ...data })
    case 'attribution':
      return attributionChart({ ...frame, ...data })
    case 'waterfall':
      return waterfallChart({ ...frame, ...data })
    case 'load':
      return loadChart({ ...frame, ...data })
    case 'ecdf':
      return ecdfChart({ ...frame, ...data })
    case 'slope':
      return slopeChart({ ...frame, ...data })
    case 'beside':
      return besideChart({ ...frame, ...data })
    case 'interference':
      return interferenceChart({ ...frame, ...data })
    case 'explain':
      return explainChart({ ...frame, ...data })
    case 'replay':
      return replayChart({ ...frame, ...data })
    case 'identity':
      return identityChart({ ...frame, ...data })
  }
}

/** How the numbers of a figure came to be. */
export function figureKinds(spec: FigureSpec): readonly RunKind[] {
  switch (spec.chart) {
    case 'bars':
    case 'heatmap':
    case 'improvement':
    case 'ecdf':
    case 'slope':
      return [spec.data.comparison.kind]
    case 'attribution':
    case 'waterfall':
    case 'load':
    case 'interference':
      return [spec.data.kind]
    case 'beside':
      return [...new Set([spec.data.first.kind, spec.data.second.kind])]
    case 'explain':
      return ['counterfactual']
    case 'replay':
      return ['measured', 'simulated', 'counterfactual']
    case 'identity':
      return ['measured', 'simulated']
  }
}
