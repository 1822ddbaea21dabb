/**
 * The null campaign's runs: one scheme in two arms, on the real simulator. A simulated run is the
 * same for the same seed, so the arms have seeds of their own: they differ as two measurements of
 * the same thing do, and whatever is found between them is false.
 */
import type { Campaign } from '../../core/contract/campaign.ts'
import type { Cell } from '../../core/contract/library.ts'
import { expandCampaign } from '../../core/simulate/expand-campaign.ts'
import type { CellPlan } from '../../core/simulate/expand-campaign.ts'
import { readCampaign } from '../../core/simulate/read-campaign.ts'
import type { ComparedRun } from '../../core/stats/collect-series.ts'
import type { WorkerPool } from '../runner/pool.ts'
import { valueOf } from '../input-error.ts'
import { resultOf } from '../simulation.ts'

/** Names of the arms; the first is the baseline. */
export const ARMS = ['cfs', 'cfs again'] as const

const campaignText = (seeds: number): string => `
kind: campaign
version: 1
name: The same scheme twice
host: { sockets: 1, coresPerSocket: 2, threadsPerCore: 1 }
axes:
  app: [barrier, ep, mutex, dedup]
  scheme: [cfs]
  mix:
    - name: two VMs
      vms:
        - { vcpus: 2, workload: { app: $app } }
        - { vcpus: 2, workload: { app: ep, params: { scale: 0.1 } } }
appParams:
  barrier: { scale: 0.1 }
  ep: { scale: 0.1 }
  mutex: { scale: 0.1 }
  dedup: { scale: 0.02 }
seeds: { count: ${seeds} }
baseline: cfs
`

/** One repeat of the null campaign. */
export type NullRepeat = {
  readonly campaign: Campaign
  readonly cells: readonly Cell[]
  readonly runs: readonly ComparedRun[]
}

/** The pair and the arm of a seed that counts from 0. */
const placeOf = (seed: number) => ({ pair: Math.floor(seed / 2), arm: ARMS[seed % 2]! })

function asPair(plan: CellPlan, index: number, timeNs: number) {
  const { pair, arm } = placeOf(plan.repetition)
  const factors = { ...plan.factors, scheme: arm }
  const same = { factors, seed: pair }
  const runId = String(index)
  const done = { status: 'finished', error: null, runId } as const
  const none = { attributionNs: null, counters: null, notObservable: {}, excluded: null }
  return {
    cell: { ...same, ...done, index, repetition: pair },
    run: { ...same, ...none, runId, cellIndex: index, timeNs },
  }
}

/** Runs repeats of the null campaign, one after the other. */
export async function* nullRepeats(
  pool: WorkerPool,
  { repeats, pairs }: { readonly repeats: number; readonly pairs: number },
  signal?: AbortSignal,
): AsyncGenerator<NullRepeat> {
  for (let repeat = 0; repeat < repeats; repeat++) {
    signal?.throwIfAborted()
    const read = valueOf('the null campaign is refused', readCampaign(campaignText(2 * pairs)))
    const first = 1 + repeat * 2 * pairs
    const campaign = { ...read, seeds: { ...read.seeds, first } }
    const plans = valueOf('the null campaign cannot be laid out', expandCampaign(campaign))
    const tasks = plans.map(({ scenario }) => resultOf(pool.submit(scenario)))
    const results = await Promise.all(tasks)
    const pairsOf = plans.map((plan, i) => asPair(plan, i, results[i]!.result.timeNs))
    yield {
      campaign,
      cells: pairsOf.map(({ cell }) => cell),
      runs: pairsOf.map(({ run }) => run),
    }
  }
}
