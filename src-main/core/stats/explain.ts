/**
 * Explanation of a run: what each harm of scheduling twice costs it. A harm's contribution is by
 * how much the run gets shorter when it is switched off, averaged over the orders in which all are
 * switched off and over seeds; beside it stands what the accounting charges to its classes.
 */
import { HARMS } from '../base/harm.ts'
import type { HarmKey } from '../base/harm.ts'
import { TIME_CLASS_KEYS } from '../base/time-class.ts'
import type { SimulatedResult } from '../contract/result.ts'
import type { Scenario } from '../contract/scenario.ts'
import { contributionsOf, drawOrders, masksOf, signedMean } from './order-averaged.ts'
import type { SignedEstimate } from './order-averaged.ts'

/** What is to be run: the scenario under some seeds, without some sets of harms. */
export type ExplainPlan = {
  readonly scenario: Scenario
  readonly harms: readonly HarmKey[]
  readonly seeds: readonly number[]
  /** Orders of each seed: other ones for each, so that their choice is in the interval too. */
  readonly orders: readonly (readonly (readonly number[])[])[]
  /** pCPUs of the scenario's host. */
  readonly pcpus: number
}

/** One run of the plan. */
export type ExplainRun = { readonly seed: number; readonly mask: number }

/** What a harm costs. Times in ns of the run's time; shares of it. */
export type HarmCost = {
  readonly harm: HarmKey
  readonly label: string
  readonly off: string
  readonly contributionNs: SignedEstimate
  /** What the accounting charges to the harm's classes, as time of the run. */
  readonly chargedNs: SignedEstimate
  readonly classes: readonly string[]
}

/** The explanation of a run. */
export type Explanation = {
  readonly kind: 'counterfactual'
  readonly scenario: string
  readonly scheme: string
  readonly seeds: readonly number[]
  readonly ordersPerSeed: number
  readonly runs: number
  readonly timeNs: SignedEstimate
  readonly harms: readonly HarmCost[]
  /** The run without all of them: work, its own imbalance and contention, its own scheduling. */
  readonly restNs: SignedEstimate
  /** The time if all pCPUs did nothing but useful work, shared by the VMs as it is. */
  readonly workNs: SignedEstimate
}

/** Plans an explanation: seeds follow the scenario's own. */
export function planExplanation(
  scenario: Scenario,
  options: {
    readonly harms: readonly HarmKey[]
    readonly seeds: number
    readonly orders: number
    readonly pcpus: number
  },
): ExplainPlan {
  const seeds = Array.from({ length: options.seeds }, (_, i) => (scenario.seed + i) % 2 ** 32)
  return {
    scenario,
    harms: options.harms,
    seeds,
    orders: seeds.map((seed) => drawOrders(options.harms.length, options.orders, seed)),
    pcpus: options.pcpus,
  }
}

/** The runs of a plan, each once. */
export function runsOf({ seeds, orders }: ExplainPlan): readonly ExplainRun[] {
  return seeds.flatMap((seed, i) => {
    const masks = new Set(orders[i]!.flatMap(masksOf))
    return [...masks].sort((a, b) => a - b).map((mask) => ({ seed, mask }))
  })
}

/** The scenario of a run of a plan. */
export function scenarioWithout(plan: ExplainPlan, { seed, mask }: ExplainRun): Scenario {
  const without = plan.harms.filter((_, i) => (mask & (1 << i)) !== 0)
  return { ...plan.scenario, seed, without }
}

/** The explanation from the results of all runs of a plan. */
export function explain(
  plan: ExplainPlan,
  resultOf: (run: ExplainRun) => SimulatedResult,
): Explanation {
  const { scenario, harms, seeds, orders } = plan
  const all = 2 ** harms.length - 1
  const timeOf = (seed: number, mask: number): number => resultOf({ seed, mask }).timeNs
  const saved = seeds.map((seed, i) => contributionsOf(orders[i]!, (mask) => -timeOf(seed, mask)))
  const shares = seeds.map((seed) => sharesOf(resultOf({ seed, mask: 0 })))
  return {
    kind: 'counterfactual',
    scenario: scenario.name,
    scheme: scenario.scheme.id,
    seeds,
    ordersPerSeed: orders[0]!.length,
    runs: runsOf(plan).length,
    timeNs: signedMean(seeds.map((seed) => timeOf(seed, 0))),
    harms: harms.map((key, h): HarmCost => {
      const { label, off, classes } = HARMS.find((harm) => harm.key === key)!
      const charged = seeds.map((seed, i) => {
        const share = classes.reduce((sum, cls) => sum + shares[i]![cls]!, 0)
        return share * timeOf(seed, 0)
      })
      const contributionNs = signedMean(saved.map((each) => each[h]!))
      return { harm: key, label, off, contributionNs, chargedNs: signedMean(charged), classes }
    }),
    restNs: signedMean(seeds.map((seed) => timeOf(seed, all))),
    workNs: signedMean(seeds.map((seed) => workOf(resultOf({ seed, mask: 0 }), plan.pcpus))),
  }
}

/** Part of the run's time that its useful work needs of all pCPUs, ns. */
function workOf({ vms, timeNs, makespanNs }: SimulatedResult, pcpus: number): number {
  const usefulNs = vms.reduce((sum, vm) => sum + vm.attributionNs.useful, 0)
  return (timeNs * usefulNs) / (pcpus * makespanNs)
}

/** Part of all threads' time in each class. */
function sharesOf(result: SimulatedResult): Readonly<Record<string, number>> {
  const threadNs = result.vms.reduce((sum, vm) => sum + vm.threads * result.makespanNs, 0)
  const share = (key: (typeof TIME_CLASS_KEYS)[number]): number =>
    result.vms.reduce((sum, vm) => sum + vm.attributionNs[key], 0) / threadNs
  return Object.fromEntries(TIME_CLASS_KEYS.map((key) => [key, share(key)]))
}
