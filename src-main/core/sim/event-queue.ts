/**
 * EventQueue: a tournament over typed arrays. Each entity owns fixed slots (a pCPU its tick, a vCPU
 * its step, …), so an event is rescheduled in place and nothing is allocated.
 *
 * The slots are the leaves of a binary tree; each inner node holds the slot below it that fires
 * first. Whatever happens to a slot, the matches from its leaf to the root are played again:
 * log2(slots) comparisons without a branch to guess, which is faster than a heap
 * (docs/figures/bench.md).
 *
 * Order is (time, priority of the slot, sequence of scheduling). The slot that fires stays in the
 * tree until `settle`, because its handler mostly reschedules it: one climb instead of two.
 */
import { assert } from '../base/assert.ts'
import type { Ns } from '../base/units.ts'

/** Priorities are small whole numbers; sequence numbers fill the bits below. */
const PRIORITY_UNIT = 2 ** 44

/** A queue over `slots` slots. */
export class EventQueue {
  /** Infinity: the slot has no event. */
  readonly #time: Float64Array
  readonly #order: Float64Array
  readonly #priority: Float64Array
  /** Node n stands above 2n and 2n + 1; the leaf of slot s is `#leaves` + s, the root is 1. */
  readonly #winner: Int32Array
  readonly #leaves: number
  #size = 0
  #sequence = 0
  #firing = -1
  #firingOrder = -1

  /** `priorityOf` gives each slot's priority, 0 … 255; lower fires first at the same time. */
  constructor(slots: number, priorityOf: (slot: number) => number = () => 0) {
    const leaves = Math.max(2, slots)
    this.#leaves = leaves
    this.#time = new Float64Array(leaves).fill(Infinity)
    this.#order = new Float64Array(leaves)
    this.#priority = Float64Array.from({ length: slots }, (_, s) => priorityOf(s) * PRIORITY_UNIT)
    this.#winner = new Int32Array(2 * leaves)
    for (let slot = 0; slot < leaves; slot++) this.#winner[leaves + slot] = slot
    for (let n = leaves - 1; n > 0; n--) this.#winner[n] = this.#winner[2 * n]!
  }

  /** Events pending, the firing one included until it is settled. */
  get size(): number {
    return this.#size
  }

  /** Time of a slot's event, or Infinity when it has none. */
  timeOf(slot: number): Ns {
    return this.#time[slot]!
  }

  /** Puts the slot's event at `time`, wherever it was. */
  schedule(slot: number, time: Ns): void {
    if (this.#time[slot] === Infinity) this.#size++
    this.#order[slot] = this.#priority[slot]! + this.#sequence++
    this.#time[slot] = time
    this.#climb(slot)
  }

  /** Removes the slot's event, if it has one. */
  cancel(slot: number): void {
    if (this.#time[slot] === Infinity) return
    this.#size--
    this.#time[slot] = Infinity
    this.#climb(slot)
  }

  /** The slot that fires now, or −1 when nothing is pending. Handle it, then call `settle`. */
  fire(): number {
    if (this.#size === 0) return -1
    this.#firing = this.#winner[1]!
    this.#firingOrder = this.#order[this.#firing]!
    return this.#firing
  }

  /** Time of the earliest event; Infinity when nothing is pending. */
  get nextTime(): Ns {
    return this.#time[this.#winner[1]!]!
  }

  /** Ends the firing of the slot: removes its event unless the handler scheduled it anew. */
  settle(): void {
    const slot = this.#firing
    if (this.#order[slot] === this.#firingOrder) this.cancel(slot)
  }

  /** Plays the matches above a slot again. */
  #climb(slot: number): void {
    // the champion's matches all end anew: no use in looking for one that ends as before
    if (this.#winner[1] === slot) this.#climbAll(slot)
    else this.#climbSome(slot)
  }

  #climbAll(slot: number): void {
    const winners = this.#winner
    let winner = slot
    for (let n = this.#leaves + slot; n > 1;) {
      winner = this.#match(winner, winners[n ^ 1]!)
      n >>= 1
      winners[n] = winner
    }
  }

  #climbSome(slot: number): void {
    const winners = this.#winner
    let winner = slot
    for (let n = this.#leaves + slot; n > 1;) {
      winner = this.#match(winner, winners[n ^ 1]!)
      n >>= 1
      if (winner !== slot && winners[n] === winner) return
      winners[n] = winner
    }
  }

  /** Which of two slots fires first. */
  #match(a: number, b: number): number {
    const time = this.#time[a]!
    const rivalTime = this.#time[b]!
    const isBeaten = rivalTime === time ? this.#order[b]! < this.#order[a]! : rivalTime < time
    // arithmetic instead of a branch, which would be mispredicted every other time
    return a ^ ((a ^ b) & -Number(isBeaten))
  }

  /** Checks every match of the tournament; for tests. */
  assertConsistent(): void {
    const pending = this.#time.filter((time) => time !== Infinity)
    assert(pending.length === this.#size, 'queue: size counts the events')
    for (let n = this.#leaves - 1; n > 0; n--) {
      const a = this.#winner[2 * n]!
      const b = this.#winner[2 * n + 1]!
      const later = this.#winner[n] === a ? b : a
      assert(this.#winner[n] === a || this.#winner[n] === b, 'queue: a winner played')
      assert(!this.#isBefore(later, this.#winner[n]!), 'queue: the winner fires first')
    }
  }

  #isBefore(a: number, b: number): boolean {
    if (this.#time[a] !== this.#time[b]) return this.#time[a]! < this.#time[b]!
    return this.#time[a] !== Infinity && this.#order[a]! < this.#order[b]!
  }
}
