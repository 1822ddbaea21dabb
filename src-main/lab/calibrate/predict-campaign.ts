/** predict-campaign: simulates the cells of a measured campaign and puts both side by side. */
import { calibratedHost } from '../../core/calibrate/calibration.ts'
import { predict } from '../../core/calibrate/prediction.ts'
import type { CellPair } from '../../core/calibrate/prediction.ts'
import type { Calibration, Prediction, StaleFact } from '../../core/contract/calibration.ts'
import type { Factors } from '../../core/contract/campaign.ts'
import type { CampaignDetail, RunDetail } from '../../core/contract/library.ts'
import type { RunResult } from '../../core/contract/result.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import { predictedScenario } from '../../core/simulate/predicted-scenario.ts'
import { schemeLabel } from '../../core/contract/scheme-label.ts'
import type { LabContext } from '../context.ts'
import { resultOf } from '../simulation.ts'

/** How a prediction is followed and ended. */
export type PredictionHooks = {
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, runs: number) => void
}

/** What is predicted, and with what. */
export type PredictionOrder = {
  readonly detail: CampaignDetail
  readonly calibration: Calibration
  readonly stale: readonly StaleFact[]
  /** Simulated runs of each cell. */
  readonly seeds: number
}

type Group = { readonly factors: Factors; readonly runs: RunDetail[] }
type Planned = Group & { readonly scenarios: readonly Scenario[] }

/** @throws LabError `cancelled`, or what went wrong in a run */
export async function predictCampaign(
  { store, pool, userFiles }: LabContext,
  { detail, calibration, stale, seeds }: PredictionOrder,
  hooks: PredictionHooks,
): Promise<Prediction> {
  const { name, stockScheme } = calibration
  const pcpus = pcpusOf(calibration)
  const host = { name, stockScheme, preset: calibratedHost(calibration), pcpus }
  const omitted: Prediction['omitted'] = []
  const planned = (await groupsOf(store, detail)).flatMap((group): Planned[] => {
    const made = predictedScenario(group.runs[0]!.scenario, host, userFiles.known)
    if (made.ok) return [{ ...group, scenarios: withSeeds(made.value, seeds) }]
    const { app, scheme, mix } = group.factors
    omitted.push({ app, scheme, mix, why: made.error })
    return []
  })
  const results = await simulateAll(pool, planned, hooks)
  const pairs = planned.map((group, i) => pairOf(group, results[i]!, pcpus))
  const about = { campaignId: detail.row.id, campaign: detail.row.name, calibration: name }
  const { baseline } = detail.definition
  return predict({ ...about, baseline, stale: [...stale], omitted }, pairs, calibration.fitApps)
}

/** pCPUs of the host that was calibrated. */
export const pcpusOf = ({ topology }: Calibration): number =>
  topology.sockets * topology.coresPerSocket * topology.threadsPerCore

/** Runs of the campaign by app, scheme and mix, in the order in which its file has them. */
async function groupsOf(
  store: LabContext['store'],
  { row, definition }: CampaignDetail,
): Promise<readonly Group[]> {
  const groups = new Map<string, Group>()
  for (const { runId, factors } of await store.campaignRuns(row.id, 'time')) {
    const key = JSON.stringify(factors)
    const group = groups.get(key) ?? { factors, runs: [] }
    group.runs.push(await store.getRun(runId))
    groups.set(key, group)
  }
  const { app, scheme, mix } = definition.axes
  const schemes = scheme.map((each) => (typeof each === 'string' ? each : schemeLabel(each)))
  const mixes = mix.map(({ name }) => name)
  const place = ({ factors }: Group): readonly number[] => [
    app.indexOf(factors.app),
    mixes.indexOf(factors.mix),
    schemes.indexOf(factors.scheme),
  ]
  return [...groups.values()].sort((a, b) => compareLists(place(a), place(b)))
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i])
  return at < 0 ? 0 : a[at]! - b[at]!
}

/** The scenario with the seeds 1 … count. */
export const withSeeds = (scenario: Scenario, count: number): readonly Scenario[] =>
  Array.from({ length: count }, (_, i) => ({ ...scenario, seed: i + 1 }))

/** All scenarios on all workers; the first failure or the signal stops the rest. */
export async function simulateAll(
  pool: LabContext['pool'],
  planned: readonly Pick<Planned, 'scenarios'>[],
  { signal, onProgress }: PredictionHooks,
): Promise<readonly (readonly RunResult[])[]> {
  const tasks = planned.map(({ scenarios }) => scenarios.map((each) => pool.submit(each)))
  const of = tasks.flat().length
  let done = 0
  const stopAll = (): void => tasks.flat().forEach((task) => task.stop())
  if (signal?.aborted === true) stopAll()
  signal?.addEventListener('abort', stopAll)
  try {
    return await Promise.all(
      tasks.map((group) =>
        Promise.all(
          group.map(async (task) => {
            const { result } = await resultOf(task)
            onProgress?.(++done, of)
            return result
          }),
        ),
      ),
    )
  } catch (error) {
    stopAll()
    throw error
  } finally {
    signal?.removeEventListener('abort', stopAll)
  }
}

function pairOf(group: Planned, simulated: readonly RunResult[], pcpus: number): CellPair {
  const { app, scheme, mix } = group.factors
  return {
    ...{ app, scheme, mix, pcpus, simulated },
    simulatedScheme: schemeLabel(group.scenarios[0]!.scheme),
    measured: group.runs.map(({ result }) => result),
  }
}
