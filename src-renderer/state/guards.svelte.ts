/** Guards: what would be lost by leaving a screen or closing the page, and the question then. */

/** Something that is not kept yet. */
export type Guard = {
  /** What it is, for “X is not saved”. */
  readonly what: string
  readonly isDirty: () => boolean
  /** Keeps it; the question offers that where it is given. */
  readonly save?: () => Promise<unknown>
  /** `screen`: lost when the screen is left. `page`: only when the page is closed. */
  readonly lostWith: 'screen' | 'page'
}

/** The guards that hold, and where to go if the user agrees. */
export class Guards {
  /** What the open question is about. */
  asking = $state.raw<{ readonly guard: Guard; readonly go: () => void } | null>(null)
  readonly #held = new Set<Guard>()

  /** Holds a guard until the returned function is called. */
  hold(guard: Guard): () => void {
    this.#held.add(guard)
    return () => this.#held.delete(guard)
  }

  /** Goes at once, or asks first when the open screen has something to lose. */
  leave(go: () => void): void {
    const guard = [...this.#held].find((one) => one.lostWith === 'screen' && one.isDirty())
    if (guard === undefined) go()
    else this.asking = { guard, go }
  }

  /** Whether closing the page would lose something. */
  get isDirty(): boolean {
    return [...this.#held].some((guard) => guard.isDirty())
  }
}
