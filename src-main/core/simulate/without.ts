/** without: a run as it would be without some of its harms; what `without` of a scenario means. */
import type { HarmKey } from '../base/harm.ts'
import type { HostCostKey } from '../model/parameters.ts'
import type { Policy } from '../model/policy.ts'
import type { SimSpec, VmSpec } from '../model/spec.ts'
import {
  coScheduled,
  withoutFragmentation,
  withoutHolderPreemption,
  withoutStacking,
} from '../schemes/counterfactual.ts'

/** Costs that become 0. */
const COSTS: Partial<Record<HarmKey, readonly HostCostKey[]>> = {
  overhead: ['vmExitNs', 'ipiNs', 'contextSwitchNs', 'tickCostNs'],
  refill: ['refillLlcNsPerKib', 'refillMemoryNsPerKib'],
  wake: ['hltNs', 'wakeNs'],
}

/** Policies in the order in which they are put around the scheme's own. */
const POLICIES: readonly (readonly [HarmKey, (policy: Policy) => Policy])[] = [
  ['stacking', withoutStacking],
  ['fragmentation', withoutFragmentation],
  ['coordination', coScheduled],
  ['locks', withoutHolderPreemption],
]

/** The spec without the harms that costs and the model itself decide. */
export function specWithout(spec: SimSpec, harms: readonly HarmKey[]): SimSpec {
  if (harms.length === 0) return spec
  const free = harms.flatMap((harm) => COSTS[harm] ?? [])
  const costs = { ...spec.costs, ...Object.fromEntries(free.map((key) => [key, 0])) }
  const vms = harms.includes('memory') ? spec.vms.map(withOwnMemory) : spec.vms
  const oracle = {
    locks: harms.includes('locks'),
    ipis: harms.includes('ipis'),
    backfill: harms.includes('fragmentation'),
  }
  return { ...spec, costs: Object.freeze(costs), vms, oracle }
}

/** A scheme's policy without the harms that scheduling decides. */
export function policyWithout(policy: Policy, harms: readonly HarmKey[]): Policy {
  const chosen = POLICIES.filter(([harm]) => harms.includes(harm))
  return chosen.reduce((inner, [, wrap]) => wrap(inner), policy)
}

function withOwnMemory(vm: VmSpec): VmSpec {
  const memory = { ...vm.workload.memory, missPenalty: 0, remotePenalty: 0 }
  return { ...vm, workload: { ...vm.workload, memory } }
}
