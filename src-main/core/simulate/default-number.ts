/** default-number: the numbers that fields of a scenario have, as written or by their defaults. */
import type { Quantity } from '../base/quantity.ts'
import type { Scenario, ScenarioVm } from '../contract/scenario.ts'
import { GUEST_COSTS, HOST_COSTS } from '../model/parameters.ts'
import { HOST_PRESETS } from '../model/presets.ts'
import { readWorkload, resolveParams } from '../workloads/index.ts'
import type { WorkloadFile } from '../workloads/index.ts'
import type { Known } from './known.ts'
import { valueAt } from './vary-path.ts'
import type { FieldSteps } from './vary-path.ts'

/** Numbers by name. */
export type Numbers = Readonly<Record<string, number>>

/**
 * Defaults of a field and of those beside it: costs of host and guest, parameters of an app or of a
 * scheme. Empty where a scenario has none, or where only the preset knows them (topology).
 */
export function defaultsBeside(draft: object, field: FieldSteps, known: Known): Numbers {
  const holder = field.slice(0, -1)
  const place = holder.map((step) => (typeof step === 'number' ? '*' : step)).join('.')
  if (place === 'guest') return valuesOf(GUEST_COSTS)
  if (place === 'host.costs') return hostCosts(valueAt(draft, ['host', 'preset']))
  if (place === 'scheme.params') {
    return schemeParams(valueAt(draft, ['scheme']) as Scenario['scheme'], known)
  }
  if (place === 'vms.*.workload.params') {
    return workloadParams(valueAt(draft, field.slice(0, 2)) as ScenarioVm, known)
  }
  return {}
}

const valuesOf = (table: Readonly<Record<string, Quantity>>): Numbers =>
  Object.fromEntries(Object.entries(table).map(([key, { value }]) => [key, value]))

const hostCosts = (presetId: unknown): Numbers => ({
  ...valuesOf(HOST_COSTS),
  ...HOST_PRESETS.find(({ id }) => id === presetId)?.costs,
})

function schemeParams({ id }: Scenario['scheme'], { schemes }: Known): Numbers {
  const parameters = schemes.find(({ info }) => info.id === id)?.info.parameters ?? []
  const numbers = parameters.flatMap(({ key, value }) =>
    typeof value === 'number' ? [[key, value] as const] : [],
  )
  return Object.fromEntries(numbers)
}

function workloadParams(vm: ScenarioVm, known: Known): Numbers {
  const file = workloadOf(vm, known)
  if (file === undefined) return {}
  const names = resolveParams(file, vm.workload.params, vm.vcpus)
  if (!names.ok) return {}
  const { vcpus: _, ...params } = names.value
  return params
}

function workloadOf({ workload }: ScenarioVm, known: Known): WorkloadFile | undefined {
  if (workload.definition !== undefined) {
    const file = readWorkload(workload.definition)
    return file.ok ? file.value : undefined
  }
  return [...known.workloads, ...known.ownWorkloads].find(({ id }) => id === workload.app)
}
