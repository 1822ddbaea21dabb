/** Factors of a run that belongs to no campaign: what its scenario says of itself. */
import type { Factors } from '../core/contract/campaign.ts'
import type { Scenario, SchemeRef } from '../core/contract/scenario.ts'

const distinct = (items: readonly string[]): string => [...new Set(items)].join(' + ')

/** `id`, or `id(key=value)` with parameters: the label that campaigns use too. */
function schemeName(scheme: SchemeRef): string {
  const params = Object.entries(scheme.params)
  if (params.length === 0) return scheme.id
  return `${scheme.id}(${params.map(([key, value]) => `${key}=${String(value)}`).join(',')})`
}

/** App, scheme and mix of a scenario; the mix reads like `2 × 12 vCPUs`. */
export function scenarioFactors(scenario: Scenario): Factors {
  const sizes = new Map<number, number>()
  for (const { vcpus } of scenario.vms) sizes.set(vcpus, (sizes.get(vcpus) ?? 0) + 1)
  return {
    app: distinct(scenario.vms.map((vm) => vm.workload.app)),
    scheme: schemeName(scenario.scheme),
    mix: [...sizes].map(([vcpus, count]) => `${count} × ${vcpus} vCPUs`).join(' + '),
    overcommit: null,
    vary: {},
  }
}
