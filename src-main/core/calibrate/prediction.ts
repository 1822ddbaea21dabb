/**
 * prediction: cells of a measured campaign beside the same cells simulated with calibrated costs.
 * Nothing is fitted here; a cell that is far off stays in the table.
 */
import type {
  PredictedCell,
  PredictedEffect,
  Prediction,
  PredictionError,
} from '../contract/calibration.ts'
import type { Estimate } from '../contract/comparison.ts'
import type { RunResult } from '../contract/result.ts'
import { median } from '../stats/descriptive.ts'
import { quantileEstimate } from '../stats/quantile-interval.ts'

/** One cell by both. */
export type CellPair = {
  readonly app: string
  readonly scheme: string
  readonly mix: string
  readonly simulatedScheme: string
  readonly pcpus: number
  readonly measured: readonly RunResult[]
  readonly simulated: readonly RunResult[]
}

/** Within this fraction of 1 a scheme counts as making no difference. */
const NO_DIFFERENCE = 0.05

/** Part of a host's CPU time that other work may take before a cell counts as disturbed. */
const FOREIGN_MAX = 0.1

/** An error of this factor either way still counts as near. */
const NEAR = 1.25

const timesOf = (runs: readonly RunResult[]): readonly number[] => runs.map((run) => run.timeNs)

function evidenceOf(runs: readonly RunResult[], pcpus: number): PredictedCell['measuredEvidence'] {
  const sum = (of: (run: RunResult) => number): number =>
    runs.reduce((total, run) => total + of(run), 0)
  const overVms = (run: RunResult, of: (vm: RunResult['vms'][number]) => number): number =>
    run.vms.reduce((total, vm) => total + of(vm), 0)
  const cpuNs = sum((run) => overVms(run, (vm) => vm.cpuNs))
  const delayNs = sum((run) => overVms(run, (vm) => vm.counters['runDelayNs'] ?? NaN))
  const spanNs = sum((run) => run.makespanNs) * pcpus
  const share = (part: number, whole: number): number | null =>
    whole > 0 && Number.isFinite(part) ? part / whole : null
  const foreignNs = sum((run) => run.counters['foreignCpuNs'] ?? NaN)
  return {
    cpuShare: share(cpuNs, spanNs),
    delayShare: share(delayNs, delayNs + cpuNs),
    foreignShare: share(foreignNs, spanNs),
  }
}

function overlap(a: Estimate, b: Estimate): boolean | null {
  if (a.lo === null || a.hi === null || b.lo === null || b.hi === null) return null
  return a.lo <= b.hi && b.lo <= a.hi
}

/** A pair with its error; `fitApps`: apps whose runs took part in the fit. */
function predictCell(pair: CellPair, fitApps: readonly string[]): PredictedCell {
  const { app, scheme, mix, simulatedScheme, pcpus, measured, simulated } = pair
  const measuredNs = quantileEstimate(timesOf(measured), 0.5)
  const simulatedNs = quantileEstimate(timesOf(simulated), 0.5)
  const measuredEvidence = evidenceOf(measured, pcpus)
  return {
    ...{ app, scheme, mix, simulatedScheme },
    role: fitApps.includes(app) ? 'fit' : 'held-out',
    ...{ measuredNs, measuredN: measured.length, simulatedNs, simulatedN: simulated.length },
    ratio: simulatedNs.value / measuredNs.value,
    overlaps: overlap(measuredNs, simulatedNs),
    disturbed: (measuredEvidence.foreignShare ?? 0) > FOREIGN_MAX,
    measuredEvidence,
    simulatedEvidence: evidenceOf(simulated, pcpus),
  }
}

const directionOf = (speedUp: number): number =>
  Math.abs(speedUp - 1) <= NO_DIFFERENCE ? 0 : Math.sign(speedUp - 1)

/** Each scheme against the baseline of its app and mix. */
function effectsOf(cells: readonly PredictedCell[], baseline: string): readonly PredictedEffect[] {
  return cells.flatMap((cell) => {
    const { app, scheme, mix, role } = cell
    const base = cells.find((c) => c.app === app && c.mix === mix && c.scheme === baseline)
    if (base === undefined || scheme === baseline) return []
    const measured = base.measuredNs.value / cell.measuredNs.value
    const simulated = base.simulatedNs.value / cell.simulatedNs.value
    const sameDirection = directionOf(measured) === directionOf(simulated)
    return [{ app, scheme, mix, role, measured, simulated, sameDirection }]
  })
}

/** Errors over cells. */
export function errorOf(cells: readonly PredictedCell[]): PredictionError {
  const factors = cells.map(({ ratio }) => Math.max(ratio, 1 / ratio))
  const none = cells.length === 0
  return {
    cells: cells.length,
    medianAbsolute: none ? null : median(cells.map(({ ratio }) => Math.abs(ratio - 1))),
    medianFactor: none ? null : median(factors),
    within25: factors.filter((factor) => factor <= NEAR).length,
  }
}

/** The whole table. */
export function predict(
  about: Pick<Prediction, 'campaignId' | 'campaign' | 'calibration' | 'baseline' | 'stale'> & {
    readonly omitted: Prediction['omitted']
  },
  pairs: readonly CellPair[],
  fitApps: readonly string[],
): Prediction {
  const cells = pairs.map((pair) => predictCell(pair, fitApps))
  const ofRole = (role: PredictedCell['role']) => cells.filter((cell) => cell.role === role)
  return {
    ...about,
    cells,
    effects: [...effectsOf(cells, about.baseline)],
    errors: {
      all: errorOf(cells),
      fit: errorOf(ofRole('fit')),
      heldOut: errorOf(ofRole('held-out')),
      undisturbed: errorOf(cells.filter(({ disturbed }) => !disturbed)),
    },
  }
}
