/** The figures of a comparison by name, for whoever asks for one without a screen. */
import { err, ok } from '../base/result.ts'
import type { Result } from '../base/result.ts'
import type { Comparison } from '../contract/comparison.ts'
import type { FigureSpec } from '../contract/figure.ts'
import { attributionBars } from './attribution-chart.ts'
import { bestScheme, contenders } from './comparison-view.ts'

/** Charts that a comparison has. */
export const COMPARISON_CHARTS = [
  'bars',
  'heatmap',
  'ecdf',
  'slope',
  'improvement',
  'attribution',
] as const
/** A chart that a comparison has. */
export type ComparisonChart = (typeof COMPARISON_CHARTS)[number]

/** What a chart of one scheme or one group shows; the best scheme, and all groups, if left out. */
export type FigureChoice = { readonly scheme?: string; readonly group?: string }

type Made = Result<FigureSpec, string>

function ofScheme(
  comparison: Comparison,
  { scheme }: FigureChoice,
  make: (scheme: string) => FigureSpec,
): Made {
  const chosen = scheme ?? bestScheme(comparison)
  const others = contenders(comparison)
  if (chosen !== null && others.includes(chosen)) return ok(make(chosen))
  const names = others.length === 0 ? 'it has none' : `one of: ${others.join(', ')}`
  return err(`the chart needs a scheme beside the baseline; ${names}`)
}

function attribution(comparison: Comparison, { group }: FigureChoice): Made {
  const groups = group === undefined ? comparison.groups : [group]
  const bars = [...attributionBars(comparison, groups)]
  if (bars.length > 0) return ok({ chart: 'attribution', data: { kind: comparison.kind, bars } })
  return err('nobody has seen where the time of these runs went; measured runs have no attribution')
}

/** The spec of one of a comparison's charts, or why there is none. */
export function comparisonFigure(
  comparison: Comparison,
  chart: ComparisonChart,
  choice: FigureChoice = {},
): Made {
  switch (chart) {
    case 'bars':
    case 'heatmap':
    case 'ecdf':
      return ok({ chart, data: { comparison } })
    case 'slope':
      return ofScheme(comparison, choice, (scheme) => ({ chart, data: { comparison, scheme } }))
    case 'improvement':
      return ofScheme(comparison, choice, (scheme) => {
        const band = comparison.bands.find((each) => each.scheme === scheme)
        return { chart, data: { comparison, scheme, ...(band === undefined ? {} : { band }) } }
      })
    case 'attribution':
      return attribution(comparison, choice)
  }
}
