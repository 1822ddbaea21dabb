/** Use cases about comparisons. */
import { LabError } from '../core/base/lab-error.ts'
import type { Campaign } from '../core/contract/campaign.ts'
import type { Comparison } from '../core/contract/comparison.ts'
import type { Corunners } from '../core/contract/corunners.ts'
import type { SettingsDiff } from '../core/contract/settings.ts'
import { isLatency } from '../core/contract/measure.ts'
import type { Measure } from '../core/contract/measure.ts'
import { hostPcpus } from '../core/simulate/build-spec.ts'
import { schemeLabel } from '../core/simulate/expand-campaign.ts'
import { compareCampaign } from '../core/stats/compare.ts'
import { describeMeasuredHost } from '../core/stats/evidence-table.ts'
import { REFERENCE_BANDS } from '../core/stats/reference-bands.ts'
import type { CampaignDetail } from '../core/contract/library.ts'
import { corunners, settings } from './compare-parts.ts'
import type { LabContext } from './context.ts'

const PUBLISHED_PCPUS = 12

/** Comparisons of a campaign's schemes. */
export class CompareCases {
  readonly #context: LabContext

  constructor(context: LabContext) {
    this.#context = context
  }

  /** A campaign's schemes against its baseline and by its measure, or against and by others. */
  async get(campaignId: string, baseline?: string, measure?: Measure): Promise<Comparison> {
    const { store } = this.#context
    const stored = await store.getCampaign(campaignId)
    const detail = measure === undefined ? stored : measuredBy(stored, measure)
    if (baseline !== undefined) checkBaseline(detail, baseline)
    const runs = await store.campaignRuns(campaignId, detail.definition.measure ?? 'time')
    return compareCampaign({
      campaignId,
      campaignName: detail.row.name,
      kind: detail.definition.measured === undefined ? 'simulated' : 'measured',
      campaign: detail.definition,
      cells: detail.cells,
      runs,
      measuredOn: await this.#measuredOn(detail.definition, runs[0]?.runId),
      bands: isPublishedHost(detail.definition) ? REFERENCE_BANDS : [],
      ...(baseline === undefined ? {} : { baseline }),
    })
  }

  /** What the VMs of a campaign do to each other. */
  corunners(campaignId: string, baseline?: string): Promise<Corunners> {
    return corunners(this.#context, campaignId, baseline)
  }

  /** Settings that differ between the schemes of one campaign, or between campaigns. */
  settings(campaignIds: readonly string[]): Promise<SettingsDiff> {
    return settings(this.#context, campaignIds)
  }

  /** The host of a measured campaign as it was at its first run. */
  async #measuredOn({ measured }: Campaign, runId: string | undefined): Promise<string | null> {
    if (measured === undefined || runId === undefined) return null
    const { host } = (await this.#context.store.getRun(runId)).environment
    return host === null ? null : describeMeasuredHost(host)
  }
}

const measuredBy = (detail: CampaignDetail, measure: Measure): CampaignDetail => ({
  ...detail,
  definition: { ...detail.definition, measure },
})

/** Times on the paper's host; which baseline and apps a claim speaks of, it says itself. */
const isPublishedHost = ({ host, measure = 'time', measured }: Campaign): boolean =>
  measured === undefined && hostPcpus(host) === PUBLISHED_PCPUS && !isLatency(measure)

function checkBaseline({ row, definition }: CampaignDetail, baseline: string): void {
  const schemes = definition.axes.scheme.map(schemeLabel)
  if (schemes.includes(baseline)) return
  throw new LabError(
    'bad-input',
    `"${baseline}" is no scheme of "${row.name}"`,
    `one of: ${schemes.join(', ')}`,
  )
}
