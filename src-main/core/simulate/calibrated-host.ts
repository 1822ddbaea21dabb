/**
 * calibrated-host: a preset `calibrated:NAME` stands for a calibration of the library. It is filled
 * into the file field by field, as if the user had written it, so that a scenario means the same
 * without the library; what the file itself says goes before it.
 */
import { didYouMean } from '../base/did-you-mean.ts'
import { err, ok } from '../base/result.ts'
import type { Issue, Result } from '../base/result.ts'
import { CALIBRATED } from '../contract/calibration.ts'
import type { CalibratedHost } from '../contract/calibration.ts'
import type { Scenario } from '../contract/scenario.ts'
import type { HostPreset } from '../model/presets.ts'

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is no object is left to the schema to refuse. */
const over = (defaults: Fields, own: unknown): unknown =>
  own === undefined ? defaults : isFields(own) ? { ...defaults, ...own } : own

function fillHost(calibrated: CalibratedHost['host'], own: Fields): Fields {
  // a socket of another size has one LLC, as with the shipped presets
  const coresPerLlc = own['coresPerLlc'] ?? own['coresPerSocket'] ?? calibrated.coresPerLlc
  return { ...calibrated, ...own, coresPerLlc, costs: over(calibrated.costs, own['costs']) }
}

function fillVm(apps: CalibratedHost['apps'], vm: unknown): unknown {
  if (!isFields(vm) || !isFields(vm['workload'])) return vm
  const { workload } = vm
  const params = apps[String(workload['app'])]
  if (params === undefined || workload['definition'] !== undefined) return vm
  return { ...vm, workload: { ...workload, params: over(params, workload['params']) } }
}

/** Parameters of apps: a scenario has them in its VMs, a campaign by app. */
function fillApps(apps: CalibratedHost['apps'], file: Fields): Fields {
  const { vms } = file
  if (Array.isArray(vms)) return { vms: vms.map((vm: unknown) => fillVm(apps, vm)) }
  const own = file['appParams'] ?? {}
  if (file['kind'] !== 'campaign' || !isFields(own)) return {}
  const filled = Object.entries(apps).map(([app, params]) => [app, over(params, own[app])])
  return { appParams: { ...own, ...Object.fromEntries(filled) } }
}

/**
 * The file of a scenario or campaign with the calibration filled in that its preset names; others
 * as they are. A calibration that the library lacks is an issue, unless the file is complete.
 */
export function fillCalibrated(
  file: unknown,
  known: ReadonlyMap<string, CalibratedHost>,
): Result<unknown, readonly Issue[]> {
  if (!isFields(file) || !isFields(file['host'])) return ok(file)
  const { host } = file
  const preset = host['preset']
  if (typeof preset !== 'string' || !preset.startsWith(CALIBRATED)) return ok(file)
  const calibrated = known.get(preset.slice(CALIBRATED.length))
  if (calibrated === undefined)
    return isFilled(host) ? ok(file) : err([unknownCalibration(preset, known)])
  return ok({
    ...file,
    host: fillHost(calibrated.host, host),
    guest: over(calibrated.guest, file['guest']),
    switches: over(calibrated.switches, file['switches']),
    ...fillApps(calibrated.apps, file),
  })
}

const TOPOLOGY = ['sockets', 'coresPerSocket', 'coresPerLlc', 'threadsPerCore'] as const

const isFilled = (host: Fields): boolean => TOPOLOGY.every((key) => host[key] !== undefined)

function unknownCalibration(preset: string, known: ReadonlyMap<string, unknown>): Issue {
  const names = [...known.keys()].map((name) => `${CALIBRATED}${name}`)
  return {
    path: 'host.preset',
    message: `this library holds no calibration "${preset.slice(CALIBRATED.length)}"`,
    hint: didYouMean(preset, names) || 'make one: flexlab calibrate HOST',
  }
}

/** The preset of a filled scenario: its topology; its costs are all in the scenario. */
export function calibratedPreset(host: Scenario['host']): HostPreset | undefined {
  const { preset: id, sockets, coresPerSocket, coresPerLlc, threadsPerCore } = host
  if (!id.startsWith(CALIBRATED)) return undefined
  if (sockets === undefined || coresPerSocket === undefined) return undefined
  if (coresPerLlc === undefined || threadsPerCore === undefined) return undefined
  const topology = { sockets, coresPerSocket, coresPerLlc, threadsPerCore }
  return { id, title: id, topology, costs: {}, source: `measured: ${id}` }
}
