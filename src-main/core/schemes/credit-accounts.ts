/**
 * Credits of Xen's credit scheduler (xen/common/sched/credit.c): who has credit left, and what each
 * accounting gives out. A credit is a nanosecond of a pCPU here; Xen counts ten a millisecond.
 */
import type { Machine } from '../model/machine.ts'
import type { SimSpec } from '../model/spec.ts'

/** Priorities, lowest first: nobody, credit used up, credit left, just woken, co-scheduled. */
export const LEVEL = { idle: 0, over: 1, under: 2, boost: 3, turn: 4 } as const

/** The accounts of all vCPUs. */
export class CreditAccounts {
  readonly level: Uint8Array
  readonly #credit: Float64Array
  /** Takes part in the accounting: found running at a tick, and not yet full of credit. */
  readonly #isActive: Uint8Array
  readonly #activeOf: Int32Array
  readonly #shareNs: Float64Array
  readonly #isOpen: Uint8Array
  readonly #sliceNs: number
  #balanceNs = 0

  constructor(spec: SimSpec, sliceNs: number) {
    const vcpus = spec.vms.reduce((sum, vm) => sum + vm.vcpus, 0)
    this.level = new Uint8Array(vcpus).fill(LEVEL.under)
    this.#credit = new Float64Array(vcpus)
    this.#isActive = new Uint8Array(vcpus)
    this.#activeOf = new Int32Array(spec.vms.length)
    this.#shareNs = new Float64Array(spec.vms.length)
    this.#isOpen = new Uint8Array(spec.vms.length)
    this.#sliceNs = sliceNs
  }

  /** The vCPU ran (burn_credits). */
  burn(v: number, ranNs: number): void {
    this.#credit[v]! -= ranNs
  }

  /** The vCPU wakes: with credit left it gets ahead of all that are not new (csched_unit_wake). */
  boost(v: number): void {
    if (this.level[v] === LEVEL.under) this.level[v] = LEVEL.boost
  }

  /** A tick found the vCPU running: it is no sleeper, and takes part (csched_unit_acct). */
  sample(v: number): void {
    if (this.level[v] === LEVEL.boost) this.level[v] = LEVEL.under
    this.#isActive[v] = 1
  }

  /** What is left to all vCPUs of a VM together, ns. */
  creditOf(m: Machine, index: number): number {
    const { firstV, vcpus } = m.vms[index]!
    let sum = 0
    for (let v = firstV; v < firstV + vcpus; v++) sum += this.#credit[v]!
    return sum
  }

  /** Gives out a slice of every pCPU by weight (csched_acct). */
  distribute(m: Machine): void {
    this.#activeOf.fill(0)
    for (let v = 0; v < m.vcpus; v++) this.#activeOf[m.vVm[v]!]! += this.#isActive[v]!
    let weight = 0
    for (const vm of m.vms) weight += this.#weightOf(m, vm.index)
    const owedNs = Math.max(0, -this.#balanceNs)
    this.#balanceNs = 0
    if (weight === 0) return
    this.#divide(m, m.pcpus * this.#sliceNs + owedNs, weight, owedNs)
    for (let v = 0; v < m.vcpus; v++) if (this.#isActive[v] !== 0) this.#earn(m, v)
  }

  /** Weight of a VM's active vCPUs: Xen's is each vCPU's; a cgroup's is the VM's. */
  #weightOf(m: Machine, index: number): number {
    const active = this.#activeOf[index]!
    const weight = m.vWeight[m.vms[index]!.firstV]!
    return m.spec.switches.cgroupFairness ? weight * Math.min(1, active) : weight * active
  }

  /** By weight; no VM gets more than its active vCPUs can use, others share what it leaves. */
  #divide(m: Machine, poolNs: number, weight: number, owedNs: number): void {
    let openNs = poolNs
    let openWeight = weight
    for (const { index } of m.vms) this.#isOpen[index] = this.#activeOf[index]! > 0 ? 1 : 0
    for (let closed = true; closed;) {
      const rate = openWeight > 0 ? openNs / openWeight : 0
      closed = false
      for (const { index } of m.vms) {
        if (this.#isOpen[index] === 0) continue
        const own = this.#weightOf(m, index)
        const peakNs = this.#activeOf[index]! * this.#sliceNs + (owedNs * own) / weight
        this.#shareNs[index] = Math.min(peakNs, rate * own)
        if (rate * own < peakNs) continue
        this.#isOpen[index] = 0
        openNs -= peakNs
        openWeight -= own
        closed = true
      }
    }
  }

  #earn(m: Machine, v: number): void {
    const vm = m.vVm[v]!
    const credit = this.#credit[v]! + this.#shareNs[vm]! / this.#activeOf[vm]!
    this.level[v] = credit < 0 ? LEVEL.over : LEVEL.under
    this.#credit[v] = Math.max(-this.#sliceNs, credit)
    if (credit > this.#sliceNs) {
      this.#isActive[v] = 0
      this.#credit[v] = credit / 2
    }
    this.#balanceNs += this.#credit[v]
  }
}
