/** Predicted and measured cells for people: both times, their ratio, and why they may differ. */
import type {
  PredictedCell,
  Prediction,
  PredictionError,
} from '../../../core/contract/calibration.ts'
import { durationText, figures, percentText } from './quantities.ts'
import type { Column } from './table.ts'
import type { Terminal } from './terminal.ts'

const left = (title: string): Column => ({ title })
const right = (title: string): Column => ({ title, align: 'right' })

const ROLES = { fit: 'in the fit', 'held-out': 'held out' }

/** Prints the tables of a prediction. */
export function printPrediction(prediction: Prediction, terminal: Terminal): void {
  const { campaign, calibration, cells, effects, errors, stale, omitted } = prediction
  const title = `Simulated and measured · ${campaign} · calibration ${calibration}`
  terminal.print(terminal.paint('bold', title))
  for (const { fact, was, is } of stale) {
    terminal.print(terminal.paint('yellow', `stale: ${fact} was ${was}, is ${is}`))
  }
  terminal.print()
  terminal.table(CELL_COLUMNS, cells.map(cellRow))
  terminal.print()
  if (effects.length > 0) printEffects(prediction, terminal)
  for (const [name, error] of [
    ...[['all cells', errors.all] as const, ['in the fit', errors.fit] as const],
    ...[['held out', errors.heldOut] as const, ['undisturbed', errors.undisturbed] as const],
  ]) {
    terminal.print(`${name}: ${errorText(error)}`)
  }
  if (cells.some(({ disturbed }) => disturbed)) {
    terminal.print(
      'disturbed: other work took over a tenth of the host’s CPU time, which the simulator does ' +
        'not know of; measure those cells again on a quiet host.',
    )
  }
  for (const { app, scheme, mix, why } of omitted) {
    terminal.print(`not simulated: ${app}, ${scheme}, ${mix}: ${why}`)
  }
}

const CELL_COLUMNS = [
  ...[left('app'), left('scheme'), left('mix'), right('measured'), right('simulated')],
  ...[right('ratio'), left('95 % CIs'), right('CPU m/s'), right('run delay m/s'), right('foreign')],
  left(''),
]

function cellRow(cell: PredictedCell): readonly string[] {
  const { measuredEvidence: measured, simulatedEvidence: simulated, overlaps } = cell
  return [
    ...[cell.app, cell.scheme, cell.mix],
    ...[durationText(cell.measuredNs.value), durationText(cell.simulatedNs.value)],
    `${figures(cell.ratio, 3)} ×`,
    overlaps === null ? 'too few' : overlaps ? 'meet' : 'apart',
    `${share(measured.cpuShare)} / ${share(simulated.cpuShare)}`,
    `${share(measured.delayShare)} / ${share(simulated.delayShare)}`,
    share(measured.foreignShare),
    `${ROLES[cell.role]}${cell.disturbed ? ', disturbed' : ''}`,
  ]
}

const share = (value: number | null): string => (value === null ? '–' : percentText(value, 0))

function printEffects({ effects, baseline }: Prediction, terminal: Terminal): void {
  terminal.print(`T(${baseline}) ∕ T:`)
  const columns = [
    ...[left('app'), left('scheme'), left('mix')],
    ...[right('measured'), right('simulated'), left('direction'), left('')],
  ]
  terminal.table(
    columns,
    effects.map(({ app, scheme, mix, measured, simulated, sameDirection, role }) => [
      ...[app, scheme, mix, `${figures(measured, 3)} ×`, `${figures(simulated, 3)} ×`],
      ...[sameDirection ? 'same' : 'differs', ROLES[role]],
    ]),
  )
  terminal.print()
}

function errorText({ cells, medianAbsolute, medianFactor, within25 }: PredictionError): string {
  if (medianAbsolute === null || medianFactor === null) return 'no cells'
  return (
    `median |error| ${percentText(medianAbsolute, 0)}, ` +
    `median factor ${figures(medianFactor, 3)}; ` +
    `${within25} of ${cells} within a factor of 1.25`
  )
}
