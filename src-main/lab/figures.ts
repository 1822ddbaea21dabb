/** Use cases about figures: packs, which hold a chart with everything that draws it again. */
import { createHash } from 'node:crypto'
import type * as v from 'valibot'
import { canonicalJson } from '../core/base/canonical-json.ts'
import { LabError } from '../core/base/lab-error.ts'
import { err } from '../core/base/result.ts'
import type { Issue, Result } from '../core/base/result.ts'
import { toCsv } from '../core/charts/chart-table.ts'
import { exportTheme } from '../core/charts/chart-theme.ts'
import { comparisonFigure } from '../core/charts/comparison-figures.ts'
import type { ComparisonChart, FigureChoice } from '../core/charts/comparison-figures.ts'
import { drawFigure, figureKinds } from '../core/charts/draw-figure.ts'
import type { contract } from '../core/contract/handlers.ts'
import { FigurePackSchema } from '../core/contract/figure.ts'
import type { FigurePack } from '../core/contract/figure.ts'
import { readStructure } from '../core/simulate/read-structure.ts'
import type { CompareCases } from './compare.ts'
import type { LabContext } from './context.ts'
import { valueOf } from './input-error.ts'

type PackInput = v.InferOutput<NonNullable<(typeof contract.figure.pack)['~orpc']['inputSchema']>>

/** A figure that was drawn again from its pack. */
export type RenderedFigure = {
  readonly svg: string
  readonly csv: string
  /** Whether it is byte for byte the one in the pack. */
  readonly isSame: boolean
  readonly pack: FigurePack
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const hashSpec = ({ spec, widthPx }: Pick<FigurePack, 'spec' | 'widthPx'>): string =>
  sha256(canonicalJson({ spec, widthPx }))

async function draw({ spec, widthPx }: Pick<FigurePack, 'spec' | 'widthPx'>) {
  // ECharts is large; a lab that draws nothing does not load it.
  const { chartToSvg } = await import('../report/chart-svg.ts')
  const chart = drawFigure(spec, { theme: exportTheme, widthPx })
  return { chart, svg: chartToSvg(chart), csv: toCsv(chart.toRows()) }
}

/** Figures of charts. */
export class FigureCases {
  readonly #context: LabContext
  readonly #compare: CompareCases

  constructor(context: LabContext, compare: CompareCases) {
    this.#context = context
    this.#compare = compare
  }

  /** The pack of a chart. The same spec and width give the same pack. */
  async pack({ spec, query, widthPx }: PackInput): Promise<FigurePack> {
    const { chart, svg, csv } = await draw({ spec, widthPx })
    return {
      format: 'flexlab-figure',
      version: 1,
      appVersion: this.#context.options.appVersion,
      title: chart.title,
      kinds: [...figureKinds(spec)],
      description: chart.description,
      query,
      widthPx,
      spec,
      csv,
      svg,
      sha256: { spec: hashSpec({ spec, widthPx }), csv: sha256(csv), svg: sha256(svg) },
    }
  }

  /** The pack of one of a campaign's charts. @throws LabError `bad-input` where it has none */
  async ofCampaign(
    campaignId: string,
    chart: ComparisonChart,
    choice: FigureChoice & { readonly baseline?: string; readonly widthPx: number },
  ): Promise<FigurePack> {
    const { baseline, widthPx } = choice
    const comparison = await this.#compare.get(campaignId, baseline)
    const spec = comparisonFigure(comparison, chart, choice)
    if (!spec.ok) throw new LabError('bad-input', spec.error)
    const input = { campaignId, ...(baseline === undefined ? {} : { baseline }) }
    return this.pack({ spec: spec.value, query: { handler: 'compare.get', input }, widthPx })
  }

  /**
   * Draws a pack's figure again. @throws InputError when it is no pack or was changed: every hash
   * in it must be that of what it holds
   */
  async render(text: string): Promise<RenderedFigure> {
    const pack = valueOf('the figure pack cannot be used', readPack(text))
    const { svg, csv } = await draw(pack)
    return { svg, csv, isSame: svg === pack.svg && csv === pack.csv, pack }
  }
}

function readPack(text: string): Result<FigurePack, readonly Issue[]> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return err([
      { path: '', message: 'is not JSON', hint: 'give a file that ends in .figure.json' },
    ])
  }
  const read = readStructure(FigurePackSchema, value)
  if (!read.ok) return read
  const { sha256: told, csv, svg } = read.value
  const real = { spec: hashSpec(read.value), csv: sha256(csv), svg: sha256(svg) }
  const changed = (['spec', 'csv', 'svg'] as const).filter((part) => told[part] !== real[part])
  if (changed.length === 0) return read
  const hint = 'export the figure again from where it comes from'
  return err(changed.map((path) => ({ path, message: 'was changed after the export', hint })))
}
