/** Events of entities, and the two lists of work that ends every event. */
import type { Machine } from './machine.ts'

/** Schedules an entity's event. */
export function scheduleAt(m: Machine, kind: number, index: number, at: number): void {
  m.engine.queue.schedule(m.slots.first[kind]! + index, at)
}

/** Removes an entity's event. */
export function cancelEvent(m: Machine, kind: number, index: number): void {
  m.engine.queue.cancel(m.slots.first[kind]! + index)
}

/** The next multiple of a tick after now, shifted by a phase. */
export const nextTick = (now: number, tickNs: number, phaseNs: number): number =>
  (Math.floor((now - phaseNs) / tickNs) + 1) * tickNs + phaseNs

/**
 * Starts a tick, unless it is pending: whoever stops ticking leaves the last one to fire in vain,
 * which is cheaper than to cancel it and the grid brings the next one to the same instant.
 */
export function startTick(
  m: Machine,
  kind: number,
  index: number,
  tickNs: number,
  phaseNs: number,
): void {
  if (m.engine.queue.timeOf(m.slots.first[kind]! + index) !== Infinity) return
  scheduleAt(m, kind, index, nextTick(m.now, tickNs, phaseNs))
}

/** Asks for a new choice on the pCPU when the current event is handled. */
export function requestReschedule(m: Machine, p: number): void {
  if (m.pResched[p] !== 0) return
  m.pResched[p] = 1
  m.toReschedule.push(p)
}

/**
 * The thread leaves a section that the guest does not preempt: what had to wait for that happens.
 */
export function enablePreemption(m: Machine, t: number): void {
  const v = m.tV[t]!
  m.tNoPreempt[t] = 0
  if (m.vGuestResched[v] !== 0) m.toGuestReschedule.push(v)
  if (m.vLeaving[v] !== 0) m.toLeave.push(v)
  m.policy.sectionLeft?.(m, t)
}

/** The thread's next operations are executed when the current event is handled. */
export function requestAdvance(m: Machine, t: number): void {
  m.toAdvance.push(t)
}
