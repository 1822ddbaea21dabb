/**
 * Turns "something changed" into a stream of states for a screen: at most ten a second, ticks while
 * only figures in shared memory move, and an end when the watched thing rests.
 */
import { setTimeout as sleep } from 'node:timers/promises'

const GAP_MS = 100
const TICK_MS = 250

/** What can be watched. */
export type Watched<T> = {
  readonly state: () => T
  readonly resting: () => boolean
  /** Resolves at the next change. */
  readonly changed: () => Promise<void>
}

/** A bell that many may wait for. */
export class ChangeBell {
  #next = Promise.withResolvers<void>()

  /** Wakes everybody who waits. */
  ring(): void {
    const rung = this.#next
    this.#next = Promise.withResolvers<void>()
    rung.resolve()
  }

  /** Resolves at the next ring. */
  wait(): Promise<void> {
    return this.#next.promise
  }
}

/** The state now and at every change or tick, until it rests or `signal` aborts. */
export async function* follow<T>(
  watched: Watched<T>,
  signal?: AbortSignal,
): AsyncGenerator<T, void> {
  for (;;) {
    const changed = watched.changed()
    const resting = watched.resting()
    yield watched.state()
    if (resting || isAborted(signal)) return
    await Promise.all([pause(GAP_MS, signal), Promise.race([changed, pause(TICK_MS, signal)])])
    if (isAborted(signal)) return
  }
}

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true

/** Resolves after `ms`, or at once when the signal aborts. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal })
  } catch (error) {
    if (!isAborted(signal)) throw error
  }
}
