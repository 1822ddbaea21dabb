/** catalogue: everything a user can choose from, with where each default comes from. */
import type { Quantity } from '../base/quantity.ts'
import { CALIBRATED } from '../contract/calibration.ts'
import type { CalibratedHost } from '../contract/calibration.ts'
import type { AppInfo, Catalogue, HostInfo, Parameter } from '../contract/catalogue.ts'
import { GUEST_COSTS, HOST_COSTS } from '../model/parameters.ts'
import { HOST_PRESETS } from '../model/presets.ts'
import type { HostPreset } from '../model/presets.ts'
import { HOST_SCHEMES } from '../schemes/host-schemes.ts'
import { allParams } from '../workloads/index.ts'
import type { WorkloadFile } from '../workloads/index.ts'
import { SHIPPED } from './known.ts'
import type { Known } from './known.ts'
import { TEMPLATES } from './templates/index.ts'

/** `vmExitNs` as words: `vm exit`. */
function words(key: string, unit: string): string {
  const plain = key.replace(new RegExp(`${unit.replace(/[^a-z]/gi, '')}$`, 'i'), '')
  return plain.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).trim()
}

function costParameter(key: string, quantity: Quantity, override?: number): Parameter {
  const { value, unit, mark, source } = quantity
  return { key, label: words(key, unit), value: override ?? value, unit, mark, source }
}

function costs(table: Readonly<Record<string, Quantity>>, preset?: HostPreset): Parameter[] {
  return Object.entries(table).map(([key, quantity]) => {
    const override = preset?.costs[key]
    const parameter = costParameter(key, quantity, override)
    return override === undefined || preset === undefined
      ? parameter
      : { ...parameter, source: preset.source }
  })
}

const hostInfo = (preset: HostPreset): HostInfo => ({
  id: preset.id,
  title: preset.title,
  ...preset.topology,
  costs: costs(HOST_COSTS, preset),
})

const calibratedInfo = ([name, { host }]: readonly [string, CalibratedHost]): HostInfo => {
  const { costs: measured, ...topology } = host
  const id = `${CALIBRATED}${name}`
  const source = `measured: calibration ${name}`
  return hostInfo({ id, title: `${name}, as calibrated`, topology, costs: measured, source })
}

const appInfo = (file: WorkloadFile): AppInfo => ({
  id: file.id,
  title: file.title,
  suite: file.suite,
  summary: file.summary,
  parameters: Object.entries(allParams(file)).map(
    ([key, { label, value, unit, mark, source }]): Parameter => ({
      key,
      label,
      value,
      unit,
      mark,
      source,
    }),
  ),
})

/** Schemes, apps, hosts, parameters with provenance, shipped campaigns. A fresh value each time. */
export const catalogue = (known: Known = SHIPPED): Catalogue => ({
  schemes: known.schemes.map(({ info }) => info),
  hostSchemes: HOST_SCHEMES.map(({ info }) => info),
  apps: [...known.workloads, ...known.ownWorkloads].map(appInfo),
  hosts: [...HOST_PRESETS.map(hostInfo), ...[...known.calibrated].map(calibratedInfo)],
  guest: costs(GUEST_COSTS),
  templates: [...TEMPLATES],
})
