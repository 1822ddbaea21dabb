// A campaign from elsewhere: whole or not at all, and never over what is there.
import { describe, expect, test } from 'vitest'
import type { CampaignBundle } from '../../src-main/store/index.ts'
import { ask, campaignOf, machine, planOf, resultOf, withStore } from './library-fixture.ts'

const CREATED_AT = '2026-11-24T08:00:00.000Z'

const bundleOf = (seeds: number, shift = 0): CampaignBundle => {
  const cells = planOf(seeds)
  return {
    id: '00000000-0000-8000-8000-00000000000c',
    createdAt: CREATED_AT,
    definition: campaignOf(seeds),
    cells,
    environment: { ...machine, appVersion: '9.9.9', commit: null, schemaVersion: 10, host: null },
    runs: cells.map(({ index, seed }) => ({
      id: `00000000-0000-8000-8000-${String(index).padStart(12, '0')}`,
      createdAt: CREATED_AT,
      cellIndex: index,
      result: resultOf(seed + shift),
    })),
    tags: ['elsewhere'],
  }
}

describe('an imported campaign', () => {
  test('keeps its ids, dates and what made it', () =>
    withStore(async (store) => {
      const bundle = bundleOf(2)
      const { row, added } = await store.importCampaign(bundle)
      expect(added).toBe(8)
      expect(row).toMatchObject({ id: bundle.id, status: 'finished', finished: 8 })
      const run = await store.getRun(bundle.runs[3]!.id)
      expect(run.row).toMatchObject({ createdAt: CREATED_AT, tags: ['elsewhere'], cellIndex: 3 })
      expect(run.environment.appVersion).toBe('9.9.9')
      expect(run.result).toEqual(bundle.runs[3]!.result)
    }))

  test('imported twice adds no row', () =>
    withStore(async (store) => {
      await store.importCampaign(bundleOf(2))
      const before = await store.info()
      expect(await store.importCampaign(bundleOf(2))).toMatchObject({ added: 0, restored: 0 })
      expect(await store.info()).toEqual(before)
      expect((await store.queryRuns(ask())).total).toBe(8)
    }))

  test('gets runs back that were deleted for good', () =>
    withStore(async (store) => {
      const bundle = bundleOf(1)
      await store.importCampaign(bundle)
      await store.trashRuns([bundle.runs[0]!.id], true)
      expect(await store.purgeTrash(0)).toBe(1)
      expect(await store.importCampaign(bundle)).toMatchObject({ added: 1 })
      expect((await store.getCampaign(bundle.id)).row).toMatchObject({ finished: 4, skipped: 0 })
    }))

  test('is refused whole where an id belongs to another content', () =>
    withStore(async (store) => {
      await store.importCampaign(bundleOf(1))
      const other = store.importCampaign(bundleOf(1, 7))
      await expect(other).rejects.toMatchObject({ code: 'conflict' })
      expect((await store.queryRuns(ask())).total).toBe(4)
    }))
})
