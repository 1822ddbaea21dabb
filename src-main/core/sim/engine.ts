/**
 * Engine: takes events in order, hands each to the model, and folds it into the trace hash. It
 * knows nothing of CPUs. Hooks see every event before and after; budgets and cancelling stop the
 * run.
 */
import { LabError } from '../base/lab-error.ts'
import type { Ns } from '../base/units.ts'
import { EventQueue } from './event-queue.ts'
import { TraceHash } from './trace-hash.ts'

/** What is asked of a model: handle one event. Throws only at our own bugs. */
export type EventHandler = (slot: number, now: Ns) => void

/** Observers of every event; for tests and traces. */
export type EngineHooks = {
  readonly before?: (slot: number, now: Ns) => void
  readonly after?: (slot: number, now: Ns) => void
}

/** Where a run stops even if its work is not done. */
export type EngineLimits = {
  readonly eventsMax: number
  readonly simulatedNsMax: Ns
  /** Asked every `CHECK_EVERY` events; true ends the run with a `cancelled` error. */
  readonly shouldStop?: () => boolean
  /** Told every `CHECK_EVERY` events. */
  readonly onCheck?: (events: number, now: Ns) => void
}

/** Events between two looks at cancel and progress: a few milliseconds of wall time. */
export const CHECK_EVERY = 8192

/** Runs events until the model says it is done, nothing is pending, or a limit is reached. */
export class Engine {
  readonly queue: EventQueue
  readonly hash = new TraceHash()
  now: Ns = 0
  events = 0
  #done = false

  constructor(slots: number, priorityOf?: (slot: number) => number) {
    this.queue = new EventQueue(slots, priorityOf)
  }

  /** The model calls this when its goal is reached; the run ends after the current event. */
  stop(): void {
    this.#done = true
  }

  /** Runs to the end. Throws LabError `cancelled` or `budget`. */
  run(handle: EventHandler, limits: EngineLimits, hooks: EngineHooks = {}): void {
    const { queue, hash } = this
    const { before, after } = hooks
    let untilCheck = CHECK_EVERY
    while (!this.#done) {
      const slot = queue.fire()
      if (slot < 0) return
      const now = queue.nextTime
      this.now = now
      if (--untilCheck === 0) {
        untilCheck = CHECK_EVERY
        this.#check(limits)
      }
      const events = ++this.events
      hash.add(slot, now)
      if (before !== undefined) before(slot, now)
      handle(slot, now)
      if (after !== undefined) after(slot, now)
      queue.settle()
      if (events >= limits.eventsMax) overBudget('eventsMax', `${limits.eventsMax} events`)
      if (now > limits.simulatedNsMax) {
        overBudget('simulatedNsMax', `${limits.simulatedNsMax} ns of simulated time`)
      }
    }
  }

  #check(limits: EngineLimits): void {
    limits.onCheck?.(this.events, this.now)
    if (limits.shouldStop?.() === true) throw new LabError('cancelled', 'the run was cancelled')
  }
}

function overBudget(field: 'eventsMax' | 'simulatedNsMax', amount: string): never {
  throw new LabError(
    'budget',
    `the run reached its budget of ${amount}`,
    `raise budget.${field}, or make the scenario smaller`,
  )
}
