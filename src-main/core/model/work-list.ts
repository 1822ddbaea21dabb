/**
 * WorkList: numbers of entities that wait for the end of an event; adding one allocates nothing.
 */

/** Items at first; doubled when they do not suffice. */
const ITEMS_MIN = 16

/** A list that grows while it is worked through, and is emptied as a whole. */
export class WorkList {
  #items = new Int32Array(ITEMS_MIN)
  size = 0

  /** Appends an item. */
  push(item: number): void {
    if (this.size === this.#items.length) this.#grow()
    this.#items[this.size++] = item
  }

  /** The item at an index below `size`. */
  at(index: number): number {
    return this.#items[index]!
  }

  /** Empties the list. */
  clear(): void {
    this.size = 0
  }

  #grow(): void {
    const items = new Int32Array(2 * this.size)
    items.set(this.#items)
    this.#items = items
  }
}
