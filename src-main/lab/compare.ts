/** Use cases about comparisons. */
import { LabError } from '../core/base/lab-error.ts'
import type { Campaign } from '../core/contract/campaign.ts'
import type { Comparison } from '../core/contract/comparison.ts'
import { hostPcpus } from '../core/simulate/build-spec.ts'
import { schemeLabel } from '../core/simulate/expand-campaign.ts'
import { compareCampaign } from '../core/stats/compare.ts'
import { REFERENCE_BANDS } from '../core/stats/reference-bands.ts'
import type { CampaignDetail } from '../core/contract/library.ts'
import type { LabContext } from './context.ts'

const PUBLISHED_PCPUS = 12

/** Comparisons of a campaign's schemes. */
export class CompareCases {
  readonly #context: LabContext

  constructor(context: LabContext) {
    this.#context = context
  }

  /** A campaign's schemes against its baseline, or against another one. */
  async get(campaignId: string, baseline?: string): Promise<Comparison> {
    const { store } = this.#context
    const detail = await store.getCampaign(campaignId)
    if (baseline !== undefined) checkBaseline(detail, baseline)
    return compareCampaign({
      campaignId,
      campaignName: detail.row.name,
      kind: 'simulated',
      campaign: detail.definition,
      cells: detail.cells,
      runs: await store.campaignRuns(campaignId, detail.definition.measure ?? 'time'),
      bands: isPublishedHost(detail.definition) ? REFERENCE_BANDS : [],
      ...(baseline === undefined ? {} : { baseline }),
    })
  }
}

/** Times on the paper's host; which baseline and apps a claim speaks of, it says itself. */
const isPublishedHost = ({ host, measure = 'time' }: Campaign): boolean =>
  hostPcpus(host) === PUBLISHED_PCPUS && measure === 'time'

function checkBaseline({ row, definition }: CampaignDetail, baseline: string): void {
  const schemes = definition.axes.scheme.map(schemeLabel)
  if (schemes.includes(baseline)) return
  throw new LabError(
    'bad-input',
    `"${baseline}" is no scheme of "${row.name}"`,
    `one of: ${schemes.join(', ')}`,
  )
}
