/**
 * predicted-scenario: a scenario that was measured, as the simulator would run it: the same VMs and
 * programs, the scheme's simulated equivalent, and a calibrated host in place of the real one.
 */
import { err, ok } from '../base/result.ts'
import type { Result } from '../base/result.ts'
import { formatIssue } from '../base/result.ts'
import { CALIBRATED } from '../contract/calibration.ts'
import type { CalibratedHost, Calibration } from '../contract/calibration.ts'
import type { Scenario, ScenarioVm } from '../contract/scenario.ts'
import { simulatedScheme } from '../schemes/host-schemes.ts'
import type { SchemeUse } from '../schemes/host-schemes.ts'
import { programOf } from './check-measured.ts'
import { appIds, SHIPPED } from './known.ts'
import type { Known } from './known.ts'
import { readScenarioValue } from './read-scenario.ts'

/** Options of the micro-benchmark that say how it is timed, not what it does. */
const TIMING_OPTIONS = ['loopsPerUs', 'windows']

type Workload = { readonly app: string; readonly params: Readonly<Record<string, number>> }

/** The model of what a VM's guest ran, or why there is none. */
function workloadOf(vm: ScenarioVm, known: Known): Result<Workload, string> {
  const program = programOf(vm)
  const { app, params } = vm.workload
  if (program === null) return err(`nothing is known of the program of "${app}"`)
  if (program.kind === 'command') {
    if (appIds(known).includes(app)) return ok({ app, params })
    return err(`the simulator has no model of "${app}"`)
  }
  const model = `micro-${program.mode}`
  if (!appIds(known).includes(model)) return err(`the simulator has no model of ${program.mode}`)
  const options = Object.entries(program.options).filter(([key]) => !TIMING_OPTIONS.includes(key))
  return ok({ app: model, params: Object.fromEntries(options) })
}

/** What a calibration gives to a prediction. */
export type PredictionHost = Pick<Calibration, 'name' | 'stockScheme'> & {
  readonly preset: CalibratedHost
  /** pCPUs of the host that the agent may use. */
  readonly pcpus: number
}

/**
 * The scenario to simulate with a seed, or why it cannot be. `use`: the simulator's scheme, the
 * equivalent of the measured one unless given.
 */
export function predictedScenario(
  measured: Scenario,
  { name, stockScheme, preset, pcpus }: PredictionHost,
  known: Known = SHIPPED,
  use?: SchemeUse,
): Result<Scenario, string> {
  const scheme = use ?? simulatedScheme(measured.scheme, stockScheme)
  if (scheme === null) return err(`the simulator has no equivalent of ${measured.scheme.id}`)
  const used = measured.measured?.pcpus?.length ?? pcpus
  if (used !== pcpus) {
    return err(`it used ${used} of the ${pcpus} pCPUs; the simulator’s schemes share them all`)
  }
  const vms: unknown[] = []
  for (const vm of measured.vms) {
    const workload = workloadOf(vm, known)
    if (!workload.ok) return workload
    vms.push({ ...vm, workload: workload.value })
  }
  const { measured: _measured, guest: _guest, switches: _switches, host: _host, ...rest } = measured
  const host = { preset: `${CALIBRATED}${name}` }
  const calibrated = { ...known, calibrated: new Map([[name, preset]]) }
  const read = readScenarioValue({ ...rest, host, scheme, vms }, calibrated)
  return read.ok ? read : err(read.error.map(formatIssue).join('; '))
}
