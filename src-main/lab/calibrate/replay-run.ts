/** replay-run: a measured run under another scheme, simulated with its host's calibration. */
import { LabError } from '../../core/base/lab-error.ts'
import { calibratedHost } from '../../core/calibrate/calibration.ts'
import { replay } from '../../core/calibrate/replay.ts'
import type { Replay } from '../../core/contract/replay.ts'
import type { RunDetail } from '../../core/contract/library.ts'
import type { Scenario, SchemeRef } from '../../core/contract/scenario.ts'
import { schemeLabel } from '../../core/contract/scheme-label.ts'
import { findHostScheme, simulatedScheme } from '../../core/schemes/host-schemes.ts'
import { predictedScenario } from '../../core/simulate/predicted-scenario.ts'
import type { LabContext } from '../context.ts'
import { pcpusOf, predictCampaign, simulateAll, withSeeds } from './predict-campaign.ts'
import type { PredictionHooks, PredictionOrder } from './predict-campaign.ts'

/** What is replayed: a measured run, under which scheme. */
export type ReplayOrder = PredictionOrder & { readonly run: RunDetail; readonly scheme: SchemeRef }

/** @throws LabError `bad-input` where the simulator has nothing for it, `cancelled` */
export async function replayRun(
  context: LabContext,
  { run, scheme, ...order }: ReplayOrder,
  hooks: PredictionHooks,
): Promise<Replay> {
  const other = otherScenario(context, { run, scheme, ...order })
  const prediction = await predictCampaign(context, order, hooks)
  const { app, scheme: measuredScheme, mix } = run.row
  const isCell = (each: { app: string; scheme: string; mix: string }): boolean =>
    each.app === app && each.scheme === measuredScheme && each.mix === mix
  const cell = prediction.cells.find(isCell)
  if (cell === undefined) {
    throw cannot(prediction.omitted.find(isCell)?.why ?? 'its cell has no other counterpart')
  }
  const [simulated = []] = await simulateAll(
    context.pool,
    [{ scenarios: withSeeds(other, order.seeds) }],
    hooks,
  )
  const simulatedAs = schemeLabel(other.scheme)
  const asked = { scheme: schemeLabel(scheme), simulatedAs, simulated }
  return replay(run.row.id, prediction, cell, asked)
}

/** The run's scenario as the simulator runs it under the other scheme. */
function otherScenario(context: LabContext, order: ReplayOrder): Scenario {
  const { calibration, run, scheme } = order
  const { name, stockScheme } = calibration
  const preset = calibratedHost(calibration)
  const host = { name, stockScheme, preset, pcpus: pcpusOf(calibration) }
  // A scheme that hosts can have means what they do; any other one is the simulator's own.
  const isHosts = findHostScheme(scheme.id) !== undefined
  const use = isHosts ? simulatedScheme(scheme, stockScheme) : scheme
  const made = predictedScenario(run.scenario, host, context.userFiles.known, use)
  if (made.ok) return made.value
  throw cannot(made.error)
}

const cannot = (why: string): LabError =>
  new LabError('bad-input', `the run cannot be replayed: ${why}`, 'see: flexlab predict')

/** Campaign and host of a measured run. @throws LabError `bad-input` for any other */
export function requireMeasured(run: RunDetail): { campaignId: string; host: string } {
  const { campaignId, kind, id } = run.row
  const host = run.scenario.measured?.host
  if (kind === 'measured' && campaignId !== null && host !== undefined) return { campaignId, host }
  throw new LabError(
    'bad-input',
    `run ${id} is ${kind}${campaignId === null ? ' and of no campaign' : ''}`,
    'a replay needs a measured run of a campaign; simulate a scenario to try schemes',
  )
}
