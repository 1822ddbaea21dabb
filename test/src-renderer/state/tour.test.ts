// The tour's place: kept, gone on with, started anew, and safe from what it cannot read.
import { describe, expect, test } from 'vitest'
import { Tour } from '../../../src-renderer/state/tour.svelte.ts'

function storage(text: string | null = null) {
  const kept = { text }
  return {
    kept,
    getItem: () => kept.text,
    setItem: (_key: string, value: string) => {
      kept.text = value
    },
  }
}

describe('the tour', () => {
  test('is closed until it is started, and counts what is done in order', () => {
    const tour = new Tour(storage())
    expect(tour).toMatchObject({ isOpen: false, step: 0, done: 0, isBegun: false })
    tour.start()
    tour.markDone(1)
    tour.markDone(0)
    expect(tour).toMatchObject({ isOpen: true, step: 0, done: 2, isBegun: true })
  })

  test('waits where it was left, also for another visit', () => {
    const browser = storage()
    const tour = new Tour(browser)
    tour.start()
    tour.goTo(3)
    tour.close()
    const later = new Tour(browser)
    expect(later).toMatchObject({ isOpen: false, step: 3, isBegun: true })
    later.open()
    expect(later).toMatchObject({ isOpen: true, step: 3 })
  })

  test('that was finished begins at the start again', () => {
    const tour = new Tour(storage())
    tour.start()
    tour.goTo(4)
    tour.finish()
    expect(tour).toMatchObject({ isOpen: false, step: 0, isBegun: false })
  })

  for (const text of ['', 'null', '{"isOpen":true,"step":9,"done":0}', '[1]', '{"step":1}']) {
    test(`starts at the start where the browser kept ${JSON.stringify(text)}`, () => {
      expect(new Tour(storage(text))).toMatchObject({ isOpen: false, step: 0 })
    })
  }
})
