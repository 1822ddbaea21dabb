/** identity-svg: the plot of predicted and measured as an SVG file. */
import { identityChart, lightTheme } from '../../core/charts/index.ts'
import type { Prediction } from '../../core/contract/calibration.ts'
import { chartToSvg } from '../../report/chart-svg.ts'

const WIDTH_PX = 720

/** The text of the SVG. */
export const identitySvg = (prediction: Prediction): string =>
  chartToSvg(identityChart({ theme: lightTheme, widthPx: WIDTH_PX, prediction }))
