/** Fifo: numbers first in, first out, in a ring that doubles when it is full. */

const ITEMS_MIN = 16

/** A queue of numbers. */
export class Fifo {
  #ring = new Float64Array(ITEMS_MIN)
  #first = 0
  #size = 0

  /** Appends a number. */
  put(item: number): void {
    if (this.#size === this.#ring.length) this.#grow()
    this.#ring[(this.#first + this.#size++) & (this.#ring.length - 1)] = item
  }

  /** Takes the oldest number; there must be one. */
  take(): number {
    const item = this.#ring[this.#first]!
    this.#first = (this.#first + 1) & (this.#ring.length - 1)
    this.#size--
    return item
  }

  /** Forgets all numbers. */
  clear(): void {
    this.#size = 0
  }

  #grow(): void {
    const { length } = this.#ring
    const ring = new Float64Array(2 * length)
    for (let i = 0; i < length; i++) ring[i] = this.#ring[(this.#first + i) & (length - 1)]!
    this.#ring = ring
    this.#first = 0
  }
}
