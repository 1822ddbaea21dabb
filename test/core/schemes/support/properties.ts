/** What schemes promise, measured from outside: idling beside work, shares, vCPUs online. */
import type { Scenario, ScenarioInput } from '../../../../src-main/core/contract/scenario.ts'
import type { Machine } from '../../../../src-main/core/model/machine.ts'
import { VCPU } from '../../../../src-main/core/model/vocabulary.ts'
import { runScenario, scenarioOf, watch } from '../../model/support/scenarios.ts'

/** Longest time that a pCPU idled while a vCPU that may run there waited in another's queue. */
class IdleBesideWork {
  readonly #since: Float64Array
  longestNs = 0

  constructor(pcpus: number) {
    this.#since = new Float64Array(pcpus).fill(Infinity)
  }

  look(m: Machine): void {
    for (let p = 0; p < m.pcpus; p++) {
      const wasted = m.pIdle[p] === 1 && hasWorkFor(m, p)
      if (!wasted) this.#since[p] = Infinity
      else this.#since[p] = Math.min(this.#since[p]!, m.now)
      this.longestNs = Math.max(this.longestNs, m.now - Math.min(m.now, this.#since[p]!))
    }
  }
}

function hasWorkFor(m: Machine, p: number): boolean {
  for (let v = 0; v < m.vcpus; v++) {
    if (m.vState[v] !== VCPU.runnable || m.vHeld[v] !== 0) continue
    if (m.policy.allows === undefined || m.policy.allows(m, v, p)) return true
  }
  return false
}

/** The longest that a pCPU of the run idled beside work, ns, and the machine at its end. */
export function longestIdling(scenario: Scenario): { readonly ns: number; readonly m: Machine } {
  let idle: IdleBesideWork | undefined
  const m = watch(scenario, (machine) => {
    idle ??= new IdleBesideWork(machine.pcpus)
    idle.look(machine)
  })
  return { ns: idle!.longestNs, m }
}

/** CPU time of each VM, as shares, when something is first the case. */
function sharesWhen(scenario: Scenario, isDue: (m: Machine) => boolean): readonly number[] {
  let at: readonly number[] | undefined
  watch(scenario, (m) => {
    if (at === undefined && isDue(m)) at = m.vms.map((vm) => vm.cpuNs)
  })
  const total = at!.reduce((a, b) => a + b, 0)
  return at!.map((ns) => ns / total)
}

/** Shares of CPU time after `ns`. */
export const sharesAt = (scenario: Scenario, ns: number): readonly number[] =>
  sharesWhen(scenario, (m) => m.now >= ns)

/** Shares of CPU time when the first VM has finished: all compete until then. */
export const sharesAtFirstEnd = (scenario: Scenario): readonly number[] =>
  sharesWhen(scenario, (m) => m.vmFinished > 0)

/** How many vCPUs each VM has online. */
export const onlineOf = (m: Machine): readonly number[] =>
  m.vms.map(({ firstV, vcpus }) => {
    let online = 0
    for (let v = firstV; v < firstV + vcpus; v++) if (m.vState[v] !== VCPU.offline) online++
    return online
  })

/** Most vCPUs that were online at once, all VMs together, between two times. */
export function mostOnline(scenario: Scenario, fromNs: number, toNs: number): number {
  let most = 0
  watch(scenario, (m) => {
    if (m.now < fromNs || m.now > toNs) return
    most = Math.max(
      most,
      onlineOf(m).reduce((a, b) => a + b, 0),
    )
  })
  return most
}

/** The longest time that a vCPU which is not held waited for a pCPU, ns. */
export function longestWaitNs(scenario: Scenario): number {
  let longest = 0
  watch(scenario, (m) => {
    for (let v = 0; v < m.vcpus; v++) {
      if (m.vState[v] !== VCPU.runnable || m.vHeld[v] !== 0) continue
      longest = Math.max(longest, m.now - m.vRunnableAt[v]!)
    }
  })
  return longest
}

/** When both of two VMs of four vCPUs, on four pCPUs, have done the app once, ns: three seeds. */
export function pairTimeNs(app: string, scheme: ScenarioInput['scheme']): number {
  const vms = [0, 1].map(() => ({ vcpus: 4, workload: { app, params: { scale: 0.1 } } }))
  let sum = 0
  for (const seed of [1, 2, 3]) {
    const m = runScenario(scenarioOf(4, vms, { scheme, seed }))
    sum += Math.max(...m.vms.map((vm) => vm.iterationNs[0]!))
  }
  return sum
}
