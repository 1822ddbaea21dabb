/** The command line that makes a campaign's figures again, for the foot of its report. */
import { canonicalJson } from '../core/base/canonical-json.ts'
import type { Campaign } from '../core/contract/campaign.ts'
import { catalogue } from '../core/simulate/catalogue.ts'
import { readCampaign } from '../core/simulate/read-campaign.ts'

/** `flexlab campaign run …`: a shipped campaign by its id, any other by its own file. */
export function reproducingCommand(campaign: Campaign): string {
  const shipped = catalogue().templates.find(({ text }) => isSameButSeeds(text, campaign))
  if (shipped === undefined) return `flexlab campaign run campaign.yaml${schemeOptions(campaign)}`
  return `flexlab campaign run ${shipped.id} --seeds ${campaign.seeds.count}`
}

/** Schemes of the user's by the names that their files would have. */
const schemeOptions = ({ axes }: Campaign): string => {
  const own = axes.scheme.flatMap((choice) =>
    typeof choice === 'string' || choice.code === undefined ? [] : [choice.id],
  )
  return [...new Set(own)].map((id) => ` --scheme-file ${id}.ts`).join('')
}

function isSameButSeeds(text: string, campaign: Campaign): boolean {
  const read = readCampaign(text)
  if (!read.ok) return false
  const { count } = campaign.seeds
  const same = { ...read.value, seeds: { ...read.value.seeds, count } }
  return canonicalJson(same) === canonicalJson(campaign)
}
