/** The report's figures: charts as SVG files that fit on a page, and the blocks that show them. */
import type { Chart } from '../core/charts/chart.ts'
import { chartToSvg } from './chart-svg.ts'
import type { Block } from './document.ts'
import type { FigureFile } from './typeset.ts'

/** Height that a figure may take beside its caption, pt. */
const HEIGHT_MAX_PT = 620

/** Figures taller than this may move, so that they leave no hole in the text, pt. */
const FLOAT_FROM_PT = 260

type Draw = (groups: readonly string[]) => Chart

/** Charts of equal parts of the groups, as few as it takes for each to fit on a page. */
function chartsThatFit(groups: readonly string[], draw: Draw): readonly Chart[] {
  const whole = draw(groups)
  let parts = Math.ceil(whole.heightPx / HEIGHT_MAX_PT)
  for (; parts > 1 && parts <= groups.length; parts++) {
    const size = Math.ceil(groups.length / parts)
    const count = Math.ceil(groups.length / size)
    const charts = Array.from({ length: count }, (_, i) =>
      draw(groups.slice(i * size, (i + 1) * size)),
    )
    if (charts.every((c) => c.heightPx <= HEIGHT_MAX_PT)) return charts
  }
  return groups.length <= 1 || parts === 1 ? [whole] : groups.map((g) => draw([g]))
}

/** Collects the figures of a report and hands out the blocks that show them. */
export class Figures {
  readonly files: FigureFile[] = []
  readonly #kind: string

  /** `kind`: Simulated or Measured; opens every caption. */
  constructor(kind: string) {
    this.#kind = kind
  }

  /**
   * Adds a chart over the groups, in parts where it is too tall for a page. `floats` where text of
   * the same section follows that can fill the page before it.
   */
  add(
    groups: readonly string[],
    draw: Draw,
    caption: string,
    { floats = false }: { floats?: boolean } = {},
  ): readonly Block[] {
    const charts = chartsThatFit(groups, draw)
    return charts.map((chart, i) => {
      const part = charts.length === 1 ? '' : ` (part ${i + 1} of ${charts.length})`
      const mayFloat = floats && charts.length === 1
      return this.#block(chart, `${this.#kind}${part}. ${caption}`, mayFloat)
    })
  }

  #block(chart: Chart, caption: string, mayFloat: boolean): Block {
    const file = `figure-${this.files.length + 1}.svg`
    this.files.push({ file, svg: chartToSvg(chart) })
    const scale = Math.min(1, HEIGHT_MAX_PT / chart.heightPx)
    return {
      type: 'figure',
      file,
      caption,
      alt: chart.description,
      widthPt: chart.widthPx * scale,
      floats: mayFloat && chart.heightPx * scale > FLOAT_FROM_PT,
    }
  }
}
