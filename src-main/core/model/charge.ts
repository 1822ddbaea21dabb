/**
 * Charging: every nanosecond of every thread goes to exactly one class. `charge` closes the
 * interval since the last charge; each transition calls it before it changes what the thread does.
 */
import { TIME_CLASS_KEYS } from '../base/time-class.ts'
import type { TimeClassKey } from '../base/time-class.ts'
import { toWholeNs } from '../base/units.ts'
import type { Machine } from './machine.ts'
import type { VmState } from './vm-state.ts'
import * as vocabulary from './vocabulary.ts'

const { BARRIER_OPEN, CLASS, CLASSES, DEBT, DEBTS, HISTORY, MODE } = vocabulary

const DEBT_CLASS = new Uint8Array(DEBTS)
DEBT_CLASS[DEBT.switch] = CLASS.switch
DEBT_CLASS[DEBT.refill] = CLASS.refill
DEBT_CLASS[DEBT.resize] = CLASS.resize
DEBT_CLASS[DEBT.ipi] = CLASS.ipi
DEBT_CLASS[DEBT.lock] = CLASS.lock

function add(m: Machine, t: number, cls: number, ns: number): void {
  if (m.recorder !== null) m.recorder.charged(t, cls, ns)
  m.time[t * CLASSES + cls]! += ns
  if (m.tRemembers[t] === 0) return
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
  if (m.tSince[t] !== m.now) closeInterval(m, t)
}

function closeInterval(m: Machine, t: number): void {
  const ns = m.now - m.tSince[t]!
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
  const useful = Math.min(ns, toWholeNs(work))
  if (useful > 0) add(m, t, CLASS.useful, useful)
  if (ns > useful) addLoss(m, t, ns, ns - useful)
}

/** Time that a slower pace cost: memory first, the rest went to the other threads of the core. */
function addLoss(m: Machine, t: number, ns: number, lossNs: number): void {
  const smtSpeed = m.tSmtSpeed[t]!
  const memoryNs =
    smtSpeed === 1 ? lossNs : Math.min(lossNs, toWholeNs(ns * (1 - m.tSpeed[t]! / smtSpeed)))
  if (memoryNs > 0) add(m, t, CLASS.memory, memoryNs)
  if (lossNs > memoryNs) add(m, t, CLASS.smt, lossNs - memoryNs)
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
