/**
 * demand: demand-based coordinated scheduling (Kim et al. 2013). A vCPU that gets an IPI is urgent:
 * somebody waits for it. It goes ahead of the queue for a short slice. One that sent an IPI is not
 * preempted just then, and siblings are kept apart unless a pCPU has too little to do.
 */
import { requestReschedule } from '../model/events.ts'
import { CFS_HOST } from '../model/host-cfs.ts'
import type { HostScheduler } from '../model/host-scheduler.ts'
import type { Machine } from '../model/machine.ts'
import type { Policy } from '../model/policy.ts'
import { pcpuCount } from '../model/spec.ts'
import { MODE, VCPU } from '../model/vocabulary.ts'
import { numberParameter, resolveParams } from './scheme.ts'
import type { Scheme, SchemeParams, SchemeText } from './scheme.ts'

const info: SchemeText = {
  id: 'demand',
  title: 'Demand-based coordination',
  summary: 'vCPUs that are sent an IPI run at once for a short slice; senders are not preempted.',
  fixes: 'Waits for TLB shootdowns and wake-ups on preempted vCPUs; most stacking.',
  breaks:
    'No help for user-level spinning, which sends no IPIs. Others are preempted at each IPI: ' +
    'many more switches and colder caches, though CFS makes up for the time.',
  source: 'Kim et al., Demand-based coordinated scheduling for SMP VMs, ASPLOS 2013',
  note:
    'The model does not tell kinds of IPI apart: each recipient becomes urgent, and each sender ' +
    'is left alone once a slice unless it spins.',
  parameters: [
    numberParameter('urgentNs', 'Slice of an urgent vCPU', 0.5e6, 'ns', 'K', 'paper: 0.5 ms'),
    numberParameter('delayNs', "Delay of a sender's preemption", 0.5e6, 'ns', 'A', 'one slice'),
  ],
}

/** Urgency of a vCPU: none, it waits for its urgent slice, or it is in it. */
const URGENT = { no: 0, waits: 1, runs: 2 } as const

/** Urgent vCPUs, and senders whose preemption waits. */
class Demand {
  readonly #urgentNs: number
  readonly #delayNs: number
  readonly #urgency: Uint8Array
  /** Order in which vCPUs became urgent. */
  readonly #turn: Float64Array
  /** The vCPU in its urgent slice on each pCPU (−1: none), and when that ends. */
  readonly #running: Int32Array
  readonly #endAt: Float64Array
  readonly #sentAt: Float64Array
  /** Until when the sender's preemption waits, and since when: once in each of its slices. */
  readonly #heldOffUntil: Float64Array
  readonly #heldOffAt: Float64Array
  #turns = 0
  #waiting = 0
  #averageAt = -1
  #average = 0

  constructor(params: SchemeParams, m: { readonly vcpus: number; readonly pcpus: number }) {
    this.#urgentNs = Number(params.urgentNs)
    this.#delayNs = Number(params.delayNs)
    this.#urgency = new Uint8Array(m.vcpus)
    this.#turn = new Float64Array(m.vcpus)
    this.#running = new Int32Array(m.pcpus).fill(-1)
    this.#endAt = new Float64Array(m.pcpus)
    this.#sentAt = new Float64Array(m.vcpus).fill(-Infinity)
    this.#heldOffUntil = new Float64Array(m.vcpus)
    this.#heldOffAt = new Float64Array(m.vcpus).fill(-1)
  }

  ipiSent(m: Machine, from: number, to: number): void {
    this.#sentAt[from] = m.now
    if (this.#urgency[to] !== URGENT.no || m.vState[to] === VCPU.running) return
    this.#urgency[to] = URGENT.waits
    this.#turn[to] = this.#turns++
    this.#waiting++
    const p = m.vP[to]!
    if (m.vState[to] === VCPU.runnable && this.#running[p]! < 0) requestReschedule(m, p)
  }

  pick(m: Machine, p: number): number {
    const current = this.#running[p]!
    if (current >= 0) {
      if (m.now < this.#endAt[p]! && canRun(m, current, p)) return current
      this.#end(p)
    }
    const next = this.#waiting > 0 ? this.#firstUrgent(m, p) : -1
    if (next < 0) return CFS_HOST.pick(m, p)
    this.#waiting--
    this.#urgency[next] = URGENT.runs
    this.#running[p] = next
    this.#endAt[p] = m.now + this.#urgentNs
    return next
  }

  #end(p: number): void {
    this.#urgency[this.#running[p]!] = URGENT.no
    this.#running[p] = -1
  }

  #firstUrgent(m: Machine, p: number): number {
    let first = -1
    for (let v = m.pHead[p]!; v >= 0; v = m.vNext[v]!) {
      if (this.#urgency[v] !== URGENT.waits || m.vHeld[v] !== 0) continue
      if (first < 0 || this.#turn[v]! < this.#turn[first]!) first = v
    }
    return first
  }

  sliceNs(m: Machine, p: number): number {
    return this.#running[p]! < 0 ? Infinity : this.#endAt[p]! - m.now
  }

  preempts(m: Machine, v: number, p: number): boolean {
    if (this.#running[p]! >= 0) return false
    return this.#urgency[v] === URGENT.waits || CFS_HOST.preempts(m, v, p)
  }

  /** A vCPU that halts or goes offline has had its urgent slice. */
  leaves(m: Machine, v: number): void {
    if (this.#urgency[v] === URGENT.waits) this.#waiting--
    if (this.#running[m.vP[v]!] === v) this.#running[m.vP[v]!] = -1
    this.#urgency[v] = URGENT.no
  }

  /** A sender keeps its pCPU for a moment; one that spins waits for others and does not. */
  defersNs(m: Machine, v: number): number {
    const t = m.vCur[v]!
    if (t < 0 || m.tMode[t] === MODE.spin) return 0
    if (this.#heldOffAt[v]! < m.vSliceAt[v]!) {
      this.#heldOffAt[v] = m.now
      this.#heldOffUntil[v] = this.#sentAt[v]! + this.#delayNs
    }
    return Math.max(0, this.#heldOffUntil[v]! - m.now)
  }

  /** Siblings share a pCPU only where there is less than the average to do. */
  allows(m: Machine, v: number, p: number): boolean {
    const vm = m.vVm[v]!
    const own = m.vP[v] === p && m.vState[v]! >= VCPU.runnable ? 1 : 0
    if (m.vmOnP[vm * m.pcpus + p]! <= own) return true
    return m.vms[vm]!.vcpus > m.pcpus || m.pCount[p]! - own < this.#averageLoad(m) - 1
  }

  #averageLoad(m: Machine): number {
    if (this.#averageAt !== m.now) {
      let runnable = 0
      for (const vm of m.vms) runnable += vm.runnable
      this.#average = runnable / m.pcpus
      this.#averageAt = m.now
    }
    return this.#average
  }
}

const canRun = (m: Machine, v: number, p: number): boolean =>
  m.vP[v] === p && m.vHeld[v] === 0 && m.vState[v] === VCPU.runnable

function policyOf(demand: Demand): Policy {
  const host: HostScheduler = {
    ...CFS_HOST,
    pick: (m, p) => demand.pick(m, p),
    sliceNs: (m, p) => demand.sliceNs(m, p),
    preempts: (m, v, p) => demand.preempts(m, v, p),
    leaves: (m, v) => demand.leaves(m, v),
  }
  return {
    host,
    allows: (m, v, p) => demand.allows(m, v, p),
    ipiSent: (m, from, to) => demand.ipiSent(m, from, to),
    defersNs: (m, _p, v) => demand.defersNs(m, v),
  }
}

/** Demand-based coordinated scheduling. */
export const demand: Scheme = Object.freeze({
  id: 'demand',
  info,
  create: (spec, given) => {
    const vcpus = spec.vms.reduce((sum, vm) => sum + vm.vcpus, 0)
    const pcpus = pcpuCount(spec.topology)
    return policyOf(new Demand(resolveParams(info, given), { vcpus, pcpus }))
  },
})
