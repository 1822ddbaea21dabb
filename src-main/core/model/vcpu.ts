/**
 * vCPUs on pCPUs: dispatch, preemption, halt and kick, with their costs. Rescheduling is deferred
 * to the end of the event, as in a kernel that returns from an interrupt.
 */
import { POINT } from '../base/point-kind.ts'
import { owe, setClass } from './charge.ts'
import {
  cancelEvent,
  enablePreemption,
  requestReschedule,
  scheduleAt,
  startTick,
} from './events.ts'
import { attach, dequeue, detach, enqueue } from './host-queue.ts'
import { reclassify, reclassifyQueue, updateCurrent } from './host-queue.ts'
import { reblame } from './locks.ts'
import type { Machine } from './machine.ts'
import { preemptedOff, threadOff, threadOn } from './on-cpu.ts'
import { countBusy } from './smt.ts'
import { grant } from './step.ts'
import * as vocabulary from './vocabulary.ts'

const { CLASS, DEBT, KIND, MODE, VCPU } = vocabulary

/** Chooses anew who runs on the pCPU, and switches to it. */
export function reschedule(m: Machine, p: number): void {
  m.pResched[p] = 0
  updateCurrent(m, p)
  const prev = m.pCur[p]!
  if (prev >= 0) {
    if (m.hasSlices && isDeferred(m, p, prev)) return
    requeue(m, p, prev)
  }
  let next = m.host.pick(m, p)
  if (next < 0 && m.host.pullIdle(m, p)) next = m.host.pick(m, p)
  if (next >= 0) dequeue(m, next)
  if (next >= 0 && next === prev) {
    m.vState[prev] = VCPU.running
    m.vSliceAt[prev] = m.now
    m.pCur[p] = prev
    if (m.hasSlices) beginSlice(m, p, prev)
    return
  }
  if (prev >= 0) stopVcpu(m, prev)
  if (next >= 0) startVcpu(m, p, next)
  else if (m.pIdle[p] === 0) goIdle(m, p)
  reclassifyQueue(m, p)
}

/** Does the scheme put off that the running vCPU is preempted? One held or pinned away must go. */
function isDeferred(m: Machine, p: number, v: number): boolean {
  const { defersNs } = m.policy
  if (defersNs === undefined || m.vHeld[v] !== 0 || m.pHead[p]! < 0) return false
  if (m.vPin[v]! >= 0 && m.vPin[v] !== p) return false
  const ns = defersNs(m, p, v)
  if (ns <= 0) return false
  scheduleAt(m, KIND.hostSlice, p, m.now + Math.ceil(ns))
  return true
}

function beginSlice(m: Machine, p: number, v: number): void {
  const ns = m.host.sliceNs === undefined ? Infinity : m.host.sliceNs(m, p, v)
  if (ns === Infinity) cancelEvent(m, KIND.hostSlice, p)
  else scheduleAt(m, KIND.hostSlice, p, m.now + Math.ceil(ns))
}

/** The running vCPU stands in a queue while the choice is made: its pCPU's, or its new pin's. */
function requeue(m: Machine, p: number, v: number): void {
  const pin = m.vPin[v]!
  m.vState[v] = VCPU.runnable
  m.vRunnableAt[v] = m.now
  m.pCur[p] = -1
  if (pin < 0 || pin === p) {
    enqueue(m, v, p)
    return
  }
  detach(m, v, p)
  m.host.moved(m, v, p, pin)
  enqueue(m, v, pin)
  attach(m, v, pin)
  m.vP[v] = p
  m.counters.migrations++
}

/** The vCPU stops running; it is in a queue already. */
function stopVcpu(m: Machine, v: number): void {
  const t = m.vCur[v]!
  m.counters.preemptions++
  if (m.vHeld[v] !== 0) m.heldRunnable++
  if (t >= 0) threadOff(m, t)
  if (m.vPin[v]! >= 0 && m.vPin[v] !== m.vP[v]) {
    m.vP[v] = m.vPin[v]!
    requestReschedule(m, m.vP[v])
  }
  stopEvents(m, v)
  if (t >= 0) preemptedOff(m, t)
}

function stopEvents(m: Machine, v: number): void {
  if (m.vPolling[v] !== 0) cancelEvent(m, KIND.haltPoll, v)
}

function startVcpu(m: Machine, p: number, v: number): void {
  const switched = m.pLastV[p] !== v
  const afterExit = m.pIdle[p] === 0 ? m.pExitNs[p]! : 0
  m.pExitNs[p] = 0
  if (m.pIdle[p] !== 0) leaveIdle(m, p)
  if (m.vHeld[v] !== 0) m.heldRunnable--
  m.pCur[p] = v
  m.pLastV[p] = v
  m.vState[v] = VCPU.running
  m.vDelayNs[v]! += m.now - m.vRunnableAt[v]!
  m.vExecAt[v] = m.now
  m.vSliceAt[v] = m.now
  if (m.hasSlices) beginSlice(m, p, v)
  m.vPleNs[v] = m.pleWindowNs
  startTick(m, KIND.guestTick, v, m.guest.tickNs, m.vPhase[v]!)
  acknowledgeIpis(m, v)
  const t = m.vCur[v]!
  if (switched) m.counters.contextSwitches++
  if (t >= 0) {
    const entry = m.costs.vmExitNs + afterExit
    owe(m, t, DEBT.switch, switched ? m.costs.contextSwitchNs + entry : entry)
    threadOn(m, t)
  } else if (m.vPolling[v] !== 0) scheduleAt(m, KIND.haltPoll, v, m.now + m.vPollNs[v]!)
  if (m.vGuestResched[v] !== 0) m.toGuestReschedule.push(v)
}

/** Senders of TLB shootdowns that waited for this vCPU to run go on. */
function acknowledgeIpis(m: Machine, v: number): void {
  const senders = m.vIpi[v]!
  if (senders.length === 0) return
  const t = m.vCur[v]!
  for (const sender of senders) {
    if (t >= 0) owe(m, t, DEBT.ipi, m.guest.tlbFlushNs)
    if (--m.tTlbLeft[sender]! > 0) continue
    enablePreemption(m, sender)
    grant(m, sender, MODE.next)
  }
  senders.length = 0
}

function goIdle(m: Machine, p: number): void {
  m.pIdle[p] = 1
  m.pBusyNs[p]! += m.now - m.pSince[p]!
  m.pSince[p] = m.now
  if (m.perCore > 1) countBusy(m, p, -1)
  // a busy pCPU balances rarely: what it put off then is due within an idle one's interval
  m.pNextBalance[p] = Math.min(m.pNextBalance[p]!, m.now + m.costs.balanceIntervalNs)
  if (m.hasSlices) cancelEvent(m, KIND.hostSlice, p)
  if (m.idlePcpus++ === 0) reclassifyHeld(m)
}

function leaveIdle(m: Machine, p: number): void {
  const idle = m.now - m.pSince[p]!
  m.pIdle[p] = 0
  m.pIdleNs[p]! += idle
  m.pSince[p] = m.now
  if (m.perCore > 1) countBusy(m, p, 1)
  const average = m.pAvgIdle[p]! + (idle - m.pAvgIdle[p]!) / 8
  m.pAvgIdle[p] = Math.min(average, 2 * m.costs.migrationCostNs)
  startTick(m, KIND.hostTick, p, m.costs.tickNs, m.pPhase[p]!)
  if (--m.idlePcpus === 0) reclassifyHeld(m)
}

function reclassifyHeld(m: Machine): void {
  if (m.heldRunnable === 0) return
  for (let v = 0; v < m.vcpus; v++) if (m.vHeld[v] !== 0) reclassify(m, v)
}

/** A halted vCPU gets work: after the latency of the kick it will be runnable. */
export function kick(m: Machine, v: number, delayNs: number): void {
  if (m.vKick[v] !== 0) return
  m.vKick[v] = 1
  scheduleAt(m, KIND.vcpuKick, v, m.now + delayNs + m.costs.wakeNs)
}

/** The kick has arrived: the vCPU thread is enqueued on a pCPU, and may preempt there. */
export function kicked(m: Machine, v: number): void {
  m.vKick[v] = 0
  m.recorder?.point(POINT.kick, v, -1, -1)
  m.counters.wakeups++
  const from = m.vP[v]!
  const p = m.host.selectPcpu(m, v)
  if (p !== from) {
    m.host.moved(m, v, from, p)
    m.counters.migrations++
  }
  updateCurrent(m, p)
  m.host.woken(m, v, p)
  m.vState[v] = VCPU.runnable
  m.vRunnableAt[v] = m.now
  m.vms[m.vVm[v]!]!.runnable++
  enqueue(m, v, p)
  attach(m, v, p)
  if (m.vHeld[v] !== 0) {
    m.heldRunnable++
    if (m.spec.oracle.backfill && m.pCur[p]! < 0) requestReschedule(m, p)
  } else if (m.host.preempts(m, v, p)) requestReschedule(m, p)
  reclassify(m, v)
  if (m.vCur[v]! >= 0) reblame(m, m.vCur[v]!)
}

/** A running vCPU without work leaves its pCPU (HLT). */
export function halt(m: Machine, v: number): void {
  const p = m.vP[v]!
  updateCurrent(m, p)
  stopEvents(m, v)
  m.host.leaves?.(m, v)
  detach(m, v, p)
  m.vms[m.vVm[v]!]!.runnable--
  m.vState[v] = VCPU.halted
  m.vPolling[v] = 0
  m.vHaltAt[v] = m.now
  m.pCur[p] = -1
  m.pExitNs[p] = m.costs.hltNs
  m.counters.halts++
  m.counters.exits++
  requestReschedule(m, p)
}

/** Holds a vCPU back (co-stop) or lets it go; a held vCPU stays in its queue. */
export function setHeld(m: Machine, v: number, held: boolean): void {
  if ((m.vHeld[v] !== 0) === held) return
  m.vHeld[v] = held ? 1 : 0
  if (m.vState[v] === VCPU.runnable) m.heldRunnable += held ? 1 : -1
  if (m.vState[v] === VCPU.runnable || m.vState[v] === VCPU.running) requestReschedule(m, m.vP[v]!)
  reclassify(m, v)
}

/** Charges a thread that was ready in a guest queue and becomes current on a vCPU that waits. */
export function becomeCurrentWaiting(m: Machine, v: number, t: number): void {
  if (m.tMode[t] === MODE.spin) return
  if (m.vState[v] === VCPU.runnable) reclassify(m, v)
  else setClass(m, t, CLASS.wake)
}
