/**
 * replay: a measured cell under another scheme. The simulator gives the ratio of the two schemes,
 * the measurement the level; the band says how far such ratios were off for all pairs of schemes
 * that the campaign measured (docs/adr/0088).
 */
import type { PredictedCell, Prediction } from '../contract/calibration.ts'
import type { Estimate } from '../contract/comparison.ts'
import { REPLAY_COVERS, REPLAY_PAIRS_MIN } from '../contract/replay.ts'
import type { Replay } from '../contract/replay.ts'
import type { RunResult } from '../contract/result.ts'
import { quantile } from '../stats/descriptive.ts'
import { quantileEstimate } from '../stats/quantile-interval.ts'

/** What is known of the other scheme. */
export type OtherScheme = {
  readonly scheme: string
  /** Its equivalent in the simulator. */
  readonly simulatedAs: string
  readonly simulated: readonly RunResult[]
}

/** Errors of the ratios between two schemes, over all pairs of cells of one app and mix. */
export function replayError(cells: readonly PredictedCell[]): Replay['error'] {
  const logs = cells.flatMap((a, i) =>
    cells
      .slice(i + 1)
      .filter((b) => a.app === b.app && a.mix === b.mix && a.scheme !== b.scheme)
      .map((b) => Math.abs(Math.log(a.ratio / b.ratio)))
      .filter(Number.isFinite),
  )
  const isKnown = logs.length >= REPLAY_PAIRS_MIN
  return { pairs: logs.length, factor: isKnown ? Math.exp(quantile(logs, REPLAY_COVERS)) : null }
}

/** The value with a band of a factor either way. */
const within = (value: number, factor: number | null): Estimate => ({
  value,
  lo: factor === null ? null : value / factor,
  hi: factor === null ? null : value * factor,
})

/** The cell under the other scheme; `prediction` is that of its whole campaign. */
export function replay(
  runId: string,
  prediction: Prediction,
  cell: PredictedCell,
  { scheme, simulatedAs, simulated }: OtherScheme,
): Replay {
  const { app, mix, measuredNs, simulatedNs } = cell
  const times = simulated.map(({ timeNs }) => timeNs)
  const otherNs = quantileEstimate(times, 0.5)
  const error = replayError(prediction.cells)
  const ratio = otherNs.value / simulatedNs.value
  const measuredToo = prediction.cells.find(
    (each) => each.app === app && each.mix === mix && each.simulatedScheme === simulatedAs,
  )
  return {
    ...{ runId, campaignId: prediction.campaignId, campaign: prediction.campaign },
    ...{ calibration: prediction.calibration, app, mix, measuredScheme: cell.scheme },
    ...{
      simulatedScheme: cell.simulatedScheme,
      scheme,
      simulatedAs,
      measuredNs,
      measuredN: cell.measuredN,
    },
    ...{ simulatedNs, otherNs, simulatedN: times.length, error, stale: prediction.stale },
    timeNs: within(measuredNs.value * ratio, error.factor),
    speedup: within(1 / ratio, error.factor),
    checkNs: measuredToo?.measuredNs ?? null,
  }
}
