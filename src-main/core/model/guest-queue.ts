/** Guest run queues: threads that are ready on a vCPU, besides its current one. */
import { setClass } from './charge.ts'
import type { Machine } from './machine.ts'
import * as vocabulary from './vocabulary.ts'

const { CLASS, MODE, THREAD } = vocabulary

/** Appends a ready thread to a vCPU's queue. */
export function enqueueReady(m: Machine, v: number, t: number): void {
  const tail = m.vTail[v]!
  m.tState[t] = THREAD.ready
  m.tV[t] = v
  m.tReadyPrev[t] = tail
  m.tReadyNext[t] = -1
  if (tail < 0) m.vHead[v] = t
  else m.tReadyNext[tail] = t
  m.vTail[v] = t
  m.vReady[v]!++
  if (m.tMode[t] !== MODE.spin) setClass(m, t, CLASS['guest-queue'])
}

/** Takes a ready thread out of its vCPU's queue. */
export function dequeueReady(m: Machine, t: number): void {
  const v = m.tV[t]!
  const prev = m.tReadyPrev[t]!
  const next = m.tReadyNext[t]!
  if (prev < 0) m.vHead[v] = next
  else m.tReadyNext[prev] = next
  if (next < 0) m.vTail[v] = prev
  else m.tReadyPrev[next] = prev
  m.vReady[v]!--
}

/** The ready thread with the least virtual run time; −1: none. */
export function leftmostReady(m: Machine, v: number): number {
  let best = -1
  let bestVr = Infinity
  for (let t = m.vHead[v]!; t >= 0; t = m.tReadyNext[t]!) {
    if (m.tVr[t]! >= bestVr) continue
    best = t
    bestVr = m.tVr[t]!
  }
  return best
}

/** Is the vCPU idle as the guest sees it: no current thread? (It cannot see preemption.) */
export const looksIdle = (m: Machine, v: number): boolean => m.vCur[v]! < 0
