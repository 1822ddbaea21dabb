/** calibration: all that was measured on a host, fitted and put together; and as a preset. */
import type { HostFacts, VmFacts } from '../contract/agent/facts.ts'
import type {
  CalibratedHost,
  Calibration,
  CalibrationRow,
  FittedParameter,
  Measurement,
  ResizeTimes,
} from '../contract/calibration.ts'
import { GUEST_COSTS, HOST_COSTS } from '../model/parameters.ts'
import { fitCosts } from './fit.ts'
import { cacheSizes, calibratedFacts, switchesOf, topologyOf } from './host-facts.ts'
import { FIT_APPS } from './probes.ts'

/** What a calibration is made of. */
export type CalibrationInput = {
  readonly name: string
  /** The host's name in the lab. */
  readonly host: string
  readonly facts: HostFacts
  readonly vm: VmFacts
  readonly createdAt: string
  readonly tookMs: number
  readonly measurements: readonly Measurement[]
  readonly resizes: readonly ResizeTimes[]
  /** What went wrong on the way without ending it. */
  readonly warnings: readonly string[]
}

/** Part of disturbed windows from which a figure is doubted, 0 … 1. */
const DISTURBED_MAX = 0.5

/** Fits and puts together. */
export function makeCalibration(input: CalibrationInput): Calibration {
  const { facts, vm, measurements } = input
  const fit = fitCosts(measurements)
  const parameters = [...fit.parameters, ...cacheParameters(facts)]
  return {
    ...{ kind: 'calibration', version: 1, name: input.name, host: input.host, vm: vm.name },
    ...{ createdAt: input.createdAt, tookMs: input.tookMs },
    facts: calibratedFacts(facts, vm),
    topology: topologyOf(facts),
    switches: switchesOf(facts, vm),
    stockScheme: facts.fairClass,
    measurements: [...measurements],
    parameters,
    checks: [...fit.checks],
    resizes: [...input.resizes],
    workScale: workScaleOf(measurements),
    fitApps: [...FIT_APPS],
    kept: keptBeside(parameters),
    warnings: [...input.warnings, ...fit.warnings, ...disturbedFigures(measurements)],
  }
}

function cacheParameters(facts: HostFacts): FittedParameter[] {
  return Object.entries(cacheSizes(facts)).flatMap(([key, kib]): FittedParameter[] => {
    if (kib === null) return []
    const value = { value: kib, lo: null, hi: null }
    const defaultValue = HOST_COSTS[key as 'l2Kib' | 'llcKib'].value
    const why = 'size of the cache, as the host’s kernel has it'
    return [{ table: 'host', key, unit: 'KiB', value, defaultValue, from: [], rule: 'facts', why }]
  })
}

function workScaleOf(measurements: readonly Measurement[]): Calibration['workScale'] {
  const speedOf = (id: string) => measurements.find((m) => m.id === id)?.estimate
  const guest = speedOf('loops')
  const host = speedOf('host-loops')
  if (guest === undefined || host === undefined) return null
  const value = guest.value / host.value
  if (guest.lo === null || guest.hi === null || host.lo === null || host.hi === null)
    return { value, lo: null, hi: null }
  return { value, lo: guest.lo / host.hi, hi: guest.hi / host.lo }
}

function disturbedFigures(measurements: readonly Measurement[]): readonly string[] {
  return measurements
    .filter(({ disturbed }) => disturbed > DISTURBED_MAX)
    .map(({ id, disturbed }) => {
      const percent = Math.round(disturbed * 100)
      return `${id}: ${percent} % of its windows took over 1.5 × the estimate; other work ran`
    })
}

/** Constants read in a kernel's source are no costs to be measured. */
function keptBeside(fitted: readonly FittedParameter[]): Calibration['kept'] {
  const kept = (table: 'host' | 'guest', all: typeof HOST_COSTS | typeof GUEST_COSTS) =>
    Object.entries(all).flatMap(([key, { mark, source }]) =>
      mark === 'S' || fitted.some((p) => p.table === table && p.key === key)
        ? []
        : [{ table, key, why: `not measured; the default is ${mark}: ${source}` }],
    )
  return [...kept('host', HOST_COSTS), ...kept('guest', GUEST_COSTS)]
}

/** The calibration as a preset for scenarios and campaigns. */
export function calibratedHost(calibration: Calibration): CalibratedHost {
  const numbers = (table: string): Record<string, number> =>
    Object.fromEntries(
      calibration.parameters.filter((p) => p.table === table).map((p) => [p.key, p.value.value]),
    )
  const apps = calibration.parameters.flatMap(({ table }) =>
    table.startsWith('app:') ? [table.slice('app:'.length)] : [],
  )
  return {
    host: { ...calibration.topology, costs: numbers('host') },
    guest: numbers('guest'),
    switches: calibration.switches,
    apps: Object.fromEntries([...new Set(apps)].map((app) => [app, numbers(`app:${app}`)])),
  }
}

/** The calibration as a line of a list. */
export const calibrationRow = (calibration: Calibration): CalibrationRow => ({
  name: calibration.name,
  host: calibration.host,
  vm: calibration.vm,
  createdAt: calibration.createdAt,
  accel: calibration.facts.accel,
  parameters: calibration.parameters.length,
  warnings: calibration.warnings.length,
})
