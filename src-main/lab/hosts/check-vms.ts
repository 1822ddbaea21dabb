/** A scenario's VMs against those that the host has now, before anything is changed. */
import { didYouMean } from '../../core/base/did-you-mean.ts'
import { LabError } from '../../core/base/lab-error.ts'
import type { LabErrorCode } from '../../core/base/lab-error.ts'
import type { VmFacts } from '../../core/contract/agent/facts.ts'
import type { Scenario, ScenarioVm } from '../../core/contract/scenario.ts'

/** Weights are whole numbers in several units; a difference below this is one of rounding. */
const WEIGHT_TOLERANCE = 0.05

/**
 * @throws LabError `bad-input` that names the first VM that is not as the scenario says,
 *   `unavailable` where its guest does not answer
 */
export function checkVms(scenario: Scenario, found: readonly VmFacts[]): void {
  for (const vm of scenario.vms) {
    const problem = problemOf(vm, found)
    if (problem !== null) throw new LabError(...problem)
  }
}

type Problem = readonly [code: LabErrorCode, message: string, hint: string]

function problemOf(vm: ScenarioVm, found: readonly VmFacts[]): Problem | null {
  const name = vm.name ?? ''
  const facts = found.find((each) => each.name === name)
  if (facts === undefined) {
    const names = found.map((each) => each.name)
    const hint = names.length === 0 ? 'it has none that the agent sees' : didYouMean(name, names)
    return ['bad-input', `the host has no VM "${name}"`, hint]
  }
  if (facts.state !== 'running') {
    return ['bad-input', `the VM "${name}" is ${facts.state}`, 'start it']
  }
  const { vcpus } = facts
  if (vcpus.length !== vm.vcpus) {
    const message = `the VM "${name}" has ${vcpus.length} vCPUs, the scenario says ${vm.vcpus}`
    return ['bad-input', message, 'give the vCPUs that it has']
  }
  const { guest } = facts
  if (guest === null || !guest.canExec) {
    const why = facts.problem ?? 'its guest agent starts no programs'
    const hint = 'install qemu-guest-agent in the guest and allow guest-exec'
    return ['unavailable', `nothing can be run in the VM "${name}": ${why}`, hint]
  }
  if (Math.abs(facts.weight / vm.weight - 1) <= WEIGHT_TOLERANCE) return null
  const message = `the VM "${name}" has the weight ${facts.weight}, the scenario says ${vm.weight}`
  const hint = 'give the weight that it has; the lab does not change weights'
  return ['bad-input', message, hint]
}
