// Choosing rows of a table by click and by key.
import { expect, test } from 'vitest'
import { Selection } from '../../../src-renderer/state/selection.svelte.ts'

const idAt = (index: number) => (index >= 0 && index < 10 ? `r${index}` : undefined)
const plain = { shift: false, toggle: false }

test('a plain choice replaces, a toggle adds and takes away', () => {
  const selection = new Selection()
  selection.choose(2, idAt, plain)
  expect(selection.only).toBe('r2')
  selection.choose(4, idAt, { shift: false, toggle: true })
  expect([...selection.ids]).toEqual(['r2', 'r4'])
  selection.choose(2, idAt, { shift: false, toggle: true })
  expect(selection.only).toBe('r4')
})

test('shift chooses from the anchor, in both directions', () => {
  const selection = new Selection()
  selection.choose(5, idAt, plain)
  selection.choose(7, idAt, { shift: true, toggle: false })
  expect([...selection.ids]).toEqual(['r5', 'r6', 'r7'])
  selection.choose(4, idAt, { shift: true, toggle: false })
  expect([...selection.ids]).toEqual(['r4', 'r5'])
})

test('rows that have not been loaded are not chosen', () => {
  const selection = new Selection()
  selection.choose(8, idAt, plain)
  selection.choose(14, idAt, { shift: true, toggle: false })
  expect([...selection.ids]).toEqual(['r8', 'r9'])
})
