/** Undo: the one stack of what was done in this window and can be taken back. */

/** Something that was done. Without `redo` it cannot be done again. */
export type Step = {
  /** What was done, as a sentence: “3 runs moved to trash”. */
  readonly text: string
  readonly undo: () => Promise<unknown>
  readonly redo: (() => Promise<unknown>) | null
}

const STEPS_MAX = 100

/** What was done, newest last, and what was taken back since. */
export class UndoStack {
  #done = $state.raw<readonly Step[]>([])
  #undone = $state.raw<readonly Step[]>([])

  /** What Undo would take back. */
  get next(): Step | null {
    return this.#done.at(-1) ?? null
  }

  /** What Redo would do again. */
  get nextRedo(): Step | null {
    return this.#undone.at(-1) ?? null
  }

  /** Remembers a step; what was undone before cannot be redone any more. */
  did(step: Step): void {
    this.#done = [...this.#done.slice(1 - STEPS_MAX), step]
    this.#undone = []
  }

  /**
   * Takes back a step, the newest one unless it is named. A step whose undo fails is given up: what
   * it would take back is no longer there.
   * @returns the step; null when there is none
   */
  async undo(step: Step | null = this.next): Promise<Step | null> {
    if (step === null || !this.#done.includes(step)) return null
    this.#done = this.#done.filter((one) => one !== step)
    await step.undo()
    if (step.redo !== null) this.#undone = [...this.#undone, step]
    return step
  }

  /** Does again what was undone last. @returns the step; null when there is none */
  async redo(): Promise<Step | null> {
    const step = this.nextRedo
    if (step === null) return null
    this.#undone = this.#undone.slice(0, -1)
    await step.redo?.()
    this.#done = [...this.#done, step]
    return step
  }
}
