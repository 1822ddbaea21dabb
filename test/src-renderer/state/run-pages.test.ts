// The runs table’s pages: asked for once, and never mixed with those of an older question.
import { flushSync } from 'svelte'
import { expect, test } from 'vitest'
import type { RunPage, RunRow } from '../../../src-main/core/contract/library.ts'
import type { LabClient } from '../../../src-renderer/bridge/index.ts'
import { Notices } from '../../../src-renderer/state/notices.svelte.ts'
import { RunPages } from '../../../src-renderer/state/run-pages.svelte.ts'
import { runsOf, viewOf } from '../../../src-renderer/state/run-query.ts'

type Ask = { offset: number; search: string; answer: (page: RunPage) => void; fail: () => void }

function labThatWaits() {
  const asks: Ask[] = []
  const runs = ({ offset, search }: { offset: number; search: string }) =>
    new Promise<RunPage>((resolve, reject) => {
      const fail = () => reject(new Error('the disk is gone'))
      asks.push({ offset, search, answer: resolve, fail })
    })
  return { asks, client: { library: { runs } } as unknown as LabClient }
}

const rowsFrom = (offset: number, name: string, total: number): RunPage => ({
  rows: Array.from({ length: 100 }, (_, i) => ({ id: `${name}${offset + i}` }) as RunRow),
  total,
})

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await Promise.resolve()
  flushSync()
}

test('a page is asked for once, and its rows are at their positions', async () => {
  const { asks, client } = labThatWaits()
  const pages = new RunPages(client, new Notices())
  pages.ask(runsOf(viewOf({})))
  asks[0]?.answer(rowsFrom(0, 'a', 1000))
  await settle()
  pages.need(390, 410)
  pages.need(390, 410)
  // The page after the first is asked for ahead; what is in sight then goes before what is beside.
  expect(asks.map((ask) => ask.offset)).toEqual([0, 100, 300, 400])
  asks[2]?.answer(rowsFrom(300, 'a', 1000))
  await settle()
  expect(pages.row(390)?.id).toBe('a390')
  expect(pages.row(410)).toBeUndefined()
  expect(pages.has(320, 399)).toBe(true)
  expect(pages.has(399, 400)).toBe(false)
  asks[3]?.answer(rowsFrom(400, 'a', 1000))
  await settle()
  expect(asks.map((ask) => ask.offset)).toEqual([0, 100, 300, 400, 200, 500])
})

test('what a fast scroll has passed by is not asked for', async () => {
  const { asks, client } = labThatWaits()
  const pages = new RunPages(client, new Notices())
  pages.ask(runsOf(viewOf({})))
  asks[0]?.answer(rowsFrom(0, 'a', 10_000))
  await settle()
  for (let first = 1000; first <= 9000; first += 1000) pages.need(first, first + 40)
  expect(asks.map((ask) => ask.offset)).toEqual([0, 100, 1000, 2000])
  asks[2]?.answer(rowsFrom(1000, 'a', 10_000))
  await settle()
  expect(asks.at(-1)?.offset).toBe(9000)
})

test('the answer to an older question is dropped, however late it comes', async () => {
  const { asks, client } = labThatWaits()
  const pages = new RunPages(client, new Notices())
  pages.ask(runsOf(viewOf({ q: 'old' })))
  pages.ask(runsOf(viewOf({ q: 'new' })))
  asks[1]?.answer(rowsFrom(0, 'new', 7))
  await settle()
  asks[0]?.answer(rowsFrom(0, 'old', 900))
  await settle()
  expect(pages.total).toBe(7)
  expect(pages.row(0)?.id).toBe('new0')
})

test('asking again brings what is in sight anew, and keeps it drawn until then', async () => {
  const { asks, client } = labThatWaits()
  const pages = new RunPages(client, new Notices())
  pages.ask(runsOf(viewOf({})))
  asks[0]?.answer(rowsFrom(0, 'a', 1000))
  await settle()
  pages.need(610, 650)
  expect(asks.map((ask) => ask.offset)).toEqual([0, 100, 600])
  asks[2]?.answer(rowsFrom(600, 'a', 1000))
  await settle()
  pages.refresh()
  expect(asks.map((ask) => ask.offset)).toEqual([0, 100, 600, 500, 700, 0, 600, 500])
  asks[5]?.answer(rowsFrom(0, 'b', 999))
  await settle()
  expect(pages.row(620)?.id).toBe('a620')
  asks[6]?.answer(rowsFrom(600, 'b', 999))
  await settle()
  expect(pages.row(620)?.id).toBe('b620')
})

test('a failure is shown', async () => {
  const { asks, client } = labThatWaits()
  const notices = new Notices()
  new RunPages(client, notices).ask(runsOf(viewOf({})))
  asks[0]?.fail()
  await settle()
  expect(notices.problem?.message).toBe('the disk is gone')
})
