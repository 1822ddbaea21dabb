/** The event queue fires in order of time, priority and sequence, whatever was moved or removed. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventQueue } from '../../../src-main/core/sim/event-queue.ts'

/** A queue as plain as can be: a sorted list. */
class PlainQueue {
  #events: { slot: number; time: number; priority: number; sequence: number }[] = []
  #sequence = 0
  readonly #priorityOf: (slot: number) => number

  constructor(priorityOf: (slot: number) => number) {
    this.#priorityOf = priorityOf
  }

  schedule(slot: number, time: number): void {
    this.cancel(slot)
    const event = { slot, time, priority: this.#priorityOf(slot), sequence: this.#sequence++ }
    this.#events.push(event)
    this.#events.sort(
      (a, b) => a.time - b.time || a.priority - b.priority || a.sequence - b.sequence,
    )
  }

  cancel(slot: number): void {
    this.#events = this.#events.filter((e) => e.slot !== slot)
  }

  next(): number {
    return this.#events.shift()?.slot ?? -1
  }
}

const SLOTS = 12
const action = fc.record({
  kind: fc.constantFrom('schedule', 'cancel', 'fire'),
  slot: fc.nat(SLOTS - 1),
  time: fc.nat(20),
})

describe('EventQueue', () => {
  it('fires exactly like a sorted list under any mix of schedule, move, cancel and fire', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
        const priorityOf = (slot: number): number => slot % 3
        const queue = new EventQueue(SLOTS, priorityOf)
        const plain = new PlainQueue(priorityOf)
        for (const { kind, slot, time } of actions) {
          if (kind === 'schedule') {
            queue.schedule(slot, time)
            plain.schedule(slot, time)
          } else if (kind === 'cancel') {
            queue.cancel(slot)
            plain.cancel(slot)
          } else {
            const fired = queue.fire()
            if (fired >= 0) queue.settle()
            expect(fired).toBe(plain.next())
          }
          queue.assertConsistent()
        }
      }),
    )
  })

  it('keeps the event that a handler scheduled for the slot that fires', () => {
    const queue = new EventQueue(2)
    queue.schedule(0, 5)
    expect(queue.fire()).toBe(0)
    queue.schedule(0, 9)
    queue.settle()
    expect(queue.size).toBe(1)
    expect(queue.timeOf(0)).toBe(9)
  })

  it('lets an event of higher priority at the same instant fire before one that waits', () => {
    const queue = new EventQueue(3, (slot) => slot)
    queue.schedule(2, 7)
    queue.schedule(1, 7)
    queue.schedule(0, 7)
    const order = [0, 0, 0].map(() => {
      const slot = queue.fire()
      queue.settle()
      return slot
    })
    expect(order).toEqual([0, 1, 2])
  })

  it('has no event and no time when it is empty', () => {
    const queue = new EventQueue(1)
    expect(queue.fire()).toBe(-1)
    expect(queue.nextTime).toBe(Infinity)
    expect(queue.timeOf(0)).toBe(Infinity)
  })
})
