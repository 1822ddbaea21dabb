/** chart-files: charts that the command line writes as SVG files, and their data as CSV. */
import { identityChart, lightTheme, loadChart, loadTable, toCsv } from '../core/charts/index.ts'
import type { Prediction } from '../core/contract/calibration.ts'
import type { RunDetail } from '../core/contract/library.ts'
import type { RunSeries } from '../core/contract/result.ts'
import { chartToSvg } from '../report/chart-svg.ts'

const WIDTH_PX = 720

/** The plot of predicted and measured: the text of an SVG. */
export const identitySvg = (prediction: Prediction): string =>
  chartToSvg(identityChart({ theme: lightTheme, widthPx: WIDTH_PX, prediction }))

/** Online vCPUs against load of a run: the text of an SVG. */
export function loadSvg({ row, result }: RunDetail, series: RunSeries): string {
  const { kind, name } = row
  const vcpus = Object.fromEntries(result.vms.map((vm) => [vm.name, vm.vcpus]))
  const input = { theme: lightTheme, widthPx: WIDTH_PX, kind, name }
  return chartToSvg(loadChart({ ...input, series, vcpus }))
}

/** Online vCPUs and load of a run as CSV: a row for each VM and interval. */
export const loadCsv = (series: RunSeries): string => toCsv(loadTable(series))
