/**
 * EEVDF: which vCPU runs on which pCPU in Linux 6.6 (kernel/sched/fair.c). Of those that have not
 * had more than their share (lag ≥ 0), the one whose request is due first; sleepers keep their lag.
 * Load balancing is CFS's.
 */
import { requestReschedule } from '../model/events.ts'
import { CFS_HOST } from '../model/host-cfs.ts'
import { updateCurrent, weightOf } from '../model/host-queue.ts'
import type { HostScheduler } from '../model/host-scheduler.ts'
import { kernelScale } from '../model/machine.ts'
import type { Machine } from '../model/machine.ts'
import type { SimSpec } from '../model/spec.ts'
import { pcpuCount } from '../model/spec.ts'
import { VCPU } from '../model/vocabulary.ts'

const NICE_0 = 1024

/** Deadlines and lags; virtual run times are the machine's. All in virtual ns. */
class Eevdf {
  /** Request of a vCPU at nice 0, ns. */
  readonly #sliceNs: number
  readonly #deadline: Float64Array
  /** Lag at the last sleep; NaN before the first. */
  readonly #lag: Float64Array
  /** Deadline at the last pick: while it is the same, the vCPU runs to parity. */
  readonly #picked: Float64Array
  /** Load of the queue that was averaged last. */
  #load = 0

  constructor(spec: SimSpec, baseSliceNs: number) {
    const vcpus = spec.vms.reduce((sum, vm) => sum + vm.vcpus, 0)
    this.#sliceNs = baseSliceNs * kernelScale(pcpuCount(spec.topology))
    this.#deadline = new Float64Array(vcpus)
    this.#lag = new Float64Array(vcpus).fill(NaN)
    this.#picked = new Float64Array(vcpus).fill(-1)
  }

  #virtual(m: Machine, v: number, ns: number): number {
    return (ns * NICE_0) / weightOf(m, v)
  }

  /** V: average virtual run time of all on the pCPU, by weight (avg_vruntime); `and`: one more. */
  #average(m: Machine, p: number, and = -1): number {
    const running = m.pCur[p]!
    const first = running >= 0 ? running : and >= 0 ? and : m.pHead[p]!
    this.#load = 0
    if (first < 0) return 0
    const base = m.vVr[first]!
    let sum = 0
    if (running >= 0) sum += this.#term(m, running, base)
    if (and >= 0) sum += this.#term(m, and, base)
    for (let v = m.pHead[p]!; v >= 0; v = m.vNext[v]!)
      if (m.vHeld[v] === 0) sum += this.#term(m, v, base)
    return this.#load > 0 ? base + sum / this.#load : base
  }

  #term(m: Machine, v: number, base: number): number {
    const weight = weightOf(m, v)
    this.#load += weight
    return weight * (m.vVr[v]! - base)
  }

  /** update_curr, update_deadline: a request that is used up is followed by the next. */
  account(m: Machine, v: number, ranNs: number): void {
    m.vVr[v]! += this.#virtual(m, v, ranNs)
    if (m.vVr[v]! >= this.#deadline[v]!)
      this.#deadline[v] = m.vVr[v]! + this.#virtual(m, v, this.#sliceNs)
  }

  #isProtected(v: number): boolean {
    return this.#picked[v] === this.#deadline[v]
  }

  /**
   * pick_eevdf with RUN_TO_PARITY: the current one while it is eligible and its request not used
   * up; else the eligible one with the earliest deadline.
   */
  #choose(m: Machine, p: number, current: number): number {
    const average = this.#average(m, p)
    const stays = current >= 0 && m.vVr[current]! <= average
    if (stays && this.#isProtected(current)) return current
    let best = stays ? current : -1
    let left = best
    for (let v = m.pHead[p]!; v >= 0; v = m.vNext[v]!) {
      if (m.vHeld[v] !== 0) continue
      if (left < 0 || m.vVr[v]! < m.vVr[left]!) left = v
      if (m.vVr[v]! > average) continue
      if (best < 0 || this.#deadline[v]! < this.#deadline[best]!) best = v
    }
    // rounding of the average may leave nobody eligible
    return best >= 0 ? best : left
  }

  pick(m: Machine, p: number): number {
    const last = m.pLastV[p]!
    const wasOn = last >= 0 && m.vP[last] === p && m.vState[last] === VCPU.runnable
    const next = this.#choose(m, p, wasOn && m.vHeld[last] === 0 ? last : -1)
    if (next >= 0) this.#picked[next] = this.#deadline[next]!
    return next
  }

  tick(m: Machine, p: number): boolean {
    return m.pHead[p]! >= 0 && !this.#isProtected(m.pCur[p]!)
  }

  preempts(m: Machine, v: number, p: number): boolean {
    const current = m.pCur[p]!
    return current < 0 || this.#choose(m, p, current) === v
  }

  /** Lag within two requests (update_entity_lag). */
  #keepLag(m: Machine, v: number, average: number): void {
    const limit = this.#virtual(m, v, Math.max(2 * this.#sliceNs, m.costs.tickNs))
    this.#lag[v] = Math.max(-limit, Math.min(limit, average - m.vVr[v]!))
  }

  leaves(m: Machine, v: number): void {
    this.#keepLag(m, v, this.#average(m, m.vP[v]!))
  }

  /** The vCPU has the lag here that it had elsewhere, also after it moved the average itself. */
  #place(m: Machine, v: number, p: number): void {
    const average = this.#average(m, p)
    const load = this.#load
    if (load > 0) m.vVr[v] = average - (this.#lag[v]! * (load + weightOf(m, v))) / load
    this.#deadline[v] = m.vVr[v]! + this.#virtual(m, v, this.#sliceNs)
    this.#picked[v] = -1
  }

  woken(m: Machine, v: number, p: number): void {
    // vCPU threads have a past: without it all pCPUs would switch VMs at the same ticks
    if (Number.isNaN(this.#lag[v]!))
      this.#lag[v] = this.#virtual(
        m,
        v,
        this.#sliceNs * (2 * (m.vVr[v]! / m.hostCfs.latencyNs) - 1),
      )
    this.#place(m, v, p)
  }

  moved(m: Machine, v: number, from: number, to: number): void {
    if (m.vState[v] !== VCPU.runnable) return
    this.#keepLag(m, v, this.#average(m, from, v))
    this.#place(m, v, to)
  }

  /**
   * yield_task_fair: gives up the rest of its request (as of the fix of 2025, in 6.6 too). Whom
   * kvm_vcpu_on_spin yields to is ignored: NEXT_BUDDY is off.
   */
  yields(m: Machine, v: number, target: number): void {
    if (target < 0) return
    const p = m.vP[v]!
    m.counters.directedYields++
    updateCurrent(m, p)
    if (m.vVr[v]! <= this.#average(m, p)) {
      m.vVr[v] = this.#deadline[v]!
      this.#deadline[v]! += this.#virtual(m, v, this.#sliceNs)
    }
    requestReschedule(m, p)
  }
}

/** EEVDF as the host's scheduler. `baseSliceNs`: request on one CPU, ns; scaled as CFS's times. */
export function eevdfHost(spec: SimSpec, baseSliceNs: number): HostScheduler {
  const eevdf = new Eevdf(spec, baseSliceNs)
  return {
    ...CFS_HOST,
    account: (m, _p, v, ranNs) => eevdf.account(m, v, ranNs),
    pick: (m, p) => eevdf.pick(m, p),
    tick: (m, p) => eevdf.tick(m, p),
    woken: (m, v, p) => eevdf.woken(m, v, p),
    preempts: (m, v, p) => eevdf.preempts(m, v, p),
    moved: (m, v, from, to) => eevdf.moved(m, v, from, to),
    leaves: (m, v) => eevdf.leaves(m, v),
    yields: (m, v, target) => eevdf.yields(m, v, target),
  }
}
