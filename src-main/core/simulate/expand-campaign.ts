/** expand-campaign: a campaign as the list of its cells, in the order in which they run. */
import { streamKey, uniformAt } from '../base/random.ts'
import { ok } from '../base/result.ts'
import type { Issue, Result } from '../base/result.ts'
import type { Campaign, Factors } from '../contract/campaign.ts'
import type { Scenario } from '../contract/scenario.ts'
import { combinations } from './combinations.ts'
import type { Combination } from './combinations.ts'
import { SHIPPED } from './known.ts'
import type { Known } from './known.ts'

export { schemeLabel } from '../contract/scheme-label.ts'

/** One run to be made. `repetition` counts from 0 and fixes the seed, whatever the scheme. */
export type CellPlan = {
  readonly index: number
  readonly factors: Factors
  readonly seed: number
  readonly repetition: number
  readonly scenario: Scenario
}

type Draw = { readonly combination: Combination; readonly repetition: number }

/**
 * Interleaved: a whole repetition before the next one, on a real host in an order of its own, so
 * that no scheme always follows the same one; blocked: all seeds of a combination.
 */
function inOrder(campaign: Campaign, all: readonly Combination[]): readonly Draw[] {
  const repetitions = Array.from({ length: campaign.seeds.count }, (_, i) => i)
  if (campaign.order === 'blocked') {
    return all.flatMap((combination) =>
      repetitions.map((repetition) => ({ combination, repetition })),
    )
  }
  return repetitions.flatMap((repetition) => {
    const key = streamKey(campaign.seeds.first + repetition, ORDER_STREAM)
    const block = campaign.measured === undefined ? all : shuffled(all, key)
    return block.map((combination) => ({ combination, repetition }))
  })
}

/** Numbers the stream of random numbers from which orders are drawn. */
const ORDER_STREAM = 0x0bde5

/** The items in an order drawn by the key (Fisher and Yates). */
function shuffled<T>(items: readonly T[], key: number): readonly T[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(uniformAt(key, last) * (last + 1))
    const item = order[last]!
    order[last] = order[other]!
    order[other] = item
  }
  return order
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
