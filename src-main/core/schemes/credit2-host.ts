/**
 * Xen's credit2 as host scheduler (xen/common/sched/credit2.c): one queue a socket in order of
 * credit, which burns the slower the higher the weight is; when the best has none left, everybody
 * gets new credit. Caps, soft affinity and power saving are not modelled.
 */
import { setTimer } from '../model/actions.ts'
import { requestReschedule } from '../model/events.ts'
import { mayUse, moveQueued, updateCurrent, weightOf } from '../model/host-queue.ts'
import type { HostScheduler } from '../model/host-scheduler.ts'
import type { Machine } from '../model/machine.ts'
import type { Policy } from '../model/policy.ts'
import type { SimSpec } from '../model/spec.ts'
import { VCPU } from '../model/vocabulary.ts'
import { LoadBalance } from './credit2-balance.ts'
import type { SchemeParams } from './scheme.ts'

/** CSCHED2_RATELIMIT_TICKLE_TOLERANCE, ns. */
const TOLERANCE_NS = 50e3

/** One host's credit2. Credit is in ns of a vCPU of the highest weight. */
export class Credit2Host {
  readonly #credit: Float64Array
  /** Since when each vCPU runs without a break. */
  readonly #startedAt: Float64Array
  readonly #hasYielded: Uint8Array
  readonly #weightMost: number
  readonly #balance: LoadBalance
  readonly #initialNs: number
  readonly #minTimerNs: number
  readonly #resistNs: number
  readonly #compensationNs: number
  readonly #ratelimitNs: number

  constructor(spec: SimSpec, params: SchemeParams) {
    const vcpus = spec.vms.reduce((sum, vm) => sum + vm.vcpus, 0)
    this.#initialNs = Number(params.creditNs)
    this.#minTimerNs = Number(params.minTimerNs)
    this.#resistNs = Number(params.resistNs)
    this.#compensationNs = Number(params.compensationNs)
    this.#ratelimitNs = Number(params.ratelimitNs)
    this.#credit = new Float64Array(vcpus).fill(this.#initialNs)
    this.#startedAt = new Float64Array(vcpus)
    this.#hasYielded = new Uint8Array(vcpus)
    this.#weightMost = Math.max(...spec.vms.map((vm) => vm.weight))
    this.#balance = new LoadBalance(spec, Number(params.windowNs))
  }

  policy(): Policy {
    return {
      host: this.#scheduler(),
      timer: (m) => this.#balance.run(m),
      defersNs: (m, _p, v) =>
        this.#hasYielded[v] !== 0 ? 0 : this.#ratelimitNs - (m.now - this.#startedAt[v]!),
    }
  }

  #scheduler(): HostScheduler {
    return {
      account: (m, _p, v, ranNs) => this.#burn(m, v, ranNs),
      pick: (m, p) => this.#pick(m, p),
      sliceNs: (m, p, v) => this.#lengthNs(m, p, v),
      tick: () => false,
      woken: () => undefined,
      preempts: (m, v, p) => m.pCur[p]! < 0 || this.#score(m, v, p) > 0,
      selectPcpu: (m, v) => this.#selectPcpu(m, v),
      moved: () => undefined,
      pullIdle: () => false,
      balance: () => undefined,
      yields: (m, v) => this.#yields(m, v),
    }
  }

  /** t2c_update: the highest weight burns a credit a nanosecond, others more. */
  #burn(m: Machine, v: number, ranNs: number): void {
    const credit = this.#credit[v]! - (ranNs * this.#weightMost) / weightOf(m, v)
    this.#credit[v] = Math.max(-this.#initialNs, credit)
  }

  /** csched2_schedule. */
  #pick(m: Machine, p: number): number {
    const last = m.pLastV[p]!
    const wasOn = last >= 0 && m.vP[last] === p && m.vState[last] === VCPU.runnable
    const current = wasOn && m.vRunnableAt[last] === m.now && m.vHeld[last] === 0 ? last : -1
    const v = this.#candidate(m, p, current)
    if (current >= 0) this.#hasYielded[current] = 0
    if (v < 0) return v
    if (v !== current) this.#startedAt[v] = m.now
    if (this.#credit[v]! <= 0) {
      this.#reset(m, m.pSocket[p]!, v)
      // loads are balanced when the choice is made and carried out
      setTimer(m, 0, 0)
    }
    if (m.vP[v] === p) return v
    this.#credit[v]! += this.#compensationNs
    moveQueued(m, v, p)
    return v
  }

  /**
   * runq_candidate: who has most credit of those that beat the current one; one that waits for
   * another pCPU of the socket has to do so by the migration resistance.
   */
  #candidate(m: Machine, p: number, current: number): number {
    let best = current
    let most = current < 0 || this.#hasYielded[current] !== 0 ? -Infinity : this.#credit[current]!
    const resisted = current < 0 ? -Infinity : this.#credit[current]! + this.#resistNs
    const base = m.pSocket[p]! * m.perSocket
    for (let i = 0; i < m.perSocket; i++) {
      const q = base + ((p - base + i) % m.perSocket)
      for (let v = m.pHead[q]!; v >= 0; v = m.vNext[v]!) {
        const credit = this.#credit[v]!
        if (credit <= most || v === current || m.vHeld[v] !== 0) continue
        if ((q !== p && credit < resisted) || !mayUse(m, v, p)) continue
        best = v
        most = credit
      }
    }
    return best
  }

  /** reset_credit: new credit for all of the socket, little of the old is kept. */
  #reset(m: Machine, socket: number, next: number): void {
    const times = this.#credit[next]! <= -this.#initialNs ? 2 : 1
    const most = this.#initialNs + this.#minTimerNs
    for (let q = socket * m.perSocket; q < (socket + 1) * m.perSocket; q++) updateCurrent(m, q)
    for (let v = 0; v < m.vcpus; v++) {
      if (m.pSocket[m.vP[v]!] !== socket) continue
      this.#credit[v] = Math.min(most, this.#credit[v]! + times * this.#initialNs)
    }
  }

  /** csched2_runtime: until the next in the queue has more credit. */
  #lengthNs(m: Machine, p: number, v: number): number {
    const leastNs = Math.max(this.#minTimerNs, this.#ratelimitNs - (m.now - this.#startedAt[v]!))
    const lead = this.#credit[v]! - Math.max(0, this.#mostWaiting(m, m.pSocket[p]!))
    const ns = Math.floor((lead * weightOf(m, v)) / this.#weightMost)
    return Math.max(leastNs, Math.min(this.#initialNs, ns))
  }

  #mostWaiting(m: Machine, socket: number): number {
    let most = -Infinity
    for (let q = socket * m.perSocket; q < (socket + 1) * m.perSocket; q++)
      for (let v = m.pHead[q]!; v >= 0; v = m.vNext[v]!)
        if (m.vHeld[v] === 0 && this.#credit[v]! > most) most = this.#credit[v]!
    return most
  }

  /** tickle_score: by how much a vCPU that wakes beats the current one of a busy pCPU. */
  #score(m: Machine, v: number, p: number): number {
    const current = m.pCur[p]!
    if (m.now - this.#startedAt[current]! <= this.#ratelimitNs - TOLERANCE_NS) return -1
    updateCurrent(m, p)
    const lead = this.#credit[v]! - this.#credit[current]!
    return m.vP[v] === p ? lead : lead - this.#resistNs
  }

  /** runq_tickle: within the socket an idle core, an idle pCPU, or whom it beats by most. */
  #selectPcpu(m: Machine, v: number): number {
    const prev = m.vP[v]!
    if (m.vPin[v]! >= 0) return m.vPin[v]!
    const onIdleCore = m.perCore > 1 ? this.#idleFor(m, v, true) : -1
    if (onIdleCore >= 0) return onIdleCore
    const idle = this.#idleFor(m, v, false)
    return idle >= 0 ? idle : this.#beaten(m, v, prev)
  }

  #idleFor(m: Machine, v: number, wholeCore: boolean): number {
    const prev = m.vP[v]!
    const base = m.pSocket[prev]! * m.perSocket
    for (let i = 0; i < m.perSocket; i++) {
      const p = base + ((prev - base + i) % m.perSocket)
      if (m.pCount[p] !== 0 || (wholeCore && m.coreBusy[m.pCore[p]!] !== 0)) continue
      if (mayUse(m, v, p)) return p
    }
    return -1
  }

  #beaten(m: Machine, v: number, prev: number): number {
    const base = m.pSocket[prev]! * m.perSocket
    let best = -1
    let most = 0
    for (let i = 0; i < m.perSocket; i++) {
      const p = base + ((prev - base + i) % m.perSocket)
      if (!mayUse(m, v, p)) continue
      if (best < 0) best = p
      const score = m.pCur[p]! < 0 ? 0 : this.#score(m, v, p)
      if (score <= most) continue
      if (p === prev) return p
      best = p
      most = score
    }
    return best >= 0 ? best : firstAllowed(m, v)
  }

  /** A pause-loop exit yields, to nobody in particular. */
  #yields(m: Machine, v: number): void {
    this.#hasYielded[v] = 1
    requestReschedule(m, m.vP[v]!)
  }
}

function firstAllowed(m: Machine, v: number): number {
  for (let p = 0; p < m.pcpus; p++) if (mayUse(m, v, p)) return p
  return m.vP[v]!
}
