/** Use cases about reports. */
import type * as v from 'valibot'
import type { Cell, Environment } from '../core/contract/library.ts'
import type { ReportExport, ReportFileSchema, ReportRequest } from '../core/contract/report.ts'
import type { Scenario } from '../core/contract/scenario.ts'
import { catalogue } from '../core/simulate/catalogue.ts'
import { campaignFile } from './campaign-file.ts'
import type { CompareCases } from './compare.ts'
import type { LabContext } from './context.ts'
import type { Changed } from './library.ts'
import { reproducingCommand } from './reproducing-command.ts'

type ReportFile = v.InferOutput<typeof ReportFileSchema>

/** A rendered report. */
export type RenderedReport = Omit<ReportFile, 'base64'> & { readonly bytes: Uint8Array }

/** Reports of campaigns. */
export class ReportCases {
  readonly #context: LabContext
  readonly #compare: CompareCases

  constructor(context: LabContext, compare: CompareCases) {
    this.#context = context
    this.#compare = compare
  }

  /** The PDF of a campaign for a bridge, only to be looked at. */
  async preview(request: ReportRequest): Promise<ReportFile> {
    return inBase64(await this.render(request))
  }

  /** The PDF of a campaign for a bridge; the history keeps it. */
  async pdf(request: ReportRequest): Promise<ReportFile> {
    return inBase64(await this.export(request))
  }

  /** What was exported, newest first. */
  history(): Promise<ReportExport[]> {
    return this.#context.store.listReportExports()
  }

  /** Forgets an export. */
  async forget(id: string): Promise<Changed> {
    return { changed: await this.#context.store.forgetReportExport(id) }
  }

  /** The PDF of a campaign as bytes; a library that can be written keeps that it was exported. */
  async export(request: ReportRequest): Promise<RenderedReport> {
    const { campaignId, ...rest } = request
    const report = await this.render(request)
    const { store } = this.#context
    if (store.opened.readOnly) return report
    const { fileName, sha256, pages, bytes } = report
    const { name: campaignName } = (await store.getCampaign(campaignId)).row
    const file = { fileName, sha256, pages, bytes: bytes.byteLength }
    await store.keepReportExport({ campaignId, campaignName, ...file, request: rest })
    return report
  }

  /** The PDF of a campaign as bytes. The same library gives the same bytes. */
  async render(input: ReportRequest): Promise<RenderedReport> {
    const { campaignId, baseline, title, authors, paper, parts } = input
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
      parts,
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

const inBase64 = ({ bytes, ...rest }: RenderedReport): ReportFile => ({
  ...rest,
  base64: Buffer.from(bytes).toString('base64'),
})

/** A file name of letters, digits and hyphens. */
const fileNameOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80) || 'report'
