/**
 * esx-strict: strict co-scheduling (VMware ESX 2). When a VM's vCPUs have drifted too far apart the
 * whole VM stops, and starts again only when there are pCPUs for all its vCPUs at once.
 */
import { setTimer } from '../model/actions.ts'
import { requestReschedule } from '../model/events.ts'
import { moveQueued, updateCurrent } from '../model/host-queue.ts'
import type { Machine } from '../model/machine.ts'
import { pcpuCount } from '../model/spec.ts'
import type { VmState } from '../model/vm-state.ts'
import { VCPU } from '../model/vocabulary.ts'
import { holdVm } from './co-schedule.ts'
import { numberParameter, resolveParams } from './scheme.ts'
import type { Scheme, SchemeParams, SchemeText } from './scheme.ts'
import { SkewMeter } from './skew.ts'

const PAPER = 'VMware, The CPU Scheduler in VMware ESX 4'

const info: SchemeText = {
  id: 'esx-strict',
  title: 'Strict co-scheduling (ESX 2)',
  summary: 'A VM whose vCPUs drift apart stops as a whole, and starts as a whole.',
  fixes: 'Skew, and with it most waits for preempted siblings: locks, barriers, IPIs.',
  breaks:
    'Fragmentation: while a VM waits for enough pCPUs at once, the ones that are free idle. One ' +
    'vCPU that falls behind stops all of them.',
  source: `${PAPER}, white paper, 2010 (on ESX 2.x)`,
  note:
    'The queues are those of CFS. A pCPU is free for a stopped VM when it idles or runs a VM ' +
    'that is a quantum ahead. A VM with more vCPUs than there are pCPUs is not co-scheduled.',
  parameters: [
    numberParameter('stopNs', 'Skew at which the VM stops', 3e6, 'ns', 'K', 'a few ms'),
    numberParameter('quantumNs', 'Lead that frees a pCPU', 50e6, 'ns', 'K', 'ESX: 50 ms quantum'),
    numberParameter('periodNs', 'Skew is looked at each', 1e6, 'ns', 'A', 'below the threshold'),
  ],
}

const NICE_0 = 1024

/** Stops and starts whole VMs; who is next is decided by weighted CPU time a vCPU. */
class StrictCoScheduler {
  readonly #stopNs: number
  readonly #quantumNs: number
  readonly #periodNs: number
  readonly #skew: SkewMeter
  readonly #isStopped: Uint8Array
  readonly #virtualNs: Float64Array
  readonly #usedNs: Float64Array
  readonly #taken: Uint8Array

  constructor(params: SchemeParams, vms: number, vcpus: number, pcpus: number) {
    this.#stopNs = Number(params.stopNs)
    this.#quantumNs = Number(params.quantumNs)
    this.#periodNs = Number(params.periodNs)
    this.#skew = new SkewMeter(vcpus)
    this.#isStopped = new Uint8Array(vms)
    this.#virtualNs = new Float64Array(vms)
    this.#usedNs = new Float64Array(vms)
    this.#taken = new Uint8Array(pcpus)
  }

  start(m: Machine): void {
    setTimer(m, 0, this.#periodNs)
  }

  check(m: Machine): void {
    setTimer(m, 0, this.#periodNs)
    for (let p = 0; p < m.pcpus; p++) updateCurrent(m, p)
    this.#account(m)
    this.#startNext(m)
    for (const vm of m.vms) {
      if (vm.vcpus === 1 || vm.vcpus > m.pcpus || vm.departed) continue
      const skewNs = this.#skew.measure(m, vm, this.#periodNs)
      if (skewNs > this.#stopNs && this.#isStopped[vm.index] === 0) this.#stop(m, vm)
    }
  }

  /** Weighted CPU time a vCPU; a VM that idled gains at most a quantum on the others by it. */
  #account(m: Machine): void {
    let least = Infinity
    for (const { index, cpuNs, vcpus, runnable } of m.vms) {
      const used = cpuNs - this.#usedNs[index]!
      this.#usedNs[index] = cpuNs
      this.#virtualNs[index]! += (used * NICE_0) / (m.spec.vms[index]!.weight * vcpus)
      if (runnable > 0) least = Math.min(least, this.#virtualNs[index]!)
    }
    if (least === Infinity) return
    for (let i = 0; i < this.#virtualNs.length; i++)
      this.#virtualNs[i] = Math.max(this.#virtualNs[i]!, least - this.#quantumNs)
  }

  #stop(m: Machine, vm: VmState): void {
    this.#isStopped[vm.index] = 1
    holdVm(m, vm.index, true)
  }

  /** Starts the stopped VM that has had the least, if there are pCPUs for all its vCPUs. */
  #startNext(m: Machine): void {
    let next: VmState | undefined
    for (const vm of m.vms) {
      if (this.#isStopped[vm.index] === 0) continue
      const isFirst =
        next === undefined || this.#virtualNs[vm.index]! < this.#virtualNs[next.index]!
      if (isFirst) next = vm
    }
    if (next === undefined) return
    let free = 0
    for (let p = 0; p < m.pcpus; p++) if (this.#isFree(m, p, next)) free++
    if (free >= next.runnable) this.#costart(m, next)
  }

  #isFree(m: Machine, p: number, vm: VmState): boolean {
    const v = m.pCur[p]!
    if (v < 0) return true
    return this.#virtualNs[m.vVm[v]!]! > this.#virtualNs[vm.index]! + this.#quantumNs
  }

  #costart(m: Machine, vm: VmState): void {
    this.#isStopped[vm.index] = 0
    this.#skew.reset(vm)
    this.#taken.fill(0)
    holdVm(m, vm.index, false)
    for (let v = vm.firstV; v < vm.firstV + vm.vcpus; v++)
      if (m.vState[v] === VCPU.runnable) this.#place(m, vm, v)
  }

  /** Gives a vCPU a free pCPU of its own, and the first place there. */
  #place(m: Machine, vm: VmState, v: number): void {
    const p = this.#freeFor(m, vm, v)
    if (p !== m.vP[v]) moveQueued(m, v, p)
    this.#taken[p] = 1
    let first = m.pCur[p]! < 0 ? Infinity : m.vVr[m.pCur[p]!]!
    for (let w = m.pHead[p]!; w >= 0; w = m.vNext[w]!)
      if (w !== v) first = Math.min(first, m.vVr[w]!)
    m.vVr[v] = Math.min(m.vVr[v]!, first - 1)
    requestReschedule(m, p)
  }

  /** Its own pCPU if that is free, else an idle one, else any that is free. */
  #freeFor(m: Machine, vm: VmState, v: number): number {
    const own = m.vP[v]!
    if (this.#taken[own] === 0 && this.#isFree(m, own, vm)) return own
    let found = own
    for (let p = 0; p < m.pcpus; p++) {
      if (this.#taken[p] !== 0 || !this.#isFree(m, p, vm)) continue
      found = p
      if (m.pCur[p]! < 0) break
    }
    return found
  }
}

/** Strict co-scheduling. */
export const esxStrict: Scheme = Object.freeze({
  id: 'esx-strict',
  info,
  create: (spec, given) => {
    const vcpus = spec.vms.reduce((sum, vm) => sum + vm.vcpus, 0)
    const pcpus = pcpuCount(spec.topology)
    const host = new StrictCoScheduler(resolveParams(info, given), spec.vms.length, vcpus, pcpus)
    return { start: (m) => host.start(m), timer: (m) => host.check(m) }
  },
})
