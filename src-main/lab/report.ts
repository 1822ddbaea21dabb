/** Use cases about reports. */
import type * as v from 'valibot'
import type { contract } from '../core/contract/handlers.ts'
import type { CompareCases } from './compare.ts'
import type { LabContext } from './context.ts'

type Pdf = (typeof contract.report.pdf)['~orpc']
type PdfInput = v.InferOutput<NonNullable<Pdf['inputSchema']>>
type PdfOutput = v.InferOutput<NonNullable<Pdf['outputSchema']>>

/** A rendered report. */
export type RenderedReport = Omit<PdfOutput, 'base64'> & { readonly bytes: Uint8Array }

/** Reports of campaigns. */
export class ReportCases {
  readonly #context: LabContext
  readonly #compare: CompareCases

  constructor(context: LabContext, compare: CompareCases) {
    this.#context = context
    this.#compare = compare
  }

  /** The PDF of a campaign for a bridge, bytes as base64. */
  async pdf(input: PdfInput): Promise<PdfOutput> {
    const { bytes, ...rest } = await this.render(input)
    return { ...rest, base64: Buffer.from(bytes).toString('base64') }
  }

  /** The PDF of a campaign as bytes. */
  async render(input: PdfInput): Promise<RenderedReport> {
    const { campaignId, baseline } = input
    const comparison = await this.#compare.get(campaignId, baseline)
    const detail = await this.#context.store.getCampaign(campaignId)
    // Typst and the charts are large; a lab that prints nothing does not load them.
    const { renderReport } = await import('../report/index.ts')
    const report = await renderReport({ comparison, detail, ...input })
    return { fileName: `${fileNameOf(detail.row.name)}.pdf`, ...report }
  }
}

/** A file name of letters, digits and hyphens. */
const fileNameOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80) || 'report'
