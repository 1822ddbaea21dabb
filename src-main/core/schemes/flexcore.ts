/**
 * flexcore: vCPU ballooning (Miao and Chen 2015), reconstructed from the published abstract and
 * this project's design: all VMs together have one vCPU for each pCPU, pinned 1:1, and the numbers
 * follow what the VMs need, with hysteresis (`ballooning.ts`).
 */
import { resize, setTimer } from '../model/actions.ts'
import { runDelayNs, updateCurrent } from '../model/host-queue.ts'
import type { Machine } from '../model/machine.ts'
import type { VmState } from '../model/vm-state.ts'
import { THREAD } from '../model/vocabulary.ts'
import { Ballooning } from './ballooning.ts'
import type { Change, VmUse } from './ballooning.ts'
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
  summary:
    'vCPUs are added and removed at run time, one for each physical core, where VMs need them.',
  fixes: 'Double scheduling: lock-holder preemption, stacking, IPI waits on preempted vCPUs.',
  breaks:
    'More threads than vCPUs share them inside the guest, where user-level spinning wastes ' +
    'slices; resizes cost time; a VM that was idle starts on one shared vCPU.',
  source: 'Miao and Chen, FlexCore, Tsinghua Science and Technology 20(1), 2015',
  note: "A reconstruction: the paper's full text is not public.",
  parameters: [
    numberParameter('periodNs', 'Control period', 50e6, 'ns', 'A', 'design: 10–100 ms'),
    numberParameter('hysteresis', 'Periods a change must persist', 2, 'periods', 'A', 'design'),
    numberParameter('idleFraction', 'Idle below this part of a pCPU', 0.05, '', 'A', 'design'),
    choiceParameter(
      'resize',
      'Cost of a resize',
      Object.keys(RESIZE_COSTS),
      'module',
      'module ≈ µs (paper-style), confinement ≈ 100 µs, hotplug ≈ tens of ms (Bolt, ATC 2015)',
    ),
  ],
}

/** The controller at work in the machine: measures each period, resizes step by step. */
class FlexCore {
  readonly #params: SchemeParams
  readonly #periodNs: number
  readonly #cost: { latencyNs: number; stopNs: number }
  readonly #pending = new Set<number>()
  readonly #usedNs: Float64Array
  readonly #delayNs: Float64Array
  #controller!: Ballooning
  #steps: Change = []

  constructor(params: SchemeParams, vms: number) {
    this.#params = params
    this.#periodNs = Number(params.periodNs)
    this.#cost = RESIZE_COSTS[String(params.resize)]!
    this.#usedNs = new Float64Array(vms)
    this.#delayNs = new Float64Array(vms)
  }

  /** VMs that start at time 0 get their cores before the clock starts. */
  start(m: Machine): void {
    const [hysteresis, idleFraction] = [this.#params.hysteresis, this.#params.idleFraction]
    const rules = { hysteresis: Number(hysteresis), idleFraction: Number(idleFraction) }
    const vms = m.spec.vms.map((vm) => ({ ...vm, online: vm.vcpus, busy: vm.startNs === 0 }))
    this.#controller = new Ballooning(m, rules, vms)
    const atOnce = { latencyNs: 0, stopNs: 0 }
    for (const { vm, pins } of this.#controller.change().flat()) resize(m, vm, pins, atOnce)
    setTimer(m, 0, this.#periodNs)
  }

  tick(m: Machine): void {
    setTimer(m, 0, this.#periodNs)
    for (let p = 0; p < m.pcpus; p++) updateCurrent(m, p)
    this.#controller.observe(
      this.#periodNs,
      m.vms.map((vm) => (vm.departed ? null : this.#use(m, vm))),
    )
    if (this.#pending.size > 0 || this.#steps.length > 0) return
    this.#steps = this.#controller.change()
    this.#next(m)
  }

  #use(m: Machine, vm: VmState): VmUse {
    const i = vm.index
    const delayNs = delayOf(m, vm)
    const use = {
      weight: m.spec.vms[i]!.weight,
      vcpus: vm.vcpus,
      online: vm.online,
      usedNs: vm.cpuNs - this.#usedNs[i]!,
      delayNs: delayNs - this.#delayNs[i]!,
      load: loadOf(m, vm),
    }
    this.#usedNs[i] = vm.cpuNs
    this.#delayNs[i] = delayNs
    return use
  }

  /** A resize is done; after the last one of a step the next step follows. */
  resized(m: Machine, vm: number): void {
    if (this.#pending.delete(vm) && this.#pending.size === 0) this.#next(m)
  }

  #next(m: Machine): void {
    const [step, ...rest] = this.#steps
    if (step === undefined) return
    this.#steps = rest
    for (const { vm } of step) this.#pending.add(vm)
    for (const { vm, pins } of step) resize(m, vm, pins, this.#cost)
  }
}

/** Time that the VM's vCPUs have waited for a pCPU, ns. */
function delayOf(m: Machine, vm: VmState): number {
  let ns = 0
  for (let v = vm.firstV; v < vm.firstV + vm.vcpus; v++) ns += runDelayNs(m, v)
  return ns
}

/** Threads that run or are ready: the guest's load, which the guest's part of FlexCore knows. */
function loadOf(m: Machine, vm: VmState): number {
  let threads = 0
  for (let t = vm.firstT; t < vm.firstT + vm.threads; t++)
    if (m.tState[t] === THREAD.current || m.tState[t] === THREAD.ready) threads++
  return threads
}

/** vCPU ballooning. */
export const flexcore: Scheme = Object.freeze({
  id: 'flexcore',
  info,
  create: (spec, given) => {
    const controller = new FlexCore(resolveParams(info, given), spec.vms.length)
    return {
      start: (m) => controller.start(m),
      timer: (m) => controller.tick(m),
      resized: (m, vm) => controller.resized(m, vm),
    }
  },
})
