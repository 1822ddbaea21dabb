/** Factors of a run that belongs to no campaign: what its scenario says of itself. */
import type { Factors } from '../core/contract/campaign.ts'
import type { Scenario } from '../core/contract/scenario.ts'
import { schemeLabel } from '../core/contract/scheme-label.ts'

const distinct = (items: readonly string[]): string => [...new Set(items)].join(' + ')

/** App, scheme and mix of a scenario; the mix reads like `2 × 12 vCPUs`. */
export function scenarioFactors(scenario: Scenario): Factors {
  const sizes = new Map<number, number>()
  for (const { vcpus } of scenario.vms) sizes.set(vcpus, (sizes.get(vcpus) ?? 0) + 1)
  return {
    app: distinct(scenario.vms.map((vm) => vm.workload.app)),
    scheme: schemeLabel(scenario.scheme),
    mix: [...sizes].map(([vcpus, count]) => `${count} × ${vcpus} vCPUs`).join(' + '),
    overcommit: null,
    vary: {},
  }
}
