/** expand-campaign: a campaign as the list of its cells, in the order in which they run. */
import { streamKey, uniformAt } from '../base/random.ts'
import { err, ok } from '../base/result.ts'
import type { Issue, Result } from '../base/result.ts'
import type { Campaign, Except, Factors } from '../contract/campaign.ts'
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

const matches = (rule: Except, factors: Factors): boolean =>
  (rule.app ?? factors.app) === factors.app &&
  (rule.scheme ?? factors.scheme) === factors.scheme &&
  (rule.mix ?? factors.mix) === factors.mix &&
  (rule.overcommit ?? factors.overcommit) === factors.overcommit

/** Whether a rule of the campaign leaves cells with these factors out. */
export const isLeftOut = ({ except = [] }: Pick<Campaign, 'except'>, factors: Factors): boolean =>
  except.some((rule) => matches(rule, factors))

/** Rules that meet no cell, that leave the baseline out, or nothing at all. */
function exceptIssues(campaign: Campaign, all: readonly Combination[]): readonly Issue[] {
  const { except = [], baseline } = campaign
  const issues = except.flatMap((rule, i): Issue[] => {
    const found = all.filter(({ factors }) => matches(rule, factors))
    const path = `except[${i}]`
    if (found.length === 0)
      return [{ path, message: 'leaves no cell out', hint: 'name factors as the plan has them' }]
    const kept = all.filter(({ factors }) => !isLeftOut(campaign, factors))
    const alone = found.find(
      ({ factors }) =>
        factors.scheme === baseline && kept.some((cell) => isBeside(cell.factors, factors)),
    )
    if (alone === undefined) return []
    const message = `leaves out the baseline ${baseline}, with which other cells are compared`
    return [{ path, message, hint: 'leave the whole row out, or another scheme of it' }]
  })
  const isEmpty = issues.length === 0 && all.every(({ factors }) => isLeftOut(campaign, factors))
  if (!isEmpty) return issues
  return [{ path: 'except', message: 'leaves every cell out', hint: 'keep at least one' }]
}

/** Are they compared with each other: the same but for the scheme? */
const isBeside = (a: Factors, b: Factors): boolean =>
  a.app === b.app &&
  a.mix === b.mix &&
  a.overcommit === b.overcommit &&
  JSON.stringify(a.vary) === JSON.stringify(b.vary)

/** Factors of the combinations that are left out, in the order of the axes. */
export function leftOut(campaign: Campaign, known: Known = SHIPPED): readonly Factors[] {
  if ((campaign.except ?? []).length === 0) return []
  const all = combinations(campaign, known)
  const factors = all.ok ? all.value.map((each) => each.factors) : []
  return factors.filter((each) => isLeftOut(campaign, each))
}

/** The cells in run order, or what is wrong with the axes. */
export function expandCampaign(
  campaign: Campaign,
  known: Known = SHIPPED,
): Result<readonly CellPlan[], readonly Issue[]> {
  const all = combinations(campaign, known)
  if (!all.ok) return all
  const issues = exceptIssues(campaign, all.value)
  if (issues.length > 0) return err(issues)
  const kept = all.value.filter(({ factors }) => !isLeftOut(campaign, factors))
  const plans = inOrder(campaign, kept).map(({ combination, repetition }, index) => {
    const seed = campaign.seeds.first + repetition
    const scenario = { ...combination.scenario, seed }
    return { index, factors: combination.factors, seed, repetition, scenario }
  })
  return ok(plans)
}
