/** Use cases about comparisons. */
import { LabError } from '../core/base/lab-error.ts'
import type { Campaign } from '../core/contract/campaign.ts'
import type { Comparison } from '../core/contract/comparison.ts'
import { hostPcpus } from '../core/simulate/build-spec.ts'
import { schemeLabel } from '../core/simulate/expand-campaign.ts'
import { compareCampaign } from '../core/stats/compare.ts'
import { FLEXCORE_BAND } from '../core/stats/reference-bands.ts'
import type { CampaignDetail } from '../core/contract/library.ts'
import { findWorkload } from '../core/workloads/index.ts'
import type { LabContext } from './context.ts'

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
      runs: await store.campaignRuns(campaignId),
      bands: isPublishedSetting(detail.definition) ? [FLEXCORE_BAND] : [],
      ...(baseline === undefined ? {} : { baseline }),
    })
  }
}

/** The paper's setting: PARSEC on 12 pCPUs. Beside anything else its band would mislead. */
function isPublishedSetting({ axes, host }: Campaign): boolean {
  const parsec = axes.app.every((app) => findWorkload(app)?.suite === 'parsec')
  return axes.app.length > 0 && parsec && hostPcpus(host) === 12
}

function checkBaseline({ row, definition }: CampaignDetail, baseline: string): void {
  const schemes = definition.axes.scheme.map(schemeLabel)
  if (schemes.includes(baseline)) return
  throw new LabError(
    'bad-input',
    `"${baseline}" is no scheme of "${row.name}"`,
    `one of: ${schemes.join(', ')}`,
  )
}
