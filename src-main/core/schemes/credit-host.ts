/**
 * Xen's credit scheduler as host scheduler (xen/common/sched/credit.c): queues by priority, slices
 * of 30 ms, boost on wake-up, accounting by ticks, stealing when the local best is out of credit.
 * Two deviations: a pCPU's tick moves a waiting vCPU to an idle pCPU, where Xen moves the running
 * one; and VMs may take turns in which they are co-scheduled, as research schedulers on it do.
 */
import { setTimer } from '../model/actions.ts'
import { requestReschedule } from '../model/events.ts'
import { mayUse, moveQueued, updateCurrent } from '../model/host-queue.ts'
import type { HostScheduler } from '../model/host-scheduler.ts'
import type { Machine } from '../model/machine.ts'
import type { Policy } from '../model/policy.ts'
import type { SimSpec } from '../model/spec.ts'
import { pcpuCount } from '../model/spec.ts'
import { VCPU } from '../model/vocabulary.ts'
import { Turns } from './co-schedule.ts'
import { CreditAccounts, LEVEL } from './credit-accounts.ts'
import { numberParameter } from './scheme.ts'
import type { SchemeParameter, SchemeParams } from './scheme.ts'

/** CSCHED_TICKS_PER_TSLICE. */
const TICKS_PER_SLICE = 3

/** Parameters of every scheme that is built on Xen's credit scheduler. */
export const CREDIT_PARAMETERS: readonly SchemeParameter[] = [
  numberParameter('sliceNs', 'Time slice', 30e6, 'ns', 'S', 'credit.c, CSCHED_DEFAULT_TSLICE_MS'),
  numberParameter('ratelimitNs', 'Shortest stay', 1e6, 'ns', 'S', 'SCHED_DEFAULT_RATELIMIT_US'),
  numberParameter(
    'stealNs',
    'Shortest time between steals of a pCPU',
    1e6,
    'ns',
    'S',
    'credit.c, CSCHED_DEFAULT_LOAD_BALANCE_RATELIMIT_US',
  ),
]

/** One host's credit scheduler. */
export class CreditHost {
  readonly turns: Turns
  readonly #accounts: CreditAccounts
  readonly #sliceNs: number
  readonly #ratelimitNs: number
  readonly #stealNs: number
  /** Since when each vCPU runs without a break. */
  readonly #startedAt: Float64Array
  readonly #hasYielded: Uint8Array
  readonly #stoleAt: Float64Array
  /** Where the last steal from each socket was. */
  readonly #bias: Int32Array
  #tickled = 0
  #ticks = 0

  constructor(spec: SimSpec, params: SchemeParams) {
    const pcpus = pcpuCount(spec.topology)
    const vcpus = spec.vms.reduce((sum, vm) => sum + vm.vcpus, 0)
    this.#sliceNs = Number(params.sliceNs)
    this.#ratelimitNs = Number(params.ratelimitNs)
    this.#stealNs = Number(params.stealNs)
    this.#accounts = new CreditAccounts(spec, this.#sliceNs)
    this.turns = new Turns(spec)
    this.#startedAt = new Float64Array(vcpus)
    this.#hasYielded = new Uint8Array(vcpus)
    this.#stoleAt = new Float64Array(pcpus).fill(-Infinity)
    this.#bias = new Int32Array(spec.topology.sockets)
  }

  /** The policy of plain credit; others add to it. */
  policy(): Policy {
    return {
      host: this.#scheduler(),
      start: (m) => setTimer(m, 0, this.#sliceNs / TICKS_PER_SLICE),
      timer: (m) => this.tick(m),
      defersNs: (m, p, v) => this.#defersNs(m, p, v),
    }
  }

  #scheduler(): HostScheduler {
    return {
      account: (_m, _p, v, ranNs) => this.#accounts.burn(v, ranNs),
      pick: (m, p) => this.#pick(m, p),
      sliceNs: (m, _p, v) => this.#lengthNs(m, v),
      tick: () => false,
      woken: (_m, v) => this.#accounts.boost(v),
      preempts: (m, v, p) => m.pCur[p]! < 0 || this.#levelOf(m, v) > this.#levelOf(m, m.pCur[p]!),
      selectPcpu: (m, v) => this.#selectPcpu(m, v),
      moved: () => undefined,
      pullIdle: () => false,
      balance: () => undefined,
      yields: (m, v) => this.#yields(m, v),
    }
  }

  /** Every 10 ms: who runs is sampled; every third time credit is given out. */
  tick(m: Machine): void {
    setTimer(m, 0, this.#sliceNs / TICKS_PER_SLICE)
    for (let p = 0; p < m.pcpus; p++) {
      updateCurrent(m, p)
      if (m.pCur[p]! >= 0) this.#accounts.sample(m.pCur[p]!)
    }
    if (++this.#ticks % TICKS_PER_SLICE === 0) this.#accounts.distribute(m)
    for (let p = 0; m.idlePcpus > 0 && p < m.pcpus; p++) this.#spread(m, p)
  }

  /** A busy pCPU with a queue gives its first vCPU to an idle one. */
  #spread(m: Machine, p: number): void {
    const v = m.pCur[p]! < 0 ? -1 : this.#first(m, p)
    const to = v < 0 ? -1 : this.#idleFor(m, v)
    if (to < 0) return
    moveQueued(m, v, to)
    requestReschedule(m, to)
  }

  /** Co-schedules the VM of a runnable vCPU at once, if it is due and has the credit. */
  coSchedule(m: Machine, v: number): void {
    this.#takeTurn(m, v)
    if (m.vState[v] === VCPU.runnable) requestReschedule(m, m.vP[v]!)
  }

  #takeTurn(m: Machine, v: number): void {
    const vm = m.vVm[v]!
    if (m.vms[vm]!.runnable < 2 || !this.turns.isDue(m, vm) || !this.#hasPriority(m, vm)) return
    this.turns.begin(m, v, m.vP[v]!, this.#sliceNs)
  }

  #levelOf(m: Machine, v: number): number {
    return this.turns.seatOf(m, v) >= 0 ? LEVEL.turn : this.#accounts.level[v]!
  }

  #lengthNs(m: Machine, v: number): number {
    return this.turns.seatOf(m, v) >= 0 ? this.turns.endsAtNs(m, v) - m.now : this.#sliceNs
  }

  /** Who runs has the rate limit to do so, unless it yields or a co-scheduled vCPU is due here. */
  #defersNs(m: Machine, p: number, v: number): number {
    const seated = this.turns.vcpuOn(m, p)
    if (this.#hasYielded[v] !== 0 || (seated >= 0 && seated !== v)) return 0
    return this.#ratelimitNs - (m.now - this.#startedAt[v]!)
  }

  /** csched_schedule. */
  #pick(m: Machine, p: number): number {
    const v = this.#choose(m, p)
    if (v < 0) return v
    if (v !== m.pLastV[p] || m.vRunnableAt[v] !== m.now) this.#startedAt[v] = m.now
    this.#hasYielded[v] = 0
    this.#takeTurn(m, v)
    return v
  }

  #choose(m: Machine, p: number): number {
    const seated = this.turns.vcpuOn(m, p)
    if (seated >= 0 && m.vState[seated] === VCPU.runnable && m.vHeld[seated] === 0)
      return this.#fetch(m, seated, p)
    const local = this.#top(m, p)
    const level = local < 0 ? LEVEL.idle : this.#levelOf(m, local)
    if (level > LEVEL.over || m.now - this.#stoleAt[p]! < this.#stealNs) return local
    this.#stoleAt[p] = m.now
    const stolen = this.#steal(m, p, level)
    return stolen < 0 ? local : this.#fetch(m, stolen, p)
  }

  #fetch(m: Machine, v: number, p: number): number {
    if (m.vP[v] !== p) moveQueued(m, v, p)
    return v
  }

  /** The first of the highest priority; one that yields lets one of lower priority go first. */
  #top(m: Machine, p: number): number {
    const first = this.#first(m, p)
    if (first < 0 || this.#hasYielded[first] === 0) return first
    this.#hasYielded[first] = 0
    const second = this.#first(m, p, first)
    if (second < 0) return first
    const isTie = this.#levelOf(m, second) === this.#levelOf(m, first)
    return isTie || this.#hasThird(m, p, first, second) ? second : first
  }

  #hasThird(m: Machine, p: number, first: number, second: number): boolean {
    for (let v = m.pHead[p]!; v >= 0; v = m.vNext[v]!)
      if (v !== first && v !== second && m.vHeld[v] === 0) return true
    return false
  }

  #first(m: Machine, p: number, skip = -1): number {
    let best = -1
    let most: number = LEVEL.idle
    for (let v = m.pHead[p]!; v >= 0; v = m.vNext[v]!) {
      if (m.vHeld[v] !== 0 || v === skip) continue
      const level = this.#levelOf(m, v)
      if (level <= most) continue
      best = v
      most = level
    }
    return best
  }

  /** Work of more than a priority from busy pCPUs, nearest socket first (csched_load_balance). */
  #steal(m: Machine, p: number, level: number): number {
    for (let s = 0; s < m.sockets; s++) {
      const socket = (m.pSocket[p]! + s) % m.sockets
      for (let i = 1; i <= m.perSocket; i++) {
        const at = (this.#bias[socket]! + i) % m.perSocket
        const q = socket * m.perSocket + at
        if (q === p || m.pCur[q]! < 0) continue
        const v = this.#stealable(m, q, p, level)
        if (v < 0) continue
        this.#bias[socket] = at
        return v
      }
    }
    return -1
  }

  #stealable(m: Machine, q: number, p: number, level: number): number {
    let best = -1
    let most = level
    for (let v = m.pHead[q]!; v >= 0; v = m.vNext[v]!) {
      if (m.vHeld[v] !== 0 || this.#hasYielded[v] !== 0 || this.turns.seatOf(m, v) >= 0) continue
      if (this.#accounts.level[v]! <= most || !mayUse(m, v, p)) continue
      best = v
      most = this.#accounts.level[v]!
    }
    return best
  }

  /**
   * May the VM take a turn? If it has credit left and others had their time since its last one;
   * else if those that come first leave it enough pCPUs.
   */
  #hasPriority(m: Machine, index: number): boolean {
    const isSated = this.turns.isSated(m, index, this.#sliceNs)
    if (!isSated && this.#accounts.creditOf(m, index) >= 0) return true
    const least = isSated ? LEVEL.over : LEVEL.under
    let taken = m.vms[index]!.vcpus
    for (let v = 0; v < m.vcpus; v++) {
      if (m.vVm[v] === index || m.vState[v]! < VCPU.runnable || m.vHeld[v] !== 0) continue
      if (this.#accounts.level[v]! >= least) taken++
    }
    return taken <= m.pcpus
  }

  /** Its seat; else where it was if that idles, an idle pCPU in turn, where it was. */
  #selectPcpu(m: Machine, v: number): number {
    const seat = this.turns.seatOf(m, v)
    const prev = m.vP[v]!
    if (m.vPin[v]! >= 0) return m.vPin[v]!
    if (seat >= 0) return seat
    if (m.pCount[prev] === 0 && mayUse(m, v, prev)) return prev
    const idle = m.idlePcpus > 0 ? this.#idleFor(m, v) : -1
    if (idle >= 0) return idle
    for (let i = 0; i < m.pcpus; i++) {
      const p = (prev + i) % m.pcpus
      if (mayUse(m, v, p)) return p
    }
    return prev
  }

  /** An idle pCPU, in turn (opt_tickle_one_idle); −1: none. */
  #idleFor(m: Machine, v: number): number {
    for (let i = 1; i <= m.pcpus; i++) {
      const p = (this.#tickled + i) % m.pcpus
      if (m.pCount[p] !== 0 || !mayUse(m, v, p)) continue
      this.#tickled = p
      return p
    }
    return -1
  }

  /** A pause-loop exit yields, to nobody in particular (vmx.c, EXIT_REASON_PAUSE_INSTRUCTION). */
  #yields(m: Machine, v: number): void {
    this.#hasYielded[v] = 1
    requestReschedule(m, m.vP[v]!)
  }
}
