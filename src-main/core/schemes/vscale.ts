/**
 * vscale: each VM follows its CPU extendability (Cheng, Rao, Lau 2016). Every poll the hypervisor
 * computes how much CPU each VM could get, its fair share and a part of what others leave; the
 * guest keeps as many vCPUs as that fills and freezes the others, in microseconds.
 */
import { resize, setTimer } from '../model/actions.ts'
import { runDelayNs, updateCurrent } from '../model/host-queue.ts'
import type { Machine } from '../model/machine.ts'
import type { VmState } from '../model/vm-state.ts'
import { numberParameter, resolveParams } from './scheme.ts'
import type { Scheme, SchemeParams, SchemeText } from './scheme.ts'

const info: SchemeText = {
  id: 'vscale',
  title: 'vScale',
  summary: 'Guests freeze vCPUs beyond the CPU time that they could get, polled each 10 ms.',
  fixes:
    'Most double scheduling, at µs a resize; follows demand: cores of idle VMs go to busy ones.',
  breaks:
    'Counts are rounded up, so some pCPUs are still shared, and vCPUs wander; threads beyond the ' +
    'vCPUs share them inside the guest.',
  source: 'Cheng, Rao and Lau, vScale, EuroSys 2016',
  note:
    "Xen's shares are per VM, CFS's per vCPU: time that a VM waited for a pCPU counts as demand, " +
    'so that a VM which is short of CPU time does not pass for one that leaves some.',
  parameters: [
    numberParameter('periodNs', 'Poll period', 10e6, 'ns', 'K', 'paper: every 10 ms'),
    numberParameter('freezeUs', 'To freeze or thaw a vCPU', 2.1, 'µs', 'K', 'paper: 2.1 µs'),
    numberParameter('tolerance', 'Part of a vCPU not rounded up', 0.1, '', 'A', 'noise of a poll'),
    numberParameter('hysteresis', 'Polls a change must persist', 2, 'periods', 'A', 'noise'),
  ],
}

/** What a VM asked for in a period and what it is entitled to, both in pCPUs. */
export type Usage = { readonly demand: number; readonly weight: number }

/**
 * Extendability of each VM, in pCPUs: its fair share, and for those that use all of it what the
 * others left, by weight.
 */
export function extendabilities(pcpus: number, usages: readonly Usage[], tolerance: number) {
  const weight = usages.reduce((sum, u) => sum + u.weight, 0)
  let slack = 0
  let competing = 0
  for (const u of usages) {
    const fair = (pcpus * u.weight) / weight
    if (u.demand < fair - tolerance) slack += fair - u.demand
    else competing += u.weight
  }
  return usages.map((u) => {
    const fair = (pcpus * u.weight) / weight
    return u.demand < fair - tolerance ? fair : fair + (slack * u.weight) / competing
  })
}

/** The poll: measures, computes, and resizes the VMs whose number has changed for long enough. */
class VScale {
  readonly #periodNs: number
  readonly #cost: { readonly latencyNs: number; readonly stopNs: number }
  readonly #tolerance: number
  readonly #hysteresis: number
  readonly #usedNs: Float64Array
  readonly #proposed: Int32Array
  readonly #agreed: Int32Array

  constructor(params: SchemeParams, vms: number) {
    this.#periodNs = Number(params.periodNs)
    this.#cost = { latencyNs: Number(params.freezeUs) * 1000, stopNs: 0 }
    this.#tolerance = Number(params.tolerance)
    this.#hysteresis = Number(params.hysteresis)
    this.#usedNs = new Float64Array(vms)
    this.#proposed = new Int32Array(vms)
    this.#agreed = new Int32Array(vms)
  }

  start(m: Machine): void {
    setTimer(m, 0, this.#periodNs)
  }

  poll(m: Machine): void {
    setTimer(m, 0, this.#periodNs)
    for (let p = 0; p < m.pcpus; p++) updateCurrent(m, p)
    const present = m.vms.filter((vm) => !vm.departed)
    const usages = present.map((vm) => ({
      demand: this.#demand(m, vm),
      weight: m.spec.vms[vm.index]!.weight,
    }))
    const ext = extendabilities(m.pcpus, usages, this.#tolerance)
    present.forEach((vm, i) => this.#follow(m, vm, ext[i]!))
  }

  /** pCPUs that the VM used or waited for in the last period. */
  #demand(m: Machine, vm: VmState): number {
    let wantedNs = vm.cpuNs
    for (let v = vm.firstV; v < vm.firstV + vm.vcpus; v++) wantedNs += runDelayNs(m, v)
    const sinceNs = wantedNs - this.#usedNs[vm.index]!
    this.#usedNs[vm.index] = wantedNs
    return sinceNs / this.#periodNs
  }

  #follow(m: Machine, vm: VmState, extendability: number): void {
    const i = vm.index
    const n = Math.min(vm.vcpus, Math.max(1, Math.ceil(extendability - this.#tolerance)))
    this.#agreed[i] = n === this.#proposed[i] ? this.#agreed[i]! + 1 : 1
    this.#proposed[i] = n
    if (n === vm.online || this.#agreed[i] < this.#hysteresis || vm.leaving > 0) return
    resize(m, i, new Array<number>(n).fill(-1), this.#cost)
  }
}

/** CPU extendability. */
export const vscale: Scheme = Object.freeze({
  id: 'vscale',
  info,
  create: (spec, given) => {
    const daemon = new VScale(resolveParams(info, given), spec.vms.length)
    return { start: (m) => daemon.start(m), timer: (m) => daemon.poll(m) }
  },
})
