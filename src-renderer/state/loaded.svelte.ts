/** Loaded: something that a screen asks the lab for; an answer that comes too late is dropped. */
import { problemOf } from './problem.ts'
import type { Problem } from './problem.ts'
import type { Notices } from './notices.svelte.ts'

/** What was asked for: its value, or why there is none; neither while it is under way. */
export class Loaded<T> {
  value = $state.raw<T | null>(null)
  problem = $state.raw<Problem | null>(null)
  #asked = 0
  readonly #notices: Notices

  constructor(notices: Notices) {
    this.#notices = notices
  }

  /** Asks anew; what is there stays until the answer comes. */
  load(ask: () => Promise<T>): void {
    const asked = ++this.#asked
    this.#notices.start(async () => {
      try {
        const value = await ask()
        if (asked !== this.#asked) return
        this.value = value
        this.problem = null
      } catch (error) {
        if (asked !== this.#asked) return
        this.value = null
        this.problem = problemOf(error)
      }
    })
  }
}
