/** Draws a figure from its spec: the one place that knows which builder draws which chart. */
import type { FigureSpec } from '../contract/figure.ts'
import type { RunKind } from '../contract/result.ts'
import { attributionChart } from './attribution-chart.ts'
import { barsChart } from './bars-chart.ts'
import type { Chart, ChartFrame } from './chart.ts'
import { heatmapChart } from './heatmap-chart.ts'
import { identityChart } from './identity-chart.ts'
import { improvementChart } from './improvement-chart.ts'
import { loadChart } from './load-chart.ts'
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
      return [spec.data.comparison.kind]
    case 'attribution':
    case 'waterfall':
    case 'load':
      return [spec.data.kind]
    case 'identity':
      return ['measured', 'simulated']
  }
}
