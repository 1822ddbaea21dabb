/** On-CPU: a thread begins or stops to execute on a pCPU, whoever decided it. */
import { catchHolder } from './bulk.ts'
import { charge, setClass } from './charge.ts'
import { cancelEvent } from './events.ts'
import { awaitedStarts, awaitedStops } from './consensus.ts'
import { readerPreempted } from './reader-blame.ts'
import { reblame, waiterPreempted } from './locks.ts'
import type { Machine } from './machine.ts'
import { enterCpu, leaveCpu } from './memory.ts'
import { offCpuClass, resumeThread } from './step.ts'
import * as vocabulary from './vocabulary.ts'

const { KIND, MODE, PAUSE } = vocabulary

/** The current thread of a vCPU that runs on its pCPU begins to execute. */
export function threadOn(m: Machine, t: number): void {
  charge(m, t)
  m.tOn[t] = 1
  m.tExecAt[t] = m.now
  enterCpu(m, t, m.vP[m.tV[t]!]!)
  reblame(m, t)
  if (m.vAwaited[m.tV[t]!] !== 0) awaitedStarts(m, m.tV[t]!)
  resumeThread(m, t)
}

/** Brings the guest's virtual run time of an executing thread up to now. */
export function updateThreadVr(m: Machine, t: number): void {
  const ran = m.now - m.tExecAt[t]!
  m.tExecAt[t] = m.now
  m.tVr[t]! += ran * m.tVrRate[t]!
  m.vGuestRan[m.tV[t]!]! += ran
}

/** The thread stops executing of its own will (it blocks or ends). */
export function threadOff(m: Machine, t: number): void {
  charge(m, t)
  updateThreadVr(m, t)
  m.tOn[t] = 0
  leaveCpu(m, t, m.vP[m.tV[t]!]!)
  cancelEvent(m, KIND.vcpuStep, m.tV[t]!)
}

/** The thread was stopped in the middle: it may hold a lock. Its state is set by the caller. */
export function preemptedOff(m: Machine, t: number): void {
  if (m.tMode[t] !== MODE.spin) setClass(m, t, offCpuClass(m, t))
  else if (m.tPause[t]! >= PAUSE.retry) waiterPreempted(m, t)
  catchHolder(m, t)
  reblame(m, t)
  if (m.vAwaited[m.tV[t]!] !== 0) awaitedStops(m, m.tV[t]!)
  if (m.tReads[t]! >= 0) readerPreempted(m, t)
  if (m.tBlame[t]! >= 0 || m.tReads[t]! >= 0) m.counters.lockHolderPreemptions++
}
