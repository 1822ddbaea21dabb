/**
 * Skew: how far a VM's vCPUs have drifted apart, as VMware measures it. A vCPU makes
 * progress while it runs or idles, and none while it waits for a pCPU or is co-stopped.
 */
import { runDelayNs } from '../model/host-queue.ts'
import type { Machine } from '../model/machine.ts'
import type { VmState } from '../model/vm-state.ts'
import { VCPU } from '../model/vocabulary.ts'

/** Leads of all vCPUs over the slowest busy sibling, ns; brought up to date VM by VM. */
export class SkewMeter {
  readonly leadNs: Float64Array
  readonly #delayNs: Float64Array

  constructor(vcpus: number) {
    this.leadNs = new Float64Array(vcpus)
    this.#delayNs = new Float64Array(vcpus)
  }

  /**
   * Adds the `sinceNs` since the VM was last measured; returns the largest lead of a busy vCPU. An
   * idle vCPU goes along with the slowest: it gathers no skew, and keeps what it has.
   */
  measure(m: Machine, vm: VmState, sinceNs: number): number {
    const { leadNs } = this
    const end = vm.firstV + vm.vcpus
    let slowest = Infinity
    for (let v = vm.firstV; v < end; v++) {
      const waited = this.#waitedNs(m, v)
      if (m.vState[v]! < VCPU.runnable) continue
      leadNs[v]! += sinceNs - waited
      slowest = Math.min(slowest, leadNs[v]!)
    }
    let most = 0
    for (let v = vm.firstV; v < end; v++) {
      if (m.vState[v]! < VCPU.runnable) continue
      leadNs[v]! -= slowest
      most = Math.max(most, leadNs[v]!)
    }
    return most
  }

  #waitedNs(m: Machine, v: number): number {
    const delay = runDelayNs(m, v)
    const waited = delay - this.#delayNs[v]!
    this.#delayNs[v] = delay
    return waited
  }

  /** The VM's vCPUs start again side by side. */
  reset(vm: VmState): void {
    this.leadNs.fill(0, vm.firstV, vm.firstV + vm.vcpus)
  }
}
