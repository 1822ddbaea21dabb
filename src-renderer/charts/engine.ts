/** ECharts with only the parts that our charts use; loaded when the first chart is drawn. */
import { BarChart, CustomChart, LineChart } from 'echarts/charts'
import {
  AriaComponent,
  GridComponent,
  LegendPlainComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
} from 'echarts/components'
import { init, use } from 'echarts/core'
import type { ECharts } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import type { Chart } from '../../src-main/core/charts/chart.ts'

use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  CustomChart,
  GridComponent,
  LegendPlainComponent,
  LineChart,
  MarkAreaComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
])

/** Draws into an element that already has the chart's size. */
export function draw(element: HTMLElement, chart: Chart): ECharts {
  const size = { width: chart.widthPx, height: chart.heightPx }
  // Canvas, because ECharts' live SVG sets style attributes, which the page's policy refuses.
  const instance = init(element, null, { renderer: 'canvas', ...size })
  instance.setOption(chart.option)
  return instance
}

/** The chart as pixels, at twice its size. */
export async function toPng(chart: Chart, background: string): Promise<Uint8Array<ArrayBuffer>> {
  const element = document.createElement('div')
  const size = { width: chart.widthPx, height: chart.heightPx }
  const instance = init(element, null, { renderer: 'canvas', devicePixelRatio: 2, ...size })
  try {
    instance.setOption({ ...chart.option, animation: false })
    const canvas = instance.renderToCanvas({ pixelRatio: 2, backgroundColor: background })
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve))
    if (blob === null) throw new Error('the browser made no picture')
    return new Uint8Array(await blob.arrayBuffer())
  } finally {
    instance.dispose()
  }
}
