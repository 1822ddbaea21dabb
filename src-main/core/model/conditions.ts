/**
 * Conditions: pthread condition variables as programs use them, with a predicate under the mutex,
 * so that no wake-up is lost. Signalled conditions count: each wait takes one signal, sent before
 * or after. Broadcast conditions have rounds: a thread's k-th wait ends with the k-th broadcast.
 */
import { owe } from './charge.ts'
import { wakeThread } from './guest.ts'
import type { Machine } from './machine.ts'
import { signal, takeFirst, waitForCondition } from './sync.ts'
import type { ConditionState, VmState } from './vm-state.ts'
import * as vocabulary from './vocabulary.ts'

const { DEBT } = vocabulary

/** With the mutex held: goes on if the predicate holds, else waits and looks again. */
export function awaitCondition(
  m: Machine,
  t: number,
  vm: VmState,
  condition: ConditionState,
  lock: number,
): boolean {
  const i = t - vm.firstT
  if (condition.broadcasts) {
    if (condition.passed[i]! >= condition.rounds)
      return waitForCondition(m, t, condition.waiters, lock)
    condition.passed[i]!++
    return true
  }
  if (condition.signals === 0) return waitForCondition(m, t, condition.waiters, lock)
  condition.signals--
  return true
}

/** One more wait may end; wakes the longest waiter. */
export function signalCondition(m: Machine, t: number, condition: ConditionState): void {
  condition.signals++
  signal(m, t, condition.waiters)
}

/** The next round: wakes all waiters, one call after another. */
export function broadcastCondition(m: Machine, t: number, condition: ConditionState): void {
  condition.rounds++
  const { waiters } = condition
  if (waiters.size > 0) owe(m, t, DEBT.switch, m.guest.syscallNs)
  for (let i = 0, w = takeFirst(m, waiters); w >= 0; i++, w = takeFirst(m, waiters))
    wakeThread(m, w, t, i * m.guest.wakeCallNs)
}
