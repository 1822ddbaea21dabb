/** Charts to SVG without a browser: ECharts' server-side renderer with the metrics of our font. */
import { BarChart, CustomChart, LineChart } from 'echarts/charts'
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
} from 'echarts/components'
import { init, setPlatformAPI, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { Chart } from '../core/charts/chart.ts'
import { textWidthPx } from './font-metrics.ts'
import { reportFonts } from './fonts.ts'

use([
  AriaComponent,
  BarChart,
  CustomChart,
  GridComponent,
  LegendComponent,
  LineChart,
  MarkAreaComponent,
  MarkLineComponent,
  SVGRenderer,
  TitleComponent,
  TooltipComponent,
])

let hasMetrics = false

function installMetrics(): void {
  if (hasMetrics) return
  hasMetrics = true
  const { regular, semibold } = reportFonts()
  setPlatformAPI({
    measureText: (text: string, font = '12px'): { width: number } => {
      const size = Number(/([\d.]+)px/.exec(font)?.[1] ?? 12)
      const isStrong = /(?:^|\s)(?:bold|[6-9]00)\s/.test(font)
      const width = textWidthPx(isStrong ? semibold : regular, text, size)
      return { width }
    },
  })
}

// `<style>`, which Typst does not read, and the invisible shapes that only a pointer would find.
const UNWANTED = /<style[^>]*>[\s\S]*?<\/style>|<path[^>]*fill-opacity="0"[^>]*><\/path>/g

// ECharts numbers its instances; the number must not be part of the picture.
const stableIds = (svg: string): string =>
  svg.replace(/ class="zr\d+-[\w-]*"/g, '').replace(/(\bid="|url\(#)zr\d+-/g, '$1zr-')

/** The chart as a standalone SVG; the same chart gives the same text. */
export function chartToSvg(chart: Chart): string {
  installMetrics()
  const instance = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: chart.widthPx,
    height: chart.heightPx,
  })
  try {
    instance.setOption(chart.option)
    return stableIds(instance.renderToSVGString().replace(UNWANTED, ''))
  } finally {
    instance.dispose()
  }
}
