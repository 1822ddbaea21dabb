/**
 * Spin locks. Of those of a guest kernel the guest preempts neither holder nor waiters; of those of
 * user space it does (`lUser`). The host preempts whom it likes.
 *
 * - `ticket`: FIFO; all waiters poll one word, so a hand-over takes longer the more of them do
 *   (Anderson 1990; Boyd-Wickizer et al., OLS 2012: the next owner reads it in the middle).
 * - `mcs`: FIFO; each polls a line of its own (Anderson 1990, Mellor-Crummey and Scott 1991).
 * - `tas`: test-and-set with exponential back-off: whoever tries first once it is free has it.
 * - `pv-ticket`: as `ticket`; a waiter that spun for 2^15 iterations halts its vCPU, and is kicked
 *   at its turn (Linux 3.12–4.2 arch/x86/kernel/kvm.c, kvm_lock_spinning).
 * - `pv-qspinlock`: a queue whose first may halt too; while it does not spin, newcomers may steal
 *   the lock; a waiter behind one that halted halts early (kernel/locking/qspinlock_paravirt.h).
 */
import { toWholeNs } from '../base/units.ts'
import { enterSection } from './bulk.ts'
import { charge, owe } from './charge.ts'
import { enablePreemption } from './events.ts'
import { sendIpi } from './guest.ts'
import { addWaiter, blame, removeWaiter, setOwner, takeWaiter } from './locks.ts'
import type { Machine } from './machine.ts'
import { threadOff } from './on-cpu.ts'
import { BACKOFF_SPIN_NS, beginSpin, waiterBefore } from './spin-waits.ts'
import { grant, scheduleStep } from './step.ts'
import { halt, kick } from './vcpu.ts'
import * as vocabulary from './vocabulary.ts'

const { DEBT, LOCK, MODE, PAUSE, VCPU } = vocabulary

/** How the waiters of each kind of lock spin. */
const PAUSE_OF = new Uint8Array(Object.keys(LOCK).length).fill(PAUSE.forever)
PAUSE_OF[LOCK['pv-ticket']] = PAUSE.limited
PAUSE_OF[LOCK.tas] = PAUSE.retry
PAUSE_OF[LOCK['pv-qspinlock']] = PAUSE.queue

/** Takes the lock if it is free, past any waiters; else spins. */
export function lockSpin(m: Machine, t: number, lock: number): boolean {
  if (m.lUser[lock] === 0) m.tNoPreempt[t] = 1
  if (m.lOwner[lock]! < 0) {
    if (m.lWaiters[lock] !== 0) m.counters.lockSteals++
    setOwner(m, lock, t)
    blame(m, lock, t)
    return true
  }
  const pause = PAUSE_OF[m.lKind[lock]!]!
  beginSpin(m, t, pause, pause === PAUSE.forever ? 0 : spinLimitNs(m, pause))
  m.tLock[t] = lock
  addWaiter(m, lock, t)
  scheduleStep(m, t)
  return false
}

const spinLimitNs = (m: Machine, pause: number): number =>
  pause === PAUSE.retry ? BACKOFF_SPIN_NS : m.pvSpinNs

/** Releases the lock: to the next in line, whether or not its vCPU runs, or to whoever tries. */
export function unlockSpin(m: Machine, t: number, lock: number): void {
  if (m.lUser[lock] === 0) enablePreemption(m, t)
  const kind = m.lKind[lock]!
  if (kind < LOCK.tas || m.lWaiters[lock] === 0) handOver(m, t, lock)
  else if (kind === LOCK.tas) freeForAll(m, lock)
  else unlockQueue(m, t, lock)
}

function handOver(m: Machine, t: number, lock: number): void {
  const heir = takeWaiter(m, lock)
  setOwner(m, lock, heir)
  blame(m, lock, heir)
  if (heir < 0) return
  receive(m, heir, lock)
  if (m.tSlept[heir] !== 0) {
    m.tSlept[heir] = 0
    kickWaiter(m, t, heir)
  }
}

/** The thread has got the lock that it spun for. */
function receive(m: Machine, t: number, lock: number): void {
  charge(m, t)
  owe(m, t, DEBT.lock, transferNs(m, lock))
  if (m.tSet[t]! >= 0) {
    enterSection(m, t, lock, m.tHoldNs[t]!)
    grant(m, t, MODE.work)
  } else {
    m.tPc[t]!++
    grant(m, t, MODE.next)
  }
}

/** What it takes until the next owner sees that it is: one transfer, behind half of the pollers. */
function transferNs(m: Machine, lock: number): number {
  const kind = m.lKind[lock]!
  if (m.lWaiters[lock] === 0 || kind === LOCK.mcs || kind === LOCK['pv-qspinlock'])
    return m.guest.lockTransferNs
  let polling = 0
  for (let t = m.lHead[lock]!; t >= 0; t = m.tNext[t]!) polling += m.tOn[t]!
  return m.guest.lockTransferNs + toWholeNs((polling * m.guest.lockLineNs) / 2)
}

function freeForAll(m: Machine, lock: number): void {
  setOwner(m, lock, -1)
  blame(m, lock, -1)
  for (let t = m.lHead[lock]!; t >= 0; t = m.tNext[t]!) respin(m, t)
}

function respin(m: Machine, t: number): void {
  charge(m, t)
  if (m.tOn[t] !== 0) scheduleStep(m, t)
}

/** A first in line that has halted is kicked to take the lock itself; until then it is free. */
function unlockQueue(m: Machine, t: number, lock: number): void {
  const first = m.lHead[lock]!
  if (m.tSlept[first] === 0) {
    handOver(m, t, lock)
    promote(m, lock)
    return
  }
  setOwner(m, lock, -1)
  blame(m, lock, first)
  kickWaiter(m, t, first)
}

/** The next waiter is first now: if it does not sleep it spins anew, for the lock itself. */
function promote(m: Machine, lock: number): void {
  if (m.lWaiters[lock] === 0) return
  const first = m.lHead[lock]!
  if (m.tSlept[first] !== 0) return
  charge(m, first)
  m.tSpinLeft[first] = m.pvSpinNs
  if (m.tOn[first] !== 0) scheduleStep(m, first)
}

/** Wakes a waiter's halted vCPU (KVM_HC_KICK_CPU): a hypercall and an IPI. */
function kickWaiter(m: Machine, t: number, waiter: number): void {
  const v = m.tV[waiter]!
  if (m.vState[v] !== VCPU.halted || m.vKick[v] !== 0) return
  sendIpi(m, t, v)
  kick(m, v, 0)
}

/** A spinning waiter acts by itself: it takes the lock, halts, or finds that it is too late. */
export function actOfWaiter(m: Machine, v: number, t: number): void {
  const pause = m.tPause[t]!
  if (pause !== PAUSE.limited && mayTake(m, t, pause)) takeFree(m, t)
  else if (m.tSpinLeft[t] === 0 || (pause === PAUSE.queue && seesSleeper(m, t)))
    sleepOnLock(m, v, t)
  else scheduleStep(m, t)
}

function mayTake(m: Machine, t: number, pause: number): boolean {
  const lock = m.tLock[t]!
  return m.lOwner[lock]! < 0 && (pause === PAUSE.retry || m.lHead[lock] === t)
}

function seesSleeper(m: Machine, t: number): boolean {
  const before = waiterBefore(m, m.tLock[t]!, t)
  if (before < 0 || m.tSlept[before] === 0) return false
  return (m.pvSpinNs - m.tSpinLeft[t]!) % m.pvCheckNs === 0
}

function takeFree(m: Machine, t: number): void {
  const lock = m.tLock[t]!
  removeWaiter(m, lock, t)
  setOwner(m, lock, t)
  blame(m, lock, t)
  receive(m, t, lock)
  if (m.lKind[lock] === LOCK['pv-qspinlock']) promote(m, lock)
}

/** The waiter's vCPU halts until it is kicked; whoever waits behind it may see that. */
function sleepOnLock(m: Machine, v: number, t: number): void {
  m.counters.lockHalts++
  m.tSlept[t] = 1
  m.tSpinLeft[t] = m.pvSpinNs
  threadOff(m, t)
  halt(m, v)
  const behind = m.tNext[t]!
  if (m.tPause[t] === PAUSE.queue && behind >= 0) respin(m, behind)
}
