/**
 * flex: VM-level fairness (Rao and Zhou 2014). FlexW retunes the weights of each VM's vCPUs so that
 * VMs, not vCPUs, get CPU time by weight. For FlexS, which stops wasted spinning, stands KVM's
 * directed yield.
 */
import { setTimer } from '../model/actions.ts'
import { runDelayNs, updateCurrent } from '../model/host-queue.ts'
import type { Machine } from '../model/machine.ts'
import type { VmState } from '../model/vm-state.ts'
import { numberParameter, resolveParams } from './scheme.ts'
import type { Scheme, SchemeParams, SchemeText } from './scheme.ts'

const info: SchemeText = {
  id: 'flex',
  title: 'Flex',
  summary: "Weights of vCPUs follow their VM's lag, so that VMs share the CPU time by weight.",
  fixes: 'Unfairness between VMs with different numbers of vCPUs, within 5 %.',
  breaks: 'Siblings are still preempted and stacked: no help for locks, barriers and IPIs.',
  source: 'Rao and Zhou, Towards fair and efficient SMP virtual machine scheduling, PPoPP 2014',
  note:
    'A reconstruction from its abstract; how weights follow the lag is ours. FlexS cuts ' +
    "busy-waiting in Xen: KVM's directed yield (switch `ple`) stands for it. Exchanging the " +
    'places of a spinner and a preempted sibling did worse than that in this model.',
  parameters: [
    numberParameter('periodNs', 'Weights are retuned each', 30e6, 'ns', 'K', 'Xen accounting'),
    numberParameter('gain', 'Part of the lag made up a period', 0.2, '', 'A', 'settles in ≈ 10'),
  ],
}

/** What a VM used, and used or waited for, in a period, ns. */
export type Claim = { readonly usedNs: number; readonly wantedNs: number; readonly weight: number }

/**
 * What each VM should have got of the time that all of them used: by weight, at most what it
 * wanted (generalised processor sharing). Sums to the time used.
 */
export function fairShares(claims: readonly Claim[]): readonly number[] {
  const shares = claims.map(() => 0)
  let pool = claims.reduce((sum, c) => sum + c.usedNs, 0)
  let open = claims.map((_, i) => i)
  while (open.length > 0 && pool > 0) {
    const weight = open.reduce((sum, i) => sum + claims[i]!.weight, 0)
    const level = pool / weight
    const full = open.filter((i) => claims[i]!.wantedNs <= claims[i]!.weight * level)
    if (full.length === 0) {
      for (const i of open) shares[i] = claims[i]!.weight * level
      break
    }
    for (const i of full) {
      shares[i] = claims[i]!.wantedNs
      pool -= claims[i]!.wantedNs
    }
    open = open.filter((i) => !full.includes(i))
  }
  return shares
}

const NICE_0 = 1024
const WEIGHTS = { min: 16, max: 262_144 } as const

/** FlexW: feedback from each VM's lag behind its fair share to the weights of its vCPUs. */
class FlexWeights {
  readonly #periodNs: number
  readonly #gain: number
  readonly #usedNs: Float64Array
  readonly #waitedNs: Float64Array
  readonly #lagNs: Float64Array

  constructor(params: SchemeParams, vms: number) {
    this.#periodNs = Number(params.periodNs)
    this.#gain = Number(params.gain)
    this.#usedNs = new Float64Array(vms)
    this.#waitedNs = new Float64Array(vms)
    this.#lagNs = new Float64Array(vms)
  }

  start(m: Machine): void {
    setTimer(m, 0, this.#periodNs)
  }

  retune(m: Machine): void {
    setTimer(m, 0, this.#periodNs)
    for (let p = 0; p < m.pcpus; p++) updateCurrent(m, p)
    const present = m.vms.filter((vm) => !vm.departed)
    const claims = present.map((vm) => this.#claim(m, vm))
    const shares = fairShares(claims)
    const used = claims.reduce((sum, c) => sum + c.usedNs, 0)
    const wanted = claims.reduce((sum, c) => sum + c.wantedNs, 0)
    // only a VM that has departed since ran: there is nothing to go by
    if (used === 0) return
    present.forEach((vm, i) => {
      const { usedNs, wantedNs } = claims[i]!
      if (wantedNs === 0) return
      const due = this.#due(vm.index, shares[i]!, usedNs, wantedNs)
      setWeight(m, vm, (due / wantedNs) * (wanted / used), wantedNs / this.#periodNs)
    })
  }

  #claim(m: Machine, vm: VmState): Claim {
    let waited = 0
    for (let v = vm.firstV; v < vm.firstV + vm.vcpus; v++) waited += runDelayNs(m, v)
    const usedNs = vm.cpuNs - this.#usedNs[vm.index]!
    const waitedNs = waited - this.#waitedNs[vm.index]!
    this.#usedNs[vm.index] = vm.cpuNs
    this.#waitedNs[vm.index] = waited
    return { usedNs, wantedNs: usedNs + waitedNs, weight: m.spec.vms[vm.index]!.weight }
  }

  /** What the VM should get in the next period: its share, and a part of what it lags behind. */
  #due(i: number, shareNs: number, usedNs: number, wantedNs: number): number {
    const lag = this.#lagNs[i]! + shareNs - usedNs
    // one that gets all it wants is owed nothing
    this.#lagNs[i] = shareNs < wantedNs ? lag : 0
    return Math.max(shareNs / 4, shareNs + this.#gain * this.#lagNs[i])
  }
}

/** Gives a VM's vCPUs a weight, relative to the mean; `runnable`: how many share a cgroup's. */
function setWeight(m: Machine, vm: VmState, relative: number, runnable: number): void {
  const shared = m.spec.switches.cgroupFairness ? runnable : 1
  const weight = Math.min(WEIGHTS.max, Math.max(WEIGHTS.min, relative * shared * NICE_0))
  m.vWeight.fill(weight, vm.firstV, vm.firstV + vm.vcpus)
}

/** VM-level fairness by weights of vCPUs. */
export const flex: Scheme = Object.freeze({
  id: 'flex',
  info,
  create: (spec, given) => {
    const weights = new FlexWeights(resolveParams(info, given), spec.vms.length)
    return { start: (m) => weights.start(m), timer: (m) => weights.retune(m) }
  },
})
