/**
 * EventQueue: an indexed binary heap over typed arrays. Each entity owns fixed slots (a pCPU its
 * tick, a vCPU its step, …), so an event is rescheduled in place and nothing is allocated.
 *
 * Order is (time, priority of the slot, sequence of scheduling). The slot that fires stays at its
 * place until `settle`, because its handler mostly reschedules it: one sift instead of two.
 */
import { assert } from '../base/assert.ts'
import type { Ns } from '../base/units.ts'

/** Priorities are small whole numbers; sequence numbers fill the bits below. */
const PRIORITY_UNIT = 2 ** 44

/** A queue over `slots` slots. */
export class EventQueue {
  readonly #time: Float64Array
  readonly #slotAt: Int32Array
  readonly #order: Float64Array
  readonly #priority: Float64Array
  readonly #position: Int32Array
  #size = 0
  #sequence = 0
  #firing = -1
  #firingOrder = -1

  /** `priorityOf` gives each slot's priority, 0 … 255; lower fires first at the same time. */
  constructor(slots: number, priorityOf: (slot: number) => number = () => 0) {
    this.#time = new Float64Array(slots + 1)
    this.#slotAt = new Int32Array(slots + 1)
    this.#order = new Float64Array(slots)
    this.#position = new Int32Array(slots).fill(-1)
    this.#priority = Float64Array.from({ length: slots }, (_, s) => priorityOf(s) * PRIORITY_UNIT)
  }

  /** Events pending, the firing one included until it is settled. */
  get size(): number {
    return this.#size
  }

  /** Time of a slot's event, or Infinity when it has none. */
  timeOf(slot: number): Ns {
    const at = this.#position[slot]!
    return at < 0 ? Infinity : this.#time[at]!
  }

  /** Puts the slot's event at `time`, wherever it was. */
  schedule(slot: number, time: Ns): void {
    const order = this.#priority[slot]! + this.#sequence++
    this.#order[slot] = order
    const at = this.#position[slot]!
    if (at < 0) this.#siftUp(this.#size++, slot, time, order)
    else if (time < this.#time[at]!) this.#siftUp(at, slot, time, order)
    else this.#siftDown(at, slot, time, order)
  }

  /** Removes the slot's event, if it has one. */
  cancel(slot: number): void {
    const at = this.#position[slot]!
    if (at < 0) return
    this.#position[slot] = -1
    const last = --this.#size
    if (at === last) return
    const moved = this.#slotAt[last]!
    const time = this.#time[last]!
    const order = this.#order[moved]!
    this.#siftUp(at, moved, time, order)
    if (this.#position[moved] === at) this.#siftDown(at, moved, time, order)
  }

  /** The slot that fires now, or −1 when nothing is pending. Handle it, then call `settle`. */
  fire(): number {
    if (this.#size === 0) return -1
    this.#firing = this.#slotAt[0]!
    this.#firingOrder = this.#order[this.#firing]!
    return this.#firing
  }

  /** Time of the earliest event; Infinity when nothing is pending. */
  get nextTime(): Ns {
    return this.#size === 0 ? Infinity : this.#time[0]!
  }

  /** Ends the firing of the slot: removes its event unless the handler scheduled it anew. */
  settle(): void {
    const slot = this.#firing
    if (this.#order[slot] === this.#firingOrder) this.cancel(slot)
  }

  #siftUp(start: number, slot: number, time: Ns, order: number): void {
    const times = this.#time
    const slots = this.#slotAt
    const position = this.#position
    let at = start
    while (at > 0) {
      const parent = (at - 1) >> 1
      const parentTime = times[parent]!
      if (parentTime < time) break
      const parentSlot = slots[parent]!
      if (parentTime === time && this.#order[parentSlot]! < order) break
      times[at] = parentTime
      slots[at] = parentSlot
      position[parentSlot] = at
      at = parent
    }
    times[at] = time
    slots[at] = slot
    position[slot] = at
  }

  #siftDown(start: number, slot: number, time: Ns, order: number): void {
    const times = this.#time
    const slots = this.#slotAt
    const position = this.#position
    const size = this.#size
    let at = start
    for (let child = 2 * at + 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && this.#before(child + 1, child)) child++
      const childTime = times[child]!
      if (childTime > time) break
      const childSlot = slots[child]!
      if (childTime === time && this.#order[childSlot]! > order) break
      times[at] = childTime
      slots[at] = childSlot
      position[childSlot] = at
      at = child
    }
    times[at] = time
    slots[at] = slot
    position[slot] = at
  }

  #before(a: number, b: number): boolean {
    const ta = this.#time[a]!
    const tb = this.#time[b]!
    if (ta !== tb) return ta < tb
    return this.#order[this.#slotAt[a]!]! < this.#order[this.#slotAt[b]!]!
  }

  /** Checks the heap order and the index; for tests. */
  assertConsistent(): void {
    for (let at = 0; at < this.#size; at++) {
      assert(this.#position[this.#slotAt[at]!] === at, 'queue: index points to the slot')
      if (at > 0) assert(!this.#before(at, (at - 1) >> 1), 'queue: parent fires before child')
    }
  }
}
