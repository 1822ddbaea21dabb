/** expand-campaign: a campaign as the list of its cells, in the order in which they run. */
import { ok } from '../base/result.ts'
import type { Issue, Result } from '../base/result.ts'
import type { Campaign, Factors } from '../contract/campaign.ts'
import type { Scenario } from '../contract/scenario.ts'
import { combinations } from './combinations.ts'
import type { Combination } from './combinations.ts'
import { SHIPPED } from './known.ts'
import type { Known } from './known.ts'

export { schemeLabel } from './scheme-label.ts'

/** One run to be made. `repetition` counts from 0 and fixes the seed, whatever the scheme. */
export type CellPlan = {
  readonly index: number
  readonly factors: Factors
  readonly seed: number
  readonly repetition: number
  readonly scenario: Scenario
}

type Draw = { readonly combination: Combination; readonly repetition: number }

/** Interleaved: a whole repetition before the next one; blocked: all seeds of a combination. */
function inOrder(campaign: Campaign, all: readonly Combination[]): readonly Draw[] {
  const repetitions = Array.from({ length: campaign.seeds.count }, (_, i) => i)
  if (campaign.order === 'blocked') {
    return all.flatMap((combination) =>
      repetitions.map((repetition) => ({ combination, repetition })),
    )
  }
  return repetitions.flatMap((repetition) =>
    all.map((combination) => ({ combination, repetition })),
  )
}

/** The cells in run order, or what is wrong with the axes. */
export function expandCampaign(
  campaign: Campaign,
  known: Known = SHIPPED,
): Result<readonly CellPlan[], readonly Issue[]> {
  const all = combinations(campaign, known)
  if (!all.ok) return all
  const plans = inOrder(campaign, all.value).map(({ combination, repetition }, index) => {
    const seed = campaign.seeds.first + repetition
    const scenario = { ...combination.scenario, seed }
    return { index, factors: combination.factors, seed, repetition, scenario }
  })
  return ok(plans)
}
