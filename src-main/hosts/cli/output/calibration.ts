/** A calibration for people: parameters, where they come from, checks, and what went wrong. */
import type {
  Calibration,
  CalibrationRow,
  FittedParameter,
  StaleFact,
} from '../../../core/contract/calibration.ts'
import type { Estimate } from '../../../core/contract/comparison.ts'
import { clockText, durationText, figures, percentText } from './quantities.ts'
import type { Column } from './table.ts'
import type { Terminal } from './terminal.ts'

const right = (title: string): Column => ({ title, align: 'right' })

/** Prints the list of calibrations. */
export function printCalibrations(rows: readonly CalibrationRow[], terminal: Terminal): void {
  if (rows.length === 0) {
    terminal.print('no calibrations yet; make one: flexlab calibrate HOST')
    return
  }
  const columns = ['name', 'host', 'VM', 'accelerator', 'made'].map((title) => ({ title }))
  terminal.table(
    [...columns, right('parameters'), right('warnings')],
    rows.map(({ name, host, vm, accel, createdAt, parameters, warnings }) => [
      ...[name, host, vm, accel, createdAt, String(parameters), String(warnings)],
    ]),
  )
}

/** Prints a calibration. */
export function printCalibration(
  calibration: Calibration,
  stale: readonly StaleFact[],
  terminal: Terminal,
): void {
  const { name, host, vm, createdAt, tookMs, facts, topology } = calibration
  const { sockets, coresPerSocket, threadsPerCore } = topology
  terminal.print(terminal.paint('bold', `Measured · calibration ${name}`))
  terminal.print(`${vm} on ${host}, ${createdAt}, in ${clockText(tookMs)}`)
  terminal.print(
    `${facts.cpuModel}, ${sockets} × ${coresPerSocket} × ${threadsPerCore} pCPUs, ` +
      `kernel ${facts.kernel}, ${facts.accel}, guest kernel ${facts.guestKernel ?? 'not known'}`,
  )
  for (const { fact, was, is } of stale) {
    terminal.print(terminal.paint('yellow', `stale: ${fact} was ${was}, is ${is}`))
  }
  terminal.print()
  printParameters(calibration.parameters, terminal)
  printChecks(calibration, terminal)
  printResizes(calibration, terminal)
  terminal.print()
  terminal.print(`${calibration.kept.length} other parameters keep their defaults (--json: which).`)
  terminal.print(`Use it: host: { preset: "calibrated:${name}" }`)
  for (const warning of calibration.warnings) {
    terminal.print(`${terminal.paint('yellow', 'warning:')} ${warning}`)
  }
}

const RULES = { measured: '', shared: 'only a sum was measured', facts: 'as the host says' }

function printParameters(parameters: readonly FittedParameter[], terminal: Terminal): void {
  const columns = [
    ...['parameter', ''].map((title) => ({ title })),
    ...['value', '95 % CI', 'default'].map(right),
    ...['from', ''].map((title) => ({ title })),
  ]
  const rows = parameters.map(({ table, key, unit, value, defaultValue, from, rule }) => [
    ...[table, key, amount(value.value, unit), interval(value, unit)],
    defaultValue === null ? '–' : amount(defaultValue, unit),
    ...[from.join(', '), RULES[rule]],
  ])
  terminal.table(columns, rows)
}

const amount = (value: number, unit: string): string =>
  unit === 'ns' ? durationText(value) : `${figures(value, 4)} ${unit}`

function interval({ lo, hi }: Estimate, unit: string): string {
  return lo === null || hi === null ? '–' : `${amount(lo, unit)} … ${amount(hi, unit)}`
}

function printChecks({ checks, workScale }: Calibration, terminal: Terminal): void {
  terminal.print()
  if (workScale !== null) {
    terminal.print(`The guest computes at ${percentText(workScale.value, 0)} of the host’s speed.`)
  }
  if (checks.length === 0) return
  terminal.print('Not used in the fit, as the fitted costs predict them:')
  const columns = [
    { title: 'figure' },
    ...['measured', '95 % CI', 'predicted', 'predicted ∕ measured'].map(right),
    { title: '' },
  ]
  const rows = checks.map(({ id, measured, predictedNs, why }) => [
    ...[id, durationText(measured.value), interval(measured, 'ns'), durationText(predictedNs)],
    ...[`${figures(predictedNs / measured.value, 3)} ×`, why],
  ])
  terminal.table(columns, rows)
}

function printResizes({ resizes }: Calibration, terminal: Terminal): void {
  if (resizes.length === 0) return
  terminal.print()
  const columns = [{ title: 'resize by' }, { title: 'guest' }, right('median'), right('95 % CI')]
  const rows = resizes.map(({ mechanism, load, medianMs }) => [
    ...[mechanism, load, `${figures(medianMs.value, 3)} ms`],
    medianMs.lo === null || medianMs.hi === null
      ? '–'
      : `${figures(medianMs.lo, 3)} … ${figures(medianMs.hi, 3)} ms`,
  ])
  terminal.table(columns, rows)
}
