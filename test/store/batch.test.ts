// Group commit: requests that share a transaction neither share their failures nor their order.
import { describe, expect, test } from 'vitest'
import type { LabError } from '../../src-main/core/base/lab-error.ts'
import type { Store } from '../../src-main/store/index.ts'
import {
  ask,
  campaignOf,
  finish,
  machine,
  open,
  planOf,
  resultOf,
  scenarioOf,
  withFile,
} from './library-fixture.ts'

const save = (store: Store, seed: number) =>
  store.saveRun({ scenario: scenarioOf('dedup', 'cfs', seed), result: resultOf(seed), machine })

describe('requests that wait together', () => {
  test('are all stored, 1,000 of them at once', () =>
    withFile(async (file) => {
      const store = await open(file)
      const { id } = await store.createCampaign(campaignOf(250), planOf(250))
      const indexes = Array.from({ length: 1000 }, (_, index) => index)
      const finished = await Promise.all(indexes.map((index) => finish(store, id, index)))
      expect(new Set(finished.map((cell) => cell.runId)).size).toBe(1000)
      expect((await store.getCampaign(id)).row.finished).toBe(1000)
      await store.close()
    }))

  test('fail one by one', () =>
    withFile(async (file) => {
      const store = await open(file)
      const results = await Promise.allSettled([
        save(store, 1),
        store.noteRun('none', 'x'),
        save(store, 2),
      ])
      expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect((await store.info()).runs).toBe(2)
      await store.close()
    }))

  test('see what those before them wrote', () =>
    withFile(async (file) => {
      const store = await open(file)
      const [, page, , after] = await Promise.all([
        save(store, 1),
        store.queryRuns(ask()),
        save(store, 2),
        store.queryRuns(ask()),
      ])
      expect([page.total, after.total]).toEqual([1, 2])
      await store.close()
    }))

  test('are answered around a backup', () =>
    withFile(async (file) => {
      const store = await open(file)
      const saved = [save(store, 1), store.backup(`${file}.copy`), save(store, 2)]
      await Promise.all(saved)
      await store.close()
      const copy = await open(`${file}.copy`)
      expect((await copy.info()).runs).toBe(1)
      await copy.close()
    }))
})

describe('a full disk', () => {
  const writeUntilFull = async (store: Store): Promise<{ ids: string[]; error: LabError }> => {
    const ids: string[] = []
    for (let seed = 1; ; seed += 5) {
      const group = [0, 1, 2, 3, 4].map((more) => save(store, seed + more))
      const results = await Promise.allSettled(group)
      const stored = results.filter((result) => result.status === 'fulfilled')
      ids.push(...stored.map((result) => result.value))
      const failed = results.find((result) => result.status === 'rejected')
      if (failed !== undefined) return { ids, error: failed.reason as LabError }
    }
  }

  test('is a clear error, wherever it strikes, and loses no run that was acknowledged', () =>
    withFile(async (file) => {
      const empty = await open(`${file}-empty`)
      const pages = (await empty.info()).bytes / 4096
      await empty.close()
      for (let pagesMax = pages + 4; pagesMax < pages + 16; pagesMax += 1) {
        const own = `${file}-${pagesMax}`
        const store = await open(own, { pagesMax })
        const { ids, error } = await writeUntilFull(store)
        expect(error).toMatchObject({ name: 'LabError', code: 'store' })
        expect(error.message).toContain('no space left')
        expect((await store.queryRuns(ask({ limit: 1000 }))).total).toBe(ids.length)
        await store.close()
        const again = await open(own)
        for (const id of ids) await again.getRun(id)
        await save(again, 999)
        await again.close()
      }
    }))
})
