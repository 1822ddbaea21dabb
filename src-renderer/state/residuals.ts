/** Residuals of a prediction by app: how far its cells are off, and which way. */
import type { PredictedCell } from '../../src-main/core/contract/calibration.ts'
import { median } from '../../src-main/core/stats/descriptive.ts'

/** Ratios beyond this factor are drawn at the edge. */
const FACTOR_MAX = 4

/** One cell on the axis: `place` 0 … 1, ½ is agreement. */
export type ResidualDot = { readonly place: number; readonly text: string; readonly ratio: number }

/** The cells of one app. */
export type Residual = {
  readonly app: string
  readonly role: PredictedCell['role']
  readonly ratio: number
  readonly least: number
  readonly most: number
  readonly dots: readonly ResidualDot[]
}

/** Place of a ratio on a logarithmic axis from 1 ∕ FACTOR_MAX to FACTOR_MAX. */
export function placeOf(ratio: number): number {
  const place = 0.5 + Math.log(ratio) / (2 * Math.log(FACTOR_MAX))
  return Math.min(1, Math.max(0, place))
}

/** By app, in the order of the cells. */
export function residualsByApp(cells: readonly PredictedCell[]): readonly Residual[] {
  const usable = cells.filter(({ ratio }) => Number.isFinite(ratio) && ratio > 0)
  return [...new Set(usable.map(({ app }) => app))].map((app) => {
    const own = usable.filter((cell) => cell.app === app)
    const ratios = own.map(({ ratio }) => ratio)
    return {
      ...{ app, role: own[0]!.role, ratio: median(ratios) },
      ...{ least: Math.min(...ratios), most: Math.max(...ratios) },
      dots: own.map(({ ratio, scheme, mix }) => ({
        ...{ ratio, place: placeOf(ratio), text: `${scheme}, ${mix}: ${ratio.toFixed(2)} ×` },
      })),
    }
  })
}
