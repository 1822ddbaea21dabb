/** Reports: the PDF as it would be exported, the exports that were made, and the campaigns. */
import type { LabClient } from '../bridge/index.ts'
import { saveFile } from '../bridge/index.ts'
import type { CampaignRow } from '../../src-main/core/contract/library.ts'
import type { ReportExport, ReportRequest } from '../../src-main/core/contract/report.ts'
import { strings } from '../strings/index.ts'
import type { Notices } from './notices.svelte.ts'
import { problemOf } from './problem.ts'
import type { Problem } from './problem.ts'

type Asked = Partial<ReportRequest> & { campaignId: string }

/** A rendered report to look at. */
export type Preview = { readonly bytes: Uint8Array<ArrayBuffer>; readonly pages: number }

const SETTLE_MS = 400

/** The state of the Reports screen. */
export class Reports {
  campaigns = $state.raw<readonly CampaignRow[] | null>(null)
  history = $state.raw<readonly ReportExport[]>([])
  preview = $state.raw<Preview | null>(null)
  problem = $state.raw<Problem | null>(null)
  isRendering = $state(false)
  isExporting = $state(false)
  #asked = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #client: LabClient
  readonly #notices: Notices

  constructor(client: LabClient, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  /** Campaigns that have something to report, newest first. */
  get reportable(): readonly CampaignRow[] {
    return (this.campaigns ?? []).filter((row) => row.finished > 0)
  }

  /** Loads campaigns and exports. */
  async load(): Promise<void> {
    this.campaigns = await this.#client.campaign.list()
    this.history = await this.#client.report.history()
  }

  /** Renders once the user has stopped changing things; only the last answer counts. */
  show(request: Asked): void {
    const asked = JSON.stringify(request)
    if (asked === this.#asked) return
    this.#asked = asked
    this.isRendering = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#render(asked, request), SETTLE_MS)
  }

  /** Renders for good, hands the file to the user, and keeps that it was exported. */
  async export(request: Asked): Promise<void> {
    if (this.isExporting) return
    this.isExporting = true
    try {
      const { fileName, base64, pages } = await this.#client.report.pdf(request)
      saveFile({ fileName, mediaType: 'application/pdf', contents: { base64 } })
      this.#notices.say(strings.reports.exported(fileName, pages))
      this.history = await this.#client.report.history()
    } finally {
      this.isExporting = false
    }
  }

  /** Forgets an export. */
  async forget(id: string): Promise<void> {
    await this.#client.report.forget({ id })
    this.history = await this.#client.report.history()
    this.#notices.say(strings.reports.forgotten)
  }

  async #render(asked: string, request: Asked): Promise<void> {
    try {
      const { base64, pages } = await this.#client.report.preview(request)
      if (asked !== this.#asked) return
      this.preview = { bytes: Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)), pages }
      this.problem = null
    } catch (error) {
      if (asked === this.#asked) this.problem = problemOf(error)
    } finally {
      if (asked === this.#asked) this.isRendering = false
    }
  }
}
