/** Tour: which step of the main job a new user is at; kept in this browser. */

const KEY = 'flexlab.tour'

type Kept = { readonly isOpen: boolean; readonly step: number; readonly done: number }

const AT_START: Kept = { isOpen: false, step: 0, done: 0 }

/** The tour's place. `done` counts the actions of the step that are done, in order. */
export class Tour {
  #kept = $state.raw<Kept>(AT_START)
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = storage
    this.#kept = read(storage.getItem(KEY))
  }

  get isOpen(): boolean {
    return this.#kept.isOpen
  }

  get step(): number {
    return this.#kept.step
  }

  get done(): number {
    return this.#kept.done
  }

  /** Left before its end, so that there is something to go on with. */
  get isBegun(): boolean {
    return this.step > 0 || this.done > 0
  }

  /** From the first step. */
  start(): void {
    this.#keep({ isOpen: true, step: 0, done: 0 })
  }

  /** From where it was left, which may be the start. */
  open(): void {
    this.#keep({ ...this.#kept, isOpen: true })
  }

  /** Puts it away and remembers the place. */
  close(): void {
    this.#keep({ ...this.#kept, isOpen: false })
  }

  /** The last step is done: away, and the next time from the start. */
  finish(): void {
    this.#keep(AT_START)
  }

  goTo(step: number): void {
    this.#keep({ ...this.#kept, step, done: 0 })
  }

  /** An action of the step is done, and with it those before it. */
  markDone(action: number): void {
    if (action < this.done) return
    this.#keep({ ...this.#kept, done: action + 1 })
  }

  #keep(kept: Kept): void {
    this.#kept = kept
    this.#storage.setItem(KEY, JSON.stringify(kept))
  }
}

/** What an earlier visit kept; the start where that cannot be read. */
function read(text: string | null): Kept {
  const match = /^\{"isOpen":(true|false),"step":([0-4]),"done":(\d)\}$/.exec(text ?? '')
  if (match === null) return AT_START
  return { isOpen: match[1] === 'true', step: Number(match[2]), done: Number(match[3]) }
}
