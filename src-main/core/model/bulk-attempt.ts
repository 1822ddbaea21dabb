/**
 * Attempts on locks of a set that are simulated: they take, wait for and release the lock like any
 * other of its kind.
 */
import * as bulk from './bulk.ts'
import type { LockSetState } from './lock-set.ts'
import type { Machine } from './machine.ts'
import { lockSpin, unlockSpin } from './spin-locks.ts'
import { scheduleStep } from './step.ts'
import { lockMutex, unlockMutex } from './sync.ts'
import * as vocabulary from './vocabulary.ts'

const { MODE } = vocabulary

/** A thread attempts a lock of its set, one of the `tHit` locks that are of interest. */
export function attempt(m: Machine, t: number): void {
  const set = bulk.setOf(m, t)
  const place = choose(m, t, set, bulk.chance(m, t) * m.tHit[t]!)
  if (place >= 0) take(m, t, set, place)
  else scheduleStep(m, t)
}

/** Place of the lock; −1: there is no attempt, or on a lock that is free and of no interest. */
function choose(m: Machine, t: number, set: LockSetState, at: number): number {
  if (!set.singly && bulk.isInside(m, t, bulk.freeLocks(m, t), bulk.chance(m, t))) return -1
  if (at < set.live.length) return set.live[Math.floor(at)]!
  if (set.singly) return bulk.addPlace(m, t, set)
  // fewer may be live than when the attempt was drawn: then some of the draws are for nothing
  return at < set.live.length + set.crowd ? bulk.meetRunning(m, t, set) : -1
}

/** A thread that was woken for a lock of its set tries again. */
export function attemptAgain(m: Machine, t: number, place: number): void {
  m.lComing[place]!--
  m.tRelock[t] = -1
  m.tMode[t] = MODE.work
  take(m, t, bulk.setOf(m, t), place)
}

function take(m: Machine, t: number, set: LockSetState, place: number): void {
  if (set.spin ? lockSpin(m, t, place) : lockMutex(m, t, place)) {
    bulk.enterSection(m, t, place, m.tHoldNs[t]!)
    scheduleStep(m, t)
  } else if (!set.spin) {
    m.tMode[t] = MODE.next
    m.tRelock[t] = place
  }
}

/** A thread leaves a section whose lock is an entity. */
export function leaveSection(m: Machine, t: number): void {
  const set = bulk.setOf(m, t)
  const place = m.tCaught[t]!
  m.tCaught[t] = -1
  m.tCsLeft[t] = 0
  m.tOutsideAt[t] = m.tRemaining[t]!
  if (set.spin) unlockSpin(m, t, place)
  else {
    if (m.lWaiters[place]! > 0) m.lComing[place]!++
    unlockMutex(m, t, place)
  }
  const wanted = m.lWaiters[place]! + m.lComing[place]! > 0
  if (m.lOwner[place]! < 0 && !wanted) bulk.removePlace(m, t, set, place)
}
