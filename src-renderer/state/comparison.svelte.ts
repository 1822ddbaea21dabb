/** OpenComparison: the campaign that is compared, its figures, and its exports. */
import type { LabClient } from '../bridge/index.ts'
import { saveFile } from '../bridge/index.ts'
import { toCsv } from '../../src-main/core/charts/chart-table.ts'
import type { Comparison } from '../../src-main/core/contract/comparison.ts'
import type { CampaignRow } from '../../src-main/core/contract/library.ts'
import { strings } from '../strings/index.ts'
import { comparisonTable } from './comparison-table.ts'
import { problemOf } from './problem.ts'
import type { Problem } from './problem.ts'
import type { Notices } from './notices.svelte.ts'

/** The state of the compare screen. */
export class OpenComparison {
  campaigns = $state.raw<readonly CampaignRow[] | null>(null)
  comparison = $state.raw<Comparison | null>(null)
  isExporting = $state(false)
  /** Why there is no comparison. */
  problem = $state.raw<Problem | null>(null)
  #asked = ''
  readonly #client: LabClient
  readonly #notices: Notices

  constructor(client: LabClient, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  /** Campaigns that have something to compare, newest first. */
  get comparable(): readonly CampaignRow[] {
    return (this.campaigns ?? []).filter((row) => row.finished > 0)
  }

  /** Loads the list of campaigns. */
  async loadCampaigns(): Promise<void> {
    this.campaigns = await this.#client.campaign.list()
  }

  /** Compares a campaign against a baseline (its own without one). */
  open(campaignId: string, baseline: string): void {
    const asked = `${campaignId}\n${baseline}`
    if (this.comparison?.campaignId !== campaignId) this.comparison = null
    this.#asked = asked
    const choice = baseline === '' ? {} : { baseline }
    this.problem = null
    this.#notices.start(async () => {
      try {
        const comparison = await this.#client.compare.get({ campaignId, ...choice })
        if (asked === this.#asked) this.comparison = comparison
      } catch (error) {
        if (asked === this.#asked) this.problem = problemOf(error)
      }
    })
  }

  /** Renders the report and hands it to the user. */
  async exportPdf(): Promise<void> {
    const { comparison } = this
    if (comparison === null || this.isExporting) return
    this.isExporting = true
    try {
      const { campaignId, baseline } = comparison
      const pdf = await this.#client.report.pdf({ campaignId, baseline })
      const contents = { base64: pdf.base64 }
      saveFile({ fileName: pdf.fileName, mediaType: 'application/pdf', contents })
      this.#notices.say(strings.compare.pdfDone(pdf.fileName, pdf.pages))
    } finally {
      this.isExporting = false
    }
  }

  /** The rows as CSV text. */
  csv(): string {
    return this.comparison === null ? '' : toCsv(comparisonTable(this.comparison))
  }
}
