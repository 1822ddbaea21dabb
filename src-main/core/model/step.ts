/** Step: when the thread that executes on a vCPU will next need attention. */
import { exponentialAt } from '../base/random.ts'
import { charge, owe, setClass } from './charge.ts'
import { cancelEvent, requestAdvance, scheduleAt } from './events.ts'
import { preemptedClass } from './host-queue.ts'
import type { Machine } from './machine.ts'
import * as vocabulary from './vocabulary.ts'

const { CLASS, KIND, MODE, THREAD, VCPU } = vocabulary

/** Schedules the end of the current work or spin of a thread that executes. */
export function scheduleStep(m: Machine, t: number): void {
  const v = m.tV[t]!
  const ns = m.tMode[t] === MODE.work ? workNs(m, t) : spinNs(m, t, v)
  if (ns === Infinity) cancelEvent(m, KIND.vcpuStep, v)
  else scheduleAt(m, KIND.vcpuStep, v, m.now + m.tDebtSum[t]! + ns)
}

/** Wall time of the work that is left, or until the thread releases or meets a caught lock. */
function workNs(m: Machine, t: number): number {
  const speed = m.tSpeed[t]!
  let work = m.tRemaining[t]!
  m.tHit[t] = 0
  if (m.tCaught[t]! >= 0) {
    // 0 left: it releases at once, and must not meet its own lock
    work = Math.min(work, m.tCsLeft[t]!)
  } else if (m.tSet[t]! >= 0) {
    const set = m.vms[m.tVm[t]!]!.lockSets[m.tSet[t]!]!
    if (set.caught.length > 0) {
      const rate = (m.tLockRate[t]! * set.caught.length) / set.locks
      const hit = exponentialAt(m.tChanceKey[t]!, m.tChances[t]!++) / rate
      if (hit < work) {
        work = hit
        m.tHit[t] = 1
      }
    }
  }
  return speed === 1 ? Math.ceil(work) : Math.ceil(work / speed)
}

function spinNs(m: Machine, t: number, v: number): number {
  if (m.tPause[t] === 0) return m.tSpinLeft[t]!
  return m.spec.switches.ple ? m.vPleNs[v]! : Infinity
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
  if (m.tPause[t] !== 0) m.policy.spinEnded?.(m, t, m.now - m.tSpinAt[t]!)
  m.tMode[t] = mode
  m.tSpinLeft[t] = 0
  m.tPause[t] = 0
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
