/**
 * WorkList: numbers of entities that wait for the end of an event; adding one allocates nothing.
 */

/** Items at first; doubled when they do not suffice. */
const ITEMS_MIN = 16

/** Items that several lists hold together, so that one look tells whether any has some. */
export class Tally {
  items = 0
}

/** A list that grows while it is worked through, and is emptied as a whole. */
export class WorkList {
  readonly #tally: Tally
  #items = new Int32Array(ITEMS_MIN)
  size = 0

  constructor(tally: Tally = new Tally()) {
    this.#tally = tally
  }

  /** Appends an item. */
  push(item: number): void {
    if (this.size === this.#items.length) this.#grow()
    this.#items[this.size++] = item
    this.#tally.items++
  }

  /** The item at an index below `size`. */
  at(index: number): number {
    return this.#items[index]!
  }

  /** Empties the list. */
  clear(): void {
    this.#tally.items -= this.size
    this.size = 0
  }

  #grow(): void {
    const items = new Int32Array(2 * this.size)
    items.set(this.#items)
    this.#items = items
  }
}
