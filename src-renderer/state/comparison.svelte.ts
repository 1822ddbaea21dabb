/** OpenComparison: the campaigns that are compared, their figures, and their exports. */
import type { LabClient } from '../bridge/index.ts'
import { saveFile } from '../bridge/index.ts'
import type { Comparison } from '../../src-main/core/contract/comparison.ts'
import type { CampaignRow } from '../../src-main/core/contract/library.ts'
import { COMPARISON_FORMATS } from '../../src-main/core/stats/comparison-formats.ts'
import type { ComparisonFormatKey } from '../../src-main/core/stats/comparison-formats.ts'
import { strings } from '../strings/index.ts'
import { Loaded } from './loaded.svelte.ts'
import type { Notices } from './notices.svelte.ts'

/** The state of the compare screen. */
export class OpenComparison {
  campaigns = $state.raw<readonly CampaignRow[] | null>(null)
  isExporting = $state(false)
  /** The comparison, and the one that is set beside it. */
  readonly first: Loaded<Comparison>
  readonly second: Loaded<Comparison>
  readonly #client: LabClient
  readonly #notices: Notices

  constructor(client: LabClient, notices: Notices) {
    this.#client = client
    this.#notices = notices
    this.first = new Loaded(notices)
    this.second = new Loaded(notices)
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
    const choice = baseline === '' ? {} : { baseline }
    if (this.first.value?.campaignId !== campaignId) this.first.value = null
    this.first.load(() => this.#client.compare.get({ campaignId, ...choice }))
  }

  /** Sets another campaign beside it, against its own baseline; none where the id is empty. */
  openBeside(campaignId: string): void {
    if (this.second.value?.campaignId !== campaignId) this.second.value = null
    if (campaignId !== '') this.second.load(() => this.#client.compare.get({ campaignId }))
  }

  /** Renders the report of a campaign and hands it to the user. */
  async exportPdf({ campaignId, baseline }: Comparison): Promise<void> {
    if (this.isExporting) return
    this.isExporting = true
    try {
      const pdf = await this.#client.report.pdf({ campaignId, baseline })
      const contents = { base64: pdf.base64 }
      saveFile({ fileName: pdf.fileName, mediaType: 'application/pdf', contents })
      this.#notices.say(strings.compare.pdfDone(pdf.fileName, pdf.pages))
    } finally {
      this.isExporting = false
    }
  }
}

/** Copies comparisons in a form, one after the other. @returns its name */
export async function copyComparison(
  comparisons: readonly Comparison[],
  form: ComparisonFormatKey,
): Promise<string> {
  const { name, write } = COMPARISON_FORMATS[form]
  await navigator.clipboard.writeText(comparisons.map(write).join('\n'))
  return name
}

/** Saves each comparison in a form, a file each. */
export function saveComparison(
  comparisons: readonly Comparison[],
  form: ComparisonFormatKey,
): void {
  const { ending, mediaType, write } = COMPARISON_FORMATS[form]
  for (const comparison of comparisons) {
    const name = fileStem(comparison.campaignName) || 'comparison'
    saveFile({ fileName: `${name}.${ending}`, mediaType, contents: write(comparison) })
  }
}

/** A campaign's name as part of a file's. */
export const fileStem = (name: string): string => name.replaceAll(/[^\w.-]+/g, '-').slice(0, 80)
