// flexlab validate: all rows, in short; what it refuses.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { Validation } from '../../../src-main/lab/index.ts'
import { workplace } from './flexlab.ts'

it('runs all rows, prints JSON and writes the document', async () => {
  const place = workplace()
  const file = path.join(place.folder, 'validation.md')
  const args = ['validate', '--quick', '--seeds', '2', '--write', file]
  const found = (await place.json(...args)) as Validation
  expect(found).toMatchObject({ kind: 'simulated', quick: true, seeds: [1, 2] })
  expect(found.rows.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  for (const { figures, behaviour } of found.rows) {
    expect(figures.length, behaviour).toBeGreaterThan(0)
    for (const { name, model } of figures) {
      expect(model, name).not.toBeNull()
      expect(Number.isFinite(model!.value), name).toBe(true)
    }
  }
  const text = readFileSync(file, 'utf8')
  for (const { behaviour } of found.rows) expect(text).toContain(`. ${behaviour}\n`)
}, 60_000)

it('gives the same figures for the same seeds', async () => {
  const place = workplace()
  const args = ['validate', '--only', '2,4,7', '--quick', '--seeds', '2']
  const [first, second] = [await place.json(...args), await place.json(...args)] as Validation[]
  expect(second!.rows).toEqual(first!.rows)
}, 30_000)

it('refuses a row that is not there and a single seed', async () => {
  const place = workplace()
  const row = await place.flexlab('validate', '--only', '11')
  expect(row).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no row 11') })
  const seed = await place.flexlab('validate', '--seeds', '1')
  expect(seed).toMatchObject({ code: 2, stderr: expect.stringContaining('at least 2') })
})
