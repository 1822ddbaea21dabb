/**
 * Guest kernel: CFS over threads, wake-up placement, blocking and idling. It schedules its vCPUs as
 * if they were CPUs: a preempted vCPU looks busy with its current thread.
 */
import { POINT } from '../base/point-kind.ts'
import { charge, owe } from './charge.ts'
import { passesQuietly } from './consensus.ts'
import { cancelEvent, nextTick, scheduleAt } from './events.ts'
import { dequeueReady, enqueueReady, leftmostReady, looksIdle } from './guest-queue.ts'
import { reblame } from './locks.ts'
import type { Machine } from './machine.ts'
import { updateSpeed } from './memory.ts'
import { preemptedOff, threadOff, threadOn, updateThreadVr } from './on-cpu.ts'
import { interrupt } from './step.ts'
import { becomeCurrentWaiting, halt, kick } from './vcpu.ts'
import * as vocabulary from './vocabulary.ts'

const { DEBT, KIND, MODE, THREAD, VCPU } = vocabulary

/** Blocks the executing thread: its class while it waits, and what its vCPU does next. */
export function blockThread(m: Machine, t: number, cls: number): void {
  const v = m.tV[t]!
  threadOff(m, t)
  if (m.vAwaited[v] !== 0) passesQuietly(m, v)
  m.tState[t] = THREAD.blocked
  m.tClass[t] = cls
  m.vCur[v] = -1
  reblame(m, t)
  pickThread(m, v)
}

/** The running vCPU has no current thread: takes the next one, pulls one, or idles. */
function pickThread(m: Machine, v: number): void {
  let next = leftmostReady(m, v)
  if (next < 0) next = pullReady(m, v, 1)
  if (next < 0) {
    idle(m, v)
    return
  }
  dequeueReady(m, next)
  makeCurrent(m, v, next)
}

function makeCurrent(m: Machine, v: number, t: number): void {
  charge(m, t)
  m.vCur[v] = t
  m.tState[t] = THREAD.current
  m.tV[t] = v
  m.vGuestRan[v] = 0
  m.vGuestMinVr[v] = Math.max(m.vGuestMinVr[v]!, m.tVr[t]!)
  if (m.vState[v] !== VCPU.running) {
    becomeCurrentWaiting(m, v, t)
    return
  }
  if (m.vLastT[v] !== t) {
    m.counters.guestSwitches++
    owe(m, t, DEBT.switch, m.guest.contextSwitchNs)
  }
  m.vLastT[v] = t
  threadOn(m, t)
}

/** Moves a ready thread from the sibling with the most, if it has at least `min`; −1: none. */
function pullReady(m: Machine, v: number, min: number): number {
  const vm = m.vms[m.vVm[v]!]!
  let busiest = -1
  let most = min - 1
  for (let w = vm.firstV; w < vm.firstV + vm.vcpus; w++) {
    if (w === v || m.vReady[w]! <= most) continue
    busiest = w
    most = m.vReady[w]!
  }
  if (busiest < 0) return -1
  const t = leftmostReady(m, busiest)
  dequeueReady(m, t)
  m.tVr[t]! += m.vGuestMinVr[v]! - m.vGuestMinVr[busiest]!
  enqueueReady(m, v, t)
  m.counters.guestMigrations++
  return t
}

/** A vCPU has come online, idle: it takes over a thread that waits elsewhere (newidle balance). */
export function findWork(m: Machine, v: number): void {
  if (m.vState[v] !== VCPU.halted || m.vKick[v] !== 0 || m.vCur[v]! >= 0) return
  const t = pullReady(m, v, 1)
  if (t < 0) return
  dequeueReady(m, t)
  makeCurrent(m, v, t)
  reblame(m, t)
  kick(m, v, 0)
}

function idle(m: Machine, v: number): void {
  if (!m.spec.switches.haltPolling || m.vPollNs[v] === 0) {
    if (m.spec.switches.haltPolling) m.vPollNs[v] = m.costs.haltPollStartNs
    halt(m, v)
    return
  }
  m.vPolling[v] = 1
  m.vHaltAt[v] = m.now
  scheduleAt(m, KIND.haltPoll, v, m.now + m.vPollNs[v]!)
}

/** Halt polling found nothing in time: grows or shrinks the window and halts. */
export function pollExpired(m: Machine, v: number): void {
  const grown = m.vPollNs[v]! * m.costs.haltPollGrow
  m.vPollNs[v] = grown > m.costs.haltPollMaxNs ? 0 : grown
  halt(m, v)
}

/** The vCPU on which a thread wakes: previous if idle, an idle sibling, else previous. */
function selectVcpu(m: Machine, t: number): number {
  const vm = m.vms[m.tVm[t]!]!
  const prev = m.tV[t]!
  if (m.vState[prev] !== VCPU.offline && looksIdle(m, prev)) return prev
  for (let i = 1; i < vm.vcpus; i++) {
    const v = vm.firstV + ((prev - vm.firstV + i) % vm.vcpus)
    if (m.vState[v] !== VCPU.offline && looksIdle(m, v)) return v
  }
  return m.vState[prev] !== VCPU.offline ? prev : leastReady(m, t)
}

function leastReady(m: Machine, t: number): number {
  const vm = m.vms[m.tVm[t]!]!
  let best = vm.firstV
  let least = Infinity
  for (let i = 0; i < vm.vcpus; i++) {
    const v = vm.firstV + ((t - vm.firstT + i) % vm.vcpus)
    if (m.vState[v] === VCPU.offline || m.vReady[v]! >= least) continue
    best = v
    least = m.vReady[v]!
  }
  return best
}

/**
 * Wakes a blocked thread. The waker (−1: a timer or the lab) pays the call and the IPI; `delayNs`:
 * how much later the kick leaves, when the waker wakes many one after another.
 */
export function wakeThread(m: Machine, t: number, waker: number, delayNs = 0): void {
  const from = m.tV[t]!
  const v = selectVcpu(m, t)
  if (v !== from) {
    m.tVr[t]! += m.vGuestMinVr[v]! - m.vGuestMinVr[from]!
    m.counters.guestMigrations++
  }
  const bonus = m.guestCfs[m.tVm[t]!]!.latencyNs / 2
  m.tVr[t] = Math.max(m.tVr[t]!, m.vGuestMinVr[v]! - bonus)
  if (waker >= 0) owe(m, waker, DEBT.switch, m.guest.wakeCallNs)
  charge(m, t)
  m.tV[t] = v
  if (looksIdle(m, v)) wakeIdle(m, v, t, waker, delayNs)
  else wakeBusy(m, v, t, waker)
  reblame(m, t)
}

/** The target idles as the guest sees it: halted (kick it), polling, or preempted while polling. */
function wakeIdle(m: Machine, v: number, t: number, waker: number, delayNs: number): void {
  const halted = m.vState[v] === VCPU.halted
  if (m.vPolling[v] !== 0) {
    m.vPolling[v] = 0
    cancelEvent(m, KIND.haltPoll, v)
  }
  makeCurrent(m, v, t)
  if (!halted) return
  if (waker >= 0) sendIpi(m, waker, v)
  kick(m, v, delayNs)
}

/** A thread sends an IPI to a sibling vCPU. */
export function sendIpi(m: Machine, sender: number, to: number): void {
  m.recorder?.point(POINT.ipi, sender, to, -1)
  m.counters.ipis++
  m.vms[m.tVm[sender]!]!.ipis++
  m.policy.ipiSent?.(m, m.tV[sender]!, to)
  m.counters.exits++
  owe(m, sender, DEBT.switch, m.costs.ipiNs)
}

function wakeBusy(m: Machine, v: number, t: number, waker: number): void {
  enqueueReady(m, v, t)
  const current = m.vCur[v]!
  if (m.tOn[current] !== 0) updateThreadVr(m, current)
  const granularity = m.guestCfs[m.tVm[t]!]!.wakeupGranularityNs * m.tVrRate[t]!
  if (m.tVr[current]! - m.tVr[t]! <= granularity || m.vGuestResched[v] !== 0) return
  m.vGuestResched[v] = 1
  if (waker >= 0 && m.tV[waker] !== v) sendIpi(m, waker, v)
  if (m.vState[v] === VCPU.running) m.toGuestReschedule.push(v)
}

/** Chooses anew which thread is current on a running vCPU. */
export function guestReschedule(m: Machine, v: number): void {
  if (m.vState[v] !== VCPU.running) return
  const t = m.vCur[v]!
  if (t >= 0 && m.tNoPreempt[t] !== 0) return
  m.vGuestResched[v] = 0
  const next = leftmostReady(m, v)
  if (t < 0 || next < 0) return
  if (m.tOn[t] !== 0) updateThreadVr(m, t)
  if (m.tVr[next]! >= m.tVr[t]!) return
  switchThread(m, v, next)
}

function switchThread(m: Machine, v: number, next: number): void {
  const t = m.vCur[v]!
  threadOff(m, t)
  if (m.vAwaited[v] !== 0) passesQuietly(m, v)
  enqueueReady(m, v, t)
  preemptedOff(m, t)
  m.vCur[v] = -1
  dequeueReady(m, next)
  makeCurrent(m, v, next)
}

/** Guest tick on a running vCPU: cost, slice, balance. */
export function guestTick(m: Machine, v: number): void {
  if (m.vState[v] !== VCPU.running) return
  scheduleAt(m, KIND.guestTick, v, nextTick(m.now, m.guest.tickNs, m.vPhase[v]!))
  const t = m.vCur[v]!
  if (t < 0) return
  m.counters.exits += 2
  if (m.vAwaited[v] !== 0 && m.tNoPreempt[t] === 0) passesQuietly(m, v)
  charge(m, t)
  updateThreadVr(m, t)
  if (m.tMode[t] === MODE.work) updateSpeed(m, t, m.vP[v]!)
  interrupt(m, t, DEBT.switch, m.guest.tickCostNs)
  m.vGuestMinVr[v] = Math.max(m.vGuestMinVr[v]!, minVr(m, v))
  balance(m, v)
  const next = leftmostReady(m, v)
  if (next < 0 || !threadSliceIsOver(m, v, next)) return
  if (m.tNoPreempt[t] === 0) switchThread(m, v, next)
  else m.vGuestResched[v] = 1
}

function minVr(m: Machine, v: number): number {
  const next = leftmostReady(m, v)
  const current = m.tVr[m.vCur[v]!]!
  return next < 0 ? current : Math.min(current, m.tVr[next]!)
}

function threadSliceIsOver(m: Machine, v: number, next: number): boolean {
  const cfs = m.guestCfs[m.vVm[v]!]!
  const count = m.vReady[v]! + 1
  const period = count > 8 ? count * cfs.minGranularityNs : cfs.latencyNs
  const t = m.vCur[v]!
  const ran = m.vGuestRan[v]!
  const slice = m.vms[m.vVm[v]!]!.isWeighted ? weightedSlice(m, v, period) : period / count
  if (ran > slice) return m.tVr[next]! < m.tVr[t]!
  return ran >= cfs.minGranularityNs && m.tVr[t]! - m.tVr[next]! > slice
}

/** The current thread's part of a period by weight (sched_slice). */
function weightedSlice(m: Machine, v: number, period: number): number {
  const own = m.tWeight[m.vCur[v]!]!
  let load = own
  for (let t = m.vHead[v]!; t >= 0; t = m.tReadyNext[t]!) load += m.tWeight[t]!
  return (period * own) / load
}

function balance(m: Machine, v: number): void {
  if (m.now < m.vNextBalance[v]!) return
  m.vNextBalance[v] = m.now + m.guest.balanceIntervalNs
  pullReady(m, v, m.vReady[v]! + 2)
}

/** Starts a thread: ready on a vCPU, as after clone(). */
export function startThread(m: Machine, t: number, v: number): void {
  m.tV[t] = v
  m.tState[t] = THREAD.blocked
  m.tMode[t] = MODE.next
  wakeThread(m, t, -1)
}
