/**
 * Locks: owners, FIFO waiters, and whose state explains the waiters' time. A waiter's class follows
 * its holder: on a preempted vCPU it is lock-holder preemption, executing it is contention. The
 * waiters of a lock that is free wait because of themselves.
 */
import { POINT } from '../base/point-kind.ts'
import { setClass } from './charge.ts'
import type { Machine } from './machine.ts'
import type { Recorder } from './recorder.ts'
import { offCpuClass } from './step.ts'
import * as vocabulary from './vocabulary.ts'

const { CLASS, THREAD, VCPU } = vocabulary

function waitClass(m: Machine, lock: number): number {
  const holder = m.lBlamed[lock]!
  if (holder < 0 || m.tOn[holder] !== 0) return CLASS.lock
  if (m.tState[holder] !== THREAD.current) return CLASS['lock-guest']
  return m.vState[m.tV[holder]!] === VCPU.runnable ? CLASS.lhp : CLASS.lock
}

function classifyWaiters(m: Machine, lock: number): void {
  if (m.lWaiters[lock] === 0) return
  const holder = m.lBlamed[lock]!
  const cls = waitClass(m, lock)
  for (let t = m.lHead[lock]!; t >= 0; t = m.tNext[t]!)
    setClass(m, t, holder < 0 || holder === t ? ownClass(m, t) : cls)
}

/** Class of a waiter that nobody keeps from a free lock: it will try, or does not execute. */
const ownClass = (m: Machine, t: number): number =>
  m.tOn[t] !== 0 ? CLASS.lock : offCpuClass(m, t)

/** A waiter that takes its lock itself was preempted: if the lock is free, that is its wait. */
export function waiterPreempted(m: Machine, t: number): void {
  const holder = m.lBlamed[m.tLock[t]!]!
  if (holder < 0 || holder === t) setClass(m, t, offCpuClass(m, t))
}

/** The lock is taken by `t`, passed to it, or free (−1). */
export function setOwner(m: Machine, lock: number, t: number): void {
  if (m.recorder !== null) recordOwner(m, m.recorder, lock, t)
  m.lOwner[lock] = t
}

function recordOwner(m: Machine, recorder: Recorder, lock: number, t: number): void {
  const before = m.lOwner[lock]!
  if (before >= 0) recorder.point(POINT['lock-release'], before, lock, t)
  if (t >= 0) recorder.point(POINT['lock-acquire'], t, lock, -1)
}

/** The thread's state changed: waiters of its locks are charged accordingly from now on. */
export function reblame(m: Machine, t: number): void {
  for (let lock = m.tBlame[t]!; lock >= 0; lock = m.lNextBlame[lock]!) classifyWaiters(m, lock)
}

/** From now on the lock's waiters wait because of `t` (−1: nobody). */
export function blame(m: Machine, lock: number, t: number): void {
  const before = m.lBlamed[lock]!
  if (before === t) return
  if (before >= 0) unlinkBlame(m, lock, before)
  m.lBlamed[lock] = t
  if (t >= 0) {
    m.lNextBlame[lock] = m.tBlame[t]!
    m.tBlame[t] = lock
  }
  classifyWaiters(m, lock)
}

function unlinkBlame(m: Machine, lock: number, t: number): void {
  let at = m.tBlame[t]!
  if (at === lock) {
    m.tBlame[t] = m.lNextBlame[lock]!
    return
  }
  while (m.lNextBlame[at] !== lock) at = m.lNextBlame[at]!
  m.lNextBlame[at] = m.lNextBlame[lock]!
}

/** Appends a waiter; the caller has made it block or spin. */
export function addWaiter(m: Machine, lock: number, t: number): void {
  m.recorder?.point(POINT['lock-contend'], t, lock, m.lBlamed[lock]!)
  m.tNext[t] = -1
  if (m.lWaiters[lock]!++ === 0) m.lHead[lock] = t
  else m.tNext[m.lTail[lock]!] = t
  m.lTail[lock] = t
  setClass(m, t, waitClass(m, lock))
}

/** Takes a waiter out of its place in the line. */
export function removeWaiter(m: Machine, lock: number, t: number): void {
  let before = -1
  for (let w = m.lHead[lock]!; w !== t; w = m.tNext[w]!) before = w
  if (before < 0) m.lHead[lock] = m.tNext[t]!
  else m.tNext[before] = m.tNext[t]!
  if (m.lTail[lock] === t) m.lTail[lock] = before
  m.lWaiters[lock]!--
}

/** Takes the longest waiter; −1: none. */
export function takeWaiter(m: Machine, lock: number): number {
  if (m.lWaiters[lock] === 0) return -1
  if (m.spec.oracle.locks) runningFirst(m, lock)
  const t = m.lHead[lock]!
  m.lHead[lock] = m.tNext[t]!
  m.lWaiters[lock]!--
  return t
}

/** Counterfactual: a waiter that executes goes before those on preempted vCPUs. */
function runningFirst(m: Machine, lock: number): void {
  let before = -1
  let t = m.lHead[lock]!
  while (t >= 0 && m.tOn[t] === 0) {
    before = t
    t = m.tNext[t]!
  }
  if (t < 0 || before < 0) return
  m.tNext[before] = m.tNext[t]!
  if (m.lTail[lock] === t) m.lTail[lock] = before
  m.tNext[t] = m.lHead[lock]!
  m.lHead[lock] = t
}
