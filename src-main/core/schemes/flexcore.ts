/**
 * flexcore: vCPU ballooning (Miao and Chen 2015), reconstructed from the published abstract and
 * this project's design: all VMs together have one vCPU for each pCPU, pinned 1:1, and the numbers
 * follow the VMs' activity with hysteresis.
 */
import { resize, setTimer } from '../model/actions.ts'
import type { Machine } from '../model/machine.ts'
import { allocateVcpus, placeVcpus } from './allocation.ts'
import type { Claim } from './allocation.ts'
import { choiceParameter, numberParameter, resolveParams } from './scheme.ts'
import type { Scheme, SchemeParams, SchemeText } from './scheme.ts'

/** What one resize costs: until it takes effect, and how long the VM stands still. */
const RESIZE_COSTS: Readonly<Record<string, { latencyNs: number; stopNs: number }>> = {
  module: { latencyNs: 5e3, stopNs: 0 },
  confinement: { latencyNs: 100e3, stopNs: 0 },
  hotplug: { latencyNs: 50e6, stopNs: 3e6 },
}

const info: SchemeText = {
  id: 'flexcore',
  title: 'FlexCore (vCPU ballooning)',
  summary: 'vCPUs are added and removed at run time: one vCPU for each physical core.',
  fixes: 'Double scheduling: lock-holder preemption, stacking, IPI waits on preempted vCPUs.',
  breaks:
    'More threads than vCPUs share them inside the guest, where user-level spinning wastes ' +
    'slices; resizes cost time.',
  source: 'Miao and Chen, FlexCore, Tsinghua Science and Technology 20(1), 2015',
  note: "A reconstruction: the paper's full text is not public.",
  parameters: [
    numberParameter('periodNs', 'Control period', 50e6, 'ns', 'A', 'design: 10–100 ms'),
    numberParameter('hysteresis', 'Periods a change must persist', 2, 'periods', 'A', 'design'),
    numberParameter('idleFraction', 'Idle below this utilisation', 0.02, '', 'A', 'design'),
    choiceParameter(
      'resize',
      'Cost of a resize',
      Object.keys(RESIZE_COSTS),
      'module',
      'module ≈ µs (paper-style), confinement ≈ 100 µs, hotplug ≈ tens of ms (Bolt, ATC 2015)',
    ),
  ],
}

/** The controller: decides counts each period, shrinks first, grows when the shrinking is done. */
class FlexCore {
  readonly #params: SchemeParams
  readonly #cost: { latencyNs: number; stopNs: number }
  #placed: readonly (readonly number[])[] = []
  #proposed = ''
  #inForce = ''
  #agreed = 0
  #lastCpuNs: number[] = []
  readonly #pending = new Set<number>()

  constructor(params: SchemeParams) {
    this.#params = params
    this.#cost = RESIZE_COSTS[String(params.resize)]!
  }

  /** VMs that start at time 0 get their cores before the clock starts. */
  start(m: Machine): void {
    this.#lastCpuNs = m.vms.map(() => 0)
    this.#placed = m.vms.map(() => [])
    const claims = m.spec.vms.map((vm) => ({ ...vm, active: vm.startNs === 0 }))
    const counts = allocateVcpus(m.pcpus, claims)
    const placed = this.#place(m, counts)
    this.#placed = placed
    this.#inForce = counts.join()
    m.vms.forEach((_, i) => resize(m, i, pinsOf(placed[i]!), { latencyNs: 0, stopNs: 0 }))
    setTimer(m, 0, Number(this.#params.periodNs))
  }

  tick(m: Machine): void {
    setTimer(m, 0, Number(this.#params.periodNs))
    const counts = this.#counts(m)
    const key = counts.join()
    this.#agreed = key === this.#proposed ? this.#agreed + 1 : 1
    this.#proposed = key
    if (this.#agreed < Number(this.#params.hysteresis) || this.#pending.size > 0) return
    if (key === this.#inForce) return
    this.#inForce = key
    this.#change(m, this.#place(m, counts))
  }

  /** vCPUs of each VM; none of one that has departed. */
  #counts(m: Machine): readonly number[] {
    const claims = this.#claims(m)
    const present = claims.filter((_, i) => !m.vms[i]!.departed)
    const counts = allocateVcpus(m.pcpus, present)
    let next = 0
    return m.vms.map((vm) => (vm.departed ? 0 : counts[next++]!))
  }

  /** Active: it used more than the idle fraction of a pCPU in the last period, or waits for one. */
  #claims(m: Machine): readonly Claim[] {
    const threshold = Number(this.#params.periodNs) * Number(this.#params.idleFraction)
    return m.vms.map((vm, i) => {
      const used = vm.cpuNs - this.#lastCpuNs[i]!
      this.#lastCpuNs[i] = vm.cpuNs
      const active = vm.started && !vm.finished && (used > threshold || vm.runnable > 0)
      return { ...m.spec.vms[i]!, active }
    })
  }

  #place(m: Machine, counts: readonly number[]): readonly (readonly number[])[] {
    return placeVcpus(counts, this.#placed, m)
  }

  #change(m: Machine, target: readonly (readonly number[])[]): void {
    const before = this.#placed
    this.#placed = target
    target.forEach((pins, i) => {
      if (pins.length < before[i]!.length) this.#pending.add(i)
    })
    if (this.#pending.size === 0) this.#grow(m)
    for (const i of this.#pending) resize(m, i, pinsOf(target[i]!), this.#cost)
  }

  /** A shrink is done; after the last one the others take the freed cores. */
  resized(m: Machine, vm: number): void {
    if (this.#pending.delete(vm) && this.#pending.size === 0) this.#grow(m)
  }

  #grow(m: Machine): void {
    this.#placed.forEach((pins, i) => {
      if (pins.length > m.vms[i]!.online) resize(m, i, pinsOf(pins), this.#cost)
    })
  }
}

/** More VMs than pCPUs: a VM without a core of its own keeps one unpinned vCPU. */
const pinsOf = (placed: readonly number[]): readonly number[] => (placed.length > 0 ? placed : [-1])

/** vCPU ballooning. */
export const flexcore: Scheme = Object.freeze({
  id: 'flexcore',
  info,
  create: (_spec, given) => {
    const controller = new FlexCore(resolveParams(info, given))
    return {
      start: (m) => controller.start(m),
      timer: (m) => controller.tick(m),
      resized: (m, vm) => controller.resized(m, vm),
    }
  },
})
