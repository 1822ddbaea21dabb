/**
 * Spin waits: how a thread begins to spin, and when a waiter that is not simply let go will next do
 * something of its own: try a lock with back-off, look at its predecessor, or give up and halt.
 */
import { uniformAt } from '../base/random.ts'
import { charge, setClass } from './charge.ts'
import type { Machine } from './machine.ts'
import * as vocabulary from './vocabulary.ts'

const { CLASS, MODE, PAUSE } = vocabulary

/** Spin time of a waiter with back-off counts down from here, so that what it spun is known. */
export const BACKOFF_SPIN_NS = 2 ** 50

/** The thread spins from now on; for `limitNs` at most, where its way of spinning has an end. */
export function beginSpin(m: Machine, t: number, pause: number, limitNs: number): void {
  charge(m, t)
  m.tMode[t] = MODE.spin
  m.tSpinLeft[t] = limitNs
  m.tPause[t] = pause
  m.tSpinAt[t] = m.now
}

/** The waiter before a waiter; −1: it is the first. */
export function waiterBefore(m: Machine, lock: number, t: number): number {
  let before = -1
  for (let w = m.lHead[lock]!; w !== t; w = m.tNext[w]!) before = w
  return before
}

/** Spin time until an executing waiter acts by itself, ns; Infinity: it waits to be let go. */
export function ownActNs(m: Machine, t: number): number {
  const pause = m.tPause[t]!
  if (pause === PAUSE.retry) return retryNs(m, t)
  m.tSlept[t] = 0
  const leftNs = m.tSpinLeft[t]!
  return pause === PAUSE.queue ? Math.min(leftNs, queueActNs(m, t)) : leftNs
}

/**
 * A waiter with back-off sees only at its next try that the lock is free. Delays are uniform below
 * a limit that doubles, so after spinning for s the limit is about s + the first one; what is left
 * of the current delay then has density ∝ 1 − x / limit.
 */
function retryNs(m: Machine, t: number): number {
  if (m.lOwner[m.tLock[t]!]! >= 0) return Infinity
  setClass(m, t, CLASS.lock)
  const spunNs = BACKOFF_SPIN_NS - m.tSpinLeft[t]!
  const limitNs = Math.min(m.guest.tasBackoffMaxNs, m.guest.tasBackoffMinNs + spunNs)
  const u = uniformAt(m.tChanceKey[t]!, m.tChances[t]!++)
  return Math.ceil(limitNs * (1 - Math.sqrt(u)))
}

/** The first of a PV queue lock takes it when it is free; others check whom they wait behind. */
function queueActNs(m: Machine, t: number): number {
  const lock = m.tLock[t]!
  const before = waiterBefore(m, lock, t)
  if (before < 0) return m.lOwner[lock]! < 0 ? 0 : Infinity
  if (m.tSlept[before] === 0) return Infinity
  const spunNs = m.pvSpinNs - m.tSpinLeft[t]!
  return (m.pvCheckNs - (spunNs % m.pvCheckNs)) % m.pvCheckNs
}
