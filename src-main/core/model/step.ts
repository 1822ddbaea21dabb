/** Step: when the thread that executes on a vCPU will next need attention. */
import { ln, uniformAt } from '../base/random.ts'
import { charge, owe, setClass } from './charge.ts'
import { cancelEvent, requestAdvance, scheduleAt } from './events.ts'
import { preemptedClass } from './host-queue.ts'
import type { Machine } from './machine.ts'
import { ownActNs } from './spin-waits.ts'
import * as vocabulary from './vocabulary.ts'

const { CLASS, KIND, MODE, PAUSE, THREAD, VCPU } = vocabulary

/** Schedules the end of the current work or spin of a thread that executes. */
export function scheduleStep(m: Machine, t: number): void {
  const v = m.tV[t]!
  const ns = m.tMode[t] === MODE.work ? workNs(m, t) : waitNs(m, t, v)
  if (ns === Infinity) cancelEvent(m, KIND.vcpuStep, v)
  else scheduleAt(m, KIND.vcpuStep, v, m.now + m.tDebtSum[t]! + ns)
}

/** Wall time of the work that is left, or until the thread attempts or releases a lock in bulk. */
function workNs(m: Machine, t: number): number {
  const speed = m.tSpeed[t]!
  let work = m.tRemaining[t]!
  m.tHit[t] = 0
  // 0 left: it releases at once, and must not meet its own lock
  if (m.tCaught[t]! >= 0) work = Math.min(work, m.tCsLeft[t]!)
  else if (m.tSet[t]! >= 0) work = workToAttempt(m, t, work)
  return speed === 1 ? Math.ceil(work) : Math.ceil(work / speed)
}

/**
 * Work until the thread's next attempt on a lock of its set that is simulated, at most `work`, if
 * it is outside a section until then. Singly: any attempt. Thinned: one on a lock that is an
 * entity, or that another thread may hold.
 */
function workToAttempt(m: Machine, t: number, work: number): number {
  const set = m.vms[m.tVm[t]!]!.lockSets[m.tSet[t]!]!
  const locks = set.singly ? set.locks : set.live.length + set.crowd
  const mean = m.tOutsideNs[t]! * (set.locks / locks)
  const u = uniformAt(m.tChanceKey[t]!, m.tChances[t]!++)
  // −ln u > 1 − u: mostly no logarithm is needed to see that there is no attempt
  if ((1 - u) * mean >= work) return work
  const attempt = -ln(u) * mean
  if (attempt >= work) return work
  m.tHit[t] = locks
  return attempt
}

const waitNs = (m: Machine, t: number, v: number): number =>
  m.tMode[t] === MODE.pay ? 0 : spinNs(m, t, v)

function spinNs(m: Machine, t: number, v: number): number {
  const pause = m.tPause[t]!
  if (pause === PAUSE.none) return m.tSpinLeft[t]!
  const windowNs = m.spec.switches.ple ? m.vPleNs[v]! : Infinity
  if (pause === PAUSE.forever) return windowNs
  const actNs = ownActNs(m, t)
  m.tHit[t] = actNs <= windowNs ? 1 : 0
  return actNs <= windowNs ? actNs : windowNs
}

/** A thread that begins to execute: goes on with what it was doing. */
export function resumeThread(m: Machine, t: number): void {
  if (m.tMode[t] === MODE.next) requestAdvance(m, t)
  else scheduleStep(m, t)
}

/** Class of a thread that could go on but does not execute. */
export function offCpuClass(m: Machine, t: number): number {
  if (m.tState[t] === THREAD.ready) return CLASS['guest-queue']
  const v = m.tV[t]!
  return m.vState[v] === VCPU.runnable ? preemptedClass(m, v) : CLASS.wake
}

/**
 * What a spinning thread waited for is there: it goes on as soon as it executes, with its next
 * operation or (`MODE.work`) with the work that it interrupted.
 */
export function grant(m: Machine, t: number, mode: number): void {
  charge(m, t)
  if (m.tPause[t] !== PAUSE.none) m.policy.spinEnded?.(m, t, m.now - m.tSpinAt[t]!)
  m.tMode[t] = mode
  m.tSpinLeft[t] = 0
  m.tPause[t] = PAUSE.none
  if (m.tOn[t] === 0) {
    setClass(m, t, offCpuClass(m, t))
    return
  }
  resumeThread(m, t)
}

/** An interruption of a thread: it owes the time and its current step ends later. */
export function interrupt(m: Machine, t: number, lane: number, ns: number): void {
  charge(m, t)
  owe(m, t, lane, ns)
  if (m.tOn[t] !== 0 && m.tMode[t] !== MODE.next) scheduleStep(m, t)
}
