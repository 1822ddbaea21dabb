/** Use cases about reports. */
import type * as v from 'valibot'
import type { Cell, Environment } from '../core/contract/library.ts'
import type { Scenario } from '../core/contract/scenario.ts'
import { catalogue } from '../core/simulate/catalogue.ts'
import type { contract } from '../core/contract/handlers.ts'
import { campaignFile } from './campaign-file.ts'
import type { CompareCases } from './compare.ts'
import type { LabContext } from './context.ts'
import { reproducingCommand } from './reproducing-command.ts'

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

  /** The PDF of a campaign as bytes. The same library gives the same bytes. */
  async render(input: PdfInput): Promise<RenderedReport> {
    const { campaignId, baseline, title, authors, paper } = input
    const comparison = await this.#compare.get(campaignId, baseline)
    const { row, definition, cells } = await this.#context.store.getCampaign(campaignId)
    // Typst and the charts are large; a lab that prints nothing does not load them.
    const { renderReport } = await import('../report/index.ts')
    const report = await renderReport({
      comparison,
      campaign: definition,
      catalogue: catalogue(this.#context.userFiles.known),
      environment: await this.#environment(cells),
      appVersion: this.#context.options.appVersion,
      date: row.createdAt,
      command: reproducingCommand(definition),
      campaignFile: campaignFile(definition),
      title,
      authors,
      paper,
      cells,
      scenarioExample: await this.#example(campaignId, cells),
    })
    return { fileName: `${fileNameOf(row.name)}.pdf`, ...report }
  }

  /** Of the first finished run; a campaign that was resumed elsewhere has others too. */
  async #environment(cells: readonly Cell[]): Promise<Environment | null> {
    const runId = cells.find((cell) => cell.runId !== null)?.runId ?? null
    return runId === null ? null : (await this.#context.store.getRun(runId)).environment
  }

  async #example(campaignId: string, [first]: readonly Cell[]): Promise<Scenario | undefined> {
    return first && (await this.#context.store.cellScenario(campaignId, first.index))
  }
}

/** A file name of letters, digits and hyphens. */
const fileNameOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80) || 'report'
