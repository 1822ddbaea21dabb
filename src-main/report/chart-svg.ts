/** Charts to SVG without a browser: ECharts' server-side renderer with the metrics of our font. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { BarChart, CustomChart } from 'echarts/charts'
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
import { readFontMetrics, textWidthPx } from './font-metrics.ts'
import type { FontMetrics } from './font-metrics.ts'

use([
  AriaComponent,
  BarChart,
  CustomChart,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  SVGRenderer,
  TitleComponent,
  TooltipComponent,
])

const load = (file: string): FontMetrics =>
  readFontMetrics(readFileSync(createRequire(import.meta.url).resolve(`source-sans/TTF/${file}`)))

let metrics: { regular: FontMetrics; semibold: FontMetrics } | null = null

function installMetrics(): void {
  if (metrics !== null) return
  const loaded = {
    regular: load('SourceSans3-Regular.ttf'),
    semibold: load('SourceSans3-Semibold.ttf'),
  }
  metrics = loaded
  setPlatformAPI({
    // Only the width is used; the type is the canvas's, which has more.
    measureText: (text: string, font = '12px') => {
      const size = Number(/([\d.]+)px/.exec(font)?.[1] ?? 12)
      const isStrong = /(?:^|\s)(?:bold|[6-9]00)\s/.test(font)
      const width = textWidthPx(isStrong ? loaded.semibold : loaded.regular, text ?? '', size)
      return { width }
    },
  })
}

/** The chart as a standalone SVG. Deterministic; no `<style>`, which Typst does not read. */
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
    const svg = instance.renderToSVGString()
    return svg.replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
  } finally {
    instance.dispose()
  }
}
