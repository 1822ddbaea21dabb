/**
 * Bulk locking: short locks of a set are not simulated one by one. Only when a thread loses its CPU
 * is it drawn whether it was inside a critical section, and of which lock; that lock becomes an
 * entity until it is free again, and the other threads' next attempts on it are drawn from the same
 * process.
 */
import { uniformAt } from '../base/random.ts'
import { charge } from './charge.ts'
import { blame, takeWaiter } from './locks.ts'
import type { Machine } from './machine.ts'
import type { LockSetState } from './vm-state.ts'
import { scheduleStep } from './step.ts'
import * as vocabulary from './vocabulary.ts'

const { MODE, THREAD } = vocabulary

const chance = (m: Machine, t: number): number => uniformAt(m.tChanceKey[t]!, m.tChances[t]!++)

const setOf = (m: Machine, t: number): LockSetState => m.vms[m.tVm[t]!]!.lockSets[m.tSet[t]!]!

/** Lock number of the place that belongs to a thread that is caught. */
function caughtLock(m: Machine, t: number): number {
  const vm = m.vms[m.tVm[t]!]!
  const fixed = vm.workload.mutexes + vm.workload.spinLocks
  return vm.firstLock + fixed + (t - vm.firstT)
}

/** The thread just lost its CPU: was it inside a critical section? Then its lock is caught. */
export function catchHolder(m: Machine, t: number): void {
  if (m.tMode[t] !== MODE.work || m.tSet[t]! < 0 || m.tCaught[t]! >= 0) return
  // the guest switches threads only outside sections under a kernel spin lock
  if (setOf(m, t).spin && m.tState[t] !== THREAD.current) return
  const inside = m.tLockRate[t]! * m.tHoldNs[t]!
  if (chance(m, t) >= inside) return
  const set = setOf(m, t)
  // a lock that is caught already has another holder: this thread cannot be inside it
  if (chance(m, t) * set.locks < set.caught.length) return
  hold(m, t, set, m.tHoldNs[t]! * chance(m, t))
  m.counters.bulkCaught++
}

function hold(m: Machine, t: number, set: LockSetState, leftNs: number): void {
  const lock = caughtLock(m, t)
  set.caught.push(lock)
  m.tCaught[t] = lock
  m.tCsLeft[t] = Math.max(1, leftNs)
  m.lOwner[lock] = t
  if (set.spin) m.tNoPreempt[t] = 1
  blame(m, lock, t)
  restep(m, t)
}

/** The others may now meet the caught lock: draws their next attempts anew (memoryless). */
function restep(m: Machine, t: number): void {
  const vm = m.vms[m.tVm[t]!]!
  for (let u = vm.firstT; u < vm.firstT + vm.threads; u++) {
    if (u === t || m.tOn[u] === 0 || m.tMode[u] !== MODE.work || m.tSet[u] !== m.tSet[t]) continue
    charge(m, u)
    scheduleStep(m, u)
  }
}

/** The lock that a thread's attempt meets: one of the caught ones of its set. */
export function metLock(m: Machine, t: number): number {
  const caught = setOf(m, t).caught
  if (caught.length === 0) return -1
  return caught[Math.floor(chance(m, t) * caught.length)]!
}

/** The holder leaves the critical section: the lock's place is free. */
export function forgetCaught(m: Machine, t: number): void {
  const lock = m.tCaught[t]!
  const caught = setOf(m, t).caught
  caught.splice(caught.indexOf(lock), 1)
  m.tCaught[t] = -1
  m.tCsLeft[t] = 0
  m.lOwner[lock] = -1
  blame(m, lock, -1)
}

/**
 * Releases a caught lock. The longest waiter becomes its holder (in that thread's place) and the
 * other waiters move along; returns the heir, −1 when nobody waited.
 */
export function releaseCaught(m: Machine, t: number): number {
  const lock = m.tCaught[t]!
  const set = setOf(m, t)
  const heir = takeWaiter(m, lock)
  const rest = { head: m.lHead[lock]!, tail: m.lTail[lock]!, count: m.lWaiters[lock]! }
  m.lWaiters[lock] = 0
  forgetCaught(m, t)
  if (heir < 0) return -1
  m.tCaught[heir] = -1
  const next = caughtLock(m, heir)
  m.lHead[next] = rest.head
  m.lTail[next] = rest.tail
  m.lWaiters[next] = rest.count
  hold(m, heir, set, m.tHoldNs[heir]!)
  return heir
}
