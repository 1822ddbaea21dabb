/**
 * Co-scheduling: what the schemes that stop or start whole VMs have in common. Strict ones hold VMs
 * back; the others take turns: for the length of a turn each vCPU of a VM has the first claim to a
 * pCPU of its own, its seat, which others use while it halts.
 */
import { setHeld } from '../model/actions.ts'
import { requestReschedule } from '../model/events.ts'
import type { Machine } from '../model/machine.ts'
import type { SimSpec } from '../model/spec.ts'
import { pcpuCount } from '../model/spec.ts'
import { VCPU } from '../model/vocabulary.ts'

/** Co-stops all vCPUs of a VM, or lets all of them go. */
export function holdVm(m: Machine, index: number, held: boolean): void {
  const vm = m.vms[index]!
  for (let i = 0; i < vm.vcpus; i++) setHeld(m, vm.firstV + i, held)
}

/** Turns of VMs that are co-scheduled, several at a time where there are pCPUs for all of them. */
export class Turns {
  /** Until when each VM is to be co-scheduled, ns; 0: not at all. */
  readonly untilNs: Float64Array
  readonly #endsAt: Float64Array
  readonly #vcpuOn: Int32Array
  readonly #seatOf: Int32Array

  constructor(spec: SimSpec) {
    const vcpus = spec.vms.reduce((sum, vm) => sum + vm.vcpus, 0)
    this.untilNs = new Float64Array(spec.vms.length)
    this.#endsAt = new Float64Array(spec.vms.length).fill(-Infinity)
    this.#vcpuOn = new Int32Array(pcpuCount(spec.topology)).fill(-1)
    this.#seatOf = new Int32Array(vcpus).fill(-1)
  }

  /** The VM is to be co-scheduled and has no turn now. */
  isDue(m: Machine, index: number): boolean {
    return m.now < this.untilNs[index]! && m.now >= this.#endsAt[index]!
  }

  /** The VM had a turn that ended less than `ns` ago. */
  isSated(m: Machine, index: number, ns: number): boolean {
    return m.now < this.#endsAt[index]! + ns
  }

  /** The pCPU that the vCPU has the first claim to now; −1: none. */
  seatOf(m: Machine, v: number): number {
    return m.now < this.#endsAt[m.vVm[v]!]! ? this.#seatOf[v]! : -1
  }

  /** Who has the first claim to the pCPU now; −1: nobody. */
  vcpuOn(m: Machine, p: number): number {
    const v = this.#vcpuOn[p]!
    return v >= 0 && m.now < this.#endsAt[m.vVm[v]!]! ? v : -1
  }

  /** When the turn of the vCPU's VM ends, ns. */
  endsAtNs(m: Machine, v: number): number {
    return this.#endsAt[m.vVm[v]!]!
  }

  /**
   * The VM takes a turn if enough pCPUs are without a claim: never, if it has more vCPUs than there
   * are. Its vCPU `v` has the pCPU it is on or was picked for; siblings keep theirs where they can.
   * All those pCPUs choose anew at once.
   */
  begin(m: Machine, v: number, p: number, ns: number): void {
    const { index, firstV, vcpus } = m.vms[m.vVm[v]!]!
    let free = 0
    for (let q = 0; q < m.pcpus; q++) if (this.vcpuOn(m, q) < 0) free++
    if (free < vcpus || this.vcpuOn(m, p) >= 0) return
    // seats of its last turn would count again with a new end
    for (let q = 0; q < m.pcpus; q++)
      if (this.#vcpuOn[q]! >= firstV && this.#vcpuOn[q]! < firstV + vcpus) this.#vcpuOn[q] = -1
    this.#seatOf.fill(-1, firstV, firstV + vcpus)
    this.#endsAt[index] = m.now + ns
    this.#seat(v, p)
    for (const state of [VCPU.running, VCPU.runnable, VCPU.halted])
      for (let w = firstV; w < firstV + vcpus; w++)
        if (m.vState[w] === state && this.#seatOf[w]! < 0) this.#findSeat(m, w)
  }

  #seat(v: number, p: number): void {
    this.#vcpuOn[p] = v
    this.#seatOf[v] = p
  }

  /** The pCPU where it is, or the next one without a claim. */
  #findSeat(m: Machine, v: number): void {
    for (let i = 0; i < m.pcpus; i++) {
      const p = (m.vP[v]! + i) % m.pcpus
      if (this.vcpuOn(m, p) >= 0) continue
      this.#seat(v, p)
      if (m.vState[v] === VCPU.runnable) requestReschedule(m, p)
      return
    }
  }
}
