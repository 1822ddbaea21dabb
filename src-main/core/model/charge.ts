/**
 * Charging: every nanosecond of every thread goes to exactly one class. `charge` closes the
 * interval since the last charge; each transition calls it before it changes what the thread does.
 */
import { TIME_CLASS_KEYS } from '../base/time-class.ts'
import type { TimeClassKey } from '../base/time-class.ts'
import type { Machine } from './machine.ts'
import type { VmState } from './vm-state.ts'
import { CLASSES, DEBT, DEBTS, HISTORY, MODE } from './vocabulary.ts'

/** Index of each class in the accumulators. */
export const CLASS = Object.fromEntries(TIME_CLASS_KEYS.map((k, i) => [k, i])) as Record<
  TimeClassKey,
  number
>
/** Provisional class of a barrier wait: split when the barrier opens. */
export const BARRIER_OPEN = CLASSES - 1

const DEBT_CLASS = new Uint8Array(DEBTS)
DEBT_CLASS[DEBT.switch] = CLASS.switch
DEBT_CLASS[DEBT.refill] = CLASS.refill
DEBT_CLASS[DEBT.resize] = CLASS.resize
DEBT_CLASS[DEBT.ipi] = CLASS.ipi
DEBT_CLASS[DEBT.lock] = CLASS.lock

function add(m: Machine, t: number, cls: number, ns: number): void {
  m.time[t * CLASSES + cls]! += ns
  if (!m.vms[m.tVm[t]!]!.hasBarriers) return
  const ring = t * HISTORY
  const at = m.historyAt[t]!
  if (m.historyClass[ring + at] === cls) {
    m.historyNs[ring + at]! += ns
    return
  }
  const next = (at + 1) & (HISTORY - 1)
  m.historyAt[t] = next
  m.historyClass[ring + next] = cls
  m.historyNs[ring + next] = ns
}

/** Pays debts of a thread on a CPU from `ns`; returns what is left of it. */
function payDebts(m: Machine, t: number, ns: number): number {
  let left = ns
  for (let lane = 0; lane < DEBTS && left > 0; lane++) {
    const debt = m.tDebt[t * DEBTS + lane]!
    if (debt === 0) continue
    const paid = debt < left ? debt : left
    m.tDebt[t * DEBTS + lane] = debt - paid
    m.tDebtSum[t]! -= paid
    add(m, t, DEBT_CLASS[lane]!, paid)
    left -= paid
  }
  return left
}

/**
 * Charges the time since the thread's last charge, and lets its work progress if it is on a CPU.
 */
export function charge(m: Machine, t: number): void {
  const ns = m.now - m.tSince[t]!
  if (ns === 0) return
  m.tSince[t] = m.now
  if (m.tOn[t] === 0) {
    add(m, t, m.tClass[t]!, ns)
    return
  }
  const left = m.tDebtSum[t]! > 0 ? payDebts(m, t, ns) : ns
  if (left === 0) return
  if (m.tMode[t] !== MODE.work) {
    add(m, t, m.tClass[t]!, left)
    if (m.tSpinLeft[t]! > 0) m.tSpinLeft[t]! -= left
    return
  }
  chargeWork(m, t, left)
}

function chargeWork(m: Machine, t: number, ns: number): void {
  const speed = m.tSpeed[t]!
  const work = ns * speed
  const remaining = m.tRemaining[t]! - work
  m.tRemaining[t] = remaining > 1e-6 ? remaining : 0
  if (m.tCsLeft[t]! > 0) m.tCsLeft[t] = Math.max(0, m.tCsLeft[t]! - work)
  if (speed === 1) {
    add(m, t, CLASS.useful, ns)
    return
  }
  const useful = Math.min(ns, Math.round(work))
  if (useful > 0) add(m, t, CLASS.useful, useful)
  if (ns > useful) add(m, t, CLASS.memory, ns - useful)
}

/** Changes the class of a thread that is not working on a CPU. */
export function setClass(m: Machine, t: number, cls: number): void {
  if (m.tClass[t] === cls) return
  charge(m, t)
  m.tClass[t] = cls
}

/** Adds an overhead that the thread pays before it goes on, ns. */
export function owe(m: Machine, t: number, lane: number, ns: number): void {
  m.tDebt[t * DEBTS + lane]! += ns
  m.tDebtSum[t]! += ns
}

const BARRIER_GROUP = new Uint8Array(CLASSES).fill(CLASS.barrier)
for (const k of ['stacking', 'inversion', 'fair-share', 'fragmentation', 'costop'] as const)
  BARRIER_GROUP[CLASS[k]] = CLASS['barrier-host']
for (const k of ['wake', 'ipi', 'ipi-preempted', 'barrier-host'] as const)
  BARRIER_GROUP[CLASS[k]] = CLASS['barrier-host']
for (const k of ['guest-queue', 'barrier-guest'] as const)
  BARRIER_GROUP[CLASS[k]] = CLASS['barrier-guest']
for (const k of ['lhp', 'lock', 'lock-guest', 'condition', 'barrier-lock'] as const)
  BARRIER_GROUP[CLASS[k]] = CLASS['barrier-lock']
for (const k of ['switch', 'refill', 'resize', 'barrier-overhead'] as const)
  BARRIER_GROUP[CLASS[k]] = CLASS['barrier-overhead']

const GROUPS = [
  CLASS.barrier,
  CLASS['barrier-host'],
  CLASS['barrier-guest'],
  CLASS['barrier-lock'],
  CLASS['barrier-overhead'],
]

/** Walks back over what a thread did: nanoseconds by barrier group over growing windows. */
class BackWalk {
  readonly #m: Machine
  readonly #ring: number
  #at: number
  #steps = HISTORY - 1
  #left: number
  covered = 0
  readonly byGroup = new Float64Array(CLASSES)

  constructor(m: Machine, t: number) {
    this.#m = m
    this.#ring = t * HISTORY
    this.#at = m.historyAt[t]!
    this.#left = m.historyNs[this.#ring + this.#at]!
  }

  /** Extends the window to `ns` before now. What the ring no longer holds counts as imbalance. */
  extendTo(ns: number): void {
    while (this.covered < ns) {
      const need = ns - this.covered
      const known = this.#steps > 0
      const group = known
        ? BARRIER_GROUP[this.#m.historyClass[this.#ring + this.#at]!]!
        : CLASS.barrier
      const part = known && this.#left < need ? this.#left : need
      this.byGroup[group]! += part
      this.covered += part
      this.#left -= part
      if (known && this.#left === 0) this.#step()
    }
  }

  #step(): void {
    this.#steps--
    this.#at = (this.#at - 1) & (HISTORY - 1)
    this.#left = this.#m.historyNs[this.#ring + this.#at]!
  }
}

/**
 * Splits the waits of a barrier's waiters by what the last arriver did meanwhile. `waiters` in
 * order of arrival; exact to the nanosecond, rounding goes to imbalance.
 */
export function splitBarrierWaits(m: Machine, last: number, waiters: readonly number[]): void {
  charge(m, last)
  const walk = new BackWalk(m, last)
  for (let i = waiters.length - 1; i >= 0; i--) {
    const t = waiters[i]!
    charge(m, t)
    walk.extendTo(m.now - m.tArrivedAt[t]!)
    splitOne(m, t, walk)
  }
}

function splitOne(m: Machine, t: number, walk: BackWalk): void {
  const row = t * CLASSES
  const open = m.time[row + BARRIER_OPEN]!
  if (open === 0) return
  m.time[row + BARRIER_OPEN] = 0
  const scale = open / walk.covered
  let rest = open
  for (let g = 1; g < GROUPS.length; g++) {
    const part = Math.min(rest, Math.floor(walk.byGroup[GROUPS[g]!]! * scale))
    m.time[row + GROUPS[g]!]! += part
    rest -= part
  }
  m.time[row + CLASS.barrier]! += rest
}

/** Closes all intervals at the end of a run; open barrier waits count as imbalance. */
export function chargeAll(m: Machine): void {
  for (let t = 0; t < m.threads; t++) {
    charge(m, t)
    m.time[t * CLASSES + CLASS.barrier]! += m.time[t * CLASSES + BARRIER_OPEN]!
    m.time[t * CLASSES + BARRIER_OPEN] = 0
  }
}

/** Nanoseconds by class over the VM's threads. */
export function timeOfVm(m: Machine, vm: VmState): Record<TimeClassKey, number> {
  const sums = TIME_CLASS_KEYS.map((_, c) => {
    let sum = 0
    for (let t = vm.firstT; t < vm.firstT + vm.threads; t++) sum += m.time[t * CLASSES + c]!
    return sum
  })
  return Object.fromEntries(TIME_CLASS_KEYS.map((k, i) => [k, sums[i]!])) as Record<
    TimeClassKey,
    number
  >
}
