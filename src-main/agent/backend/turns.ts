/** One at a time: a guest agent and a monitor answer in order, so their callers queue here. */
import type { Deadline } from './deadline.ts'

/** A queue of work. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  /** Does the work after all that was queued before. @throws DeadlineError when its turn is late */
  take<T>(what: string, deadline: Deadline, work: () => Promise<T>): Promise<T> {
    const before = this.#last
    const mine = deadline.race(`${what} (waiting for an earlier call)`, before).then(work)
    // The next waits for both: a late turn must not let it overtake the one that is still at work.
    this.#last = Promise.allSettled([before, mine])
    return mine
  }
}
