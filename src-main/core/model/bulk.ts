/**
 * Bulk locking: the short locks of a set are alike, and threads take them at random at a steady
 * rate. So a lock needs to be an entity only while it matters who holds it: from when its holder
 * loses the CPU, or another thread runs into it, until it is free and nobody wants it. All other
 * acquisitions are part of the work. Where attempts often meet busy locks, each one is simulated
 * (`singly`): every held lock is an entity then, and nothing is approximated.
 *
 * Thinned, a thread that is of no interest is inside a section for the share of time inside. When
 * it loses its CPU that is drawn; and each attempt of another thread meets its lock with that
 * chance / locks.
 */
import { uniformAt } from '../base/random.ts'
import { charge } from './charge.ts'
import { blame, setOwner } from './locks.ts'
import type { LockSetState } from './lock-set.ts'
import type { Machine } from './machine.ts'
import { scheduleStep } from './step.ts'
import * as vocabulary from './vocabulary.ts'

const { MODE, THREAD } = vocabulary

/** The next uniform draw of a thread for what happens to it by chance, in (0, 1). */
export const chance = (m: Machine, t: number): number =>
  uniformAt(m.tChanceKey[t]!, m.tChances[t]!++)

/** The lock set of a thread's bulk operation. */
export const setOf = (m: Machine, t: number): LockSetState =>
  m.vms[m.tVm[t]!]!.lockSets[m.tSet[t]!]!

/** Work since the thread was known to be outside, as far as its last section can lie back, ns. */
const insideAtMostNs = (m: Machine, t: number): number =>
  Math.min(m.tHoldNs[t]!, m.tOutsideAt[t]! - m.tRemaining[t]!)

/**
 * Whether a thread that is of no interest is inside a section just now, by a uniform draw. A time x
 * after it was outside for certain the chance is 1 − e^(−x/outside) ≈ x / (outside + x) while x is
 * at most a section's length; there it has become the share of time inside. Only attempts on the
 * `free` locks count: the thread would be known to wait for, or be inside, any other.
 */
export function isInside(m: Machine, t: number, free: number, draw: number): boolean {
  const sinceNs = insideAtMostNs(m, t)
  const outsideNs = (m.tOutsideNs[t]! * setOf(m, t).locks) / Math.max(0, free)
  return draw * (outsideNs + sinceNs) < sinceNs
}

/** Locks of a thread's set that are no entities and that no other thread holds, on average. */
export function freeLocks(m: Machine, t: number): number {
  const vm = m.vms[m.tVm[t]!]!
  const set = setOf(m, t)
  let free = set.locks - set.live.length
  for (let u = vm.firstT; u < vm.firstT + vm.threads; u++)
    if (u !== t && isUnknown(m, u, m.tSet[t]!)) free -= insideShare(m, u)
  return free
}

/** Share of its time that a thread is inside. */
const insideShare = (m: Machine, t: number): number =>
  m.tHoldNs[t]! / (m.tOutsideNs[t]! + m.tHoldNs[t]!)

/** The thread just lost its CPU: was it inside a critical section? Then its lock is an entity. */
export function catchHolder(m: Machine, t: number): void {
  if (m.tMode[t] !== MODE.work || m.tSet[t]! < 0 || m.tCaught[t]! >= 0) return
  const set = setOf(m, t)
  if (set.singly) return
  // the guest switches threads only outside sections under a kernel spin lock
  if (set.spin && m.tState[t] !== THREAD.current) return
  const spared = m.spec.oracle.locks && m.tState[t] === THREAD.current
  if (!spared && isInside(m, t, freeLocks(m, t), chance(m, t))) {
    findInside(m, t, set)
    m.counters.bulkCaught++
  } else m.tOutsideAt[t] = m.tRemaining[t]!
}

/**
 * The host would preempt a thread that works with kernel locks: is it inside a section? It goes on,
 * as the holder of an entity if so; if it loses its CPU now, this has been decided.
 */
export function revealHolder(m: Machine, t: number): void {
  if (m.tSet[t]! < 0 || m.tCaught[t]! >= 0 || !setOf(m, t).spin) return
  charge(m, t)
  catchHolder(m, t)
}

/** A thread turns out to be inside a section, begun at any time alike. Returns the lock's place. */
function findInside(m: Machine, t: number, set: LockSetState): number {
  const place = addPlace(m, t, set)
  charge(m, t)
  setOwner(m, place, t)
  if (set.spin) m.tNoPreempt[t] = 1
  blame(m, place, t)
  enterSection(m, t, place, m.tHoldNs[t]! - chance(m, t) * insideAtMostNs(m, t))
  if (m.tOn[t] !== 0) scheduleStep(m, t)
  restep(m, t)
  return place
}

/** The thread has the lock and so much of the section before it. */
export function enterSection(m: Machine, t: number, place: number, leftNs: number): void {
  m.tCaught[t] = place
  m.tCsLeft[t] = Math.max(1, leftNs)
}

/** The others may now meet one more lock: draws their next attempts anew (memoryless). */
function restep(m: Machine, t: number): void {
  const vm = m.vms[m.tVm[t]!]!
  for (let u = vm.firstT; u < vm.firstT + vm.threads; u++) {
    if (u === t || !isUnknown(m, u, m.tSet[t]!)) continue
    charge(m, u)
    scheduleStep(m, u)
  }
}

/** The thread works with locks of the set, and may be inside a section or not. */
const isUnknown = (m: Machine, t: number, set: number): boolean =>
  m.tOn[t] !== 0 && m.tMode[t] === MODE.work && m.tSet[t] === set && m.tCaught[t]! < 0

/** A lock becomes an entity. There are places for one a thread, as each has one lock at a time. */
export function addPlace(m: Machine, t: number, set: LockSetState): number {
  const place = m.vms[m.tVm[t]!]!.freePlaces.pop()!
  set.live.push(place)
  return place
}

/** Nobody holds the lock or wants it: it is one of many again. */
export function removePlace(m: Machine, t: number, set: LockSetState, place: number): void {
  set.live.splice(set.live.indexOf(place), 1)
  m.vms[m.tVm[t]!]!.freePlaces.push(place)
}

/**
 * Another thread, any alike: if it runs and is inside a section, `t` attempts that section's lock.
 * Returns the lock's place, else −1.
 */
export function meetRunning(m: Machine, t: number, set: LockSetState): number {
  const vm = m.vms[m.tVm[t]!]!
  const other = vm.firstT + Math.floor(chance(m, t) * (vm.threads - 1))
  const u = other < t ? other : other + 1
  if (!isUnknown(m, u, m.tSet[t]!)) return -1
  charge(m, u)
  // `t` is outside now, and on average was so for half of the time in which u's section can have
  // begun: then it held none of the locks
  const free = freeLocks(m, u) + insideShare(m, t) / 2
  return isInside(m, u, free, chance(m, t) * set.insideMax) ? findInside(m, u, set) : -1
}
