// The history of exported reports: what was made of which campaign, newest first.
import { describe, expect, test } from 'vitest'
import { finishedCampaign, withStore } from './library-fixture.ts'

const exportOf = (campaignId: string, fileName: string) => ({
  campaignId,
  campaignName: 'Pair',
  fileName,
  sha256: 'a'.repeat(64),
  bytes: 1234,
  pages: 7,
  request: { authors: ['Ada'], paper: 'a4' as const, parts: ['verdict' as const] },
})

describe('an exported report', () => {
  test('comes back with its hash, size and sections, the latest first', () =>
    withStore(async (store) => {
      const campaignId = await finishedCampaign(store, 1)
      await store.keepReportExport(exportOf(campaignId, 'one.pdf'))
      const kept = await store.keepReportExport(exportOf(campaignId, 'two.pdf'))
      const all = await store.listReportExports()
      expect(all.map(({ fileName }) => fileName)).toEqual(['two.pdf', 'one.pdf'])
      expect(all[0]).toEqual(kept)
      expect(kept).toMatchObject(exportOf(campaignId, 'two.pdf'))
    }))

  test('of no campaign is refused', () =>
    withStore(async (store) => {
      const unknown = store.keepReportExport(exportOf('nobody', 'x.pdf'))
      await expect(unknown).rejects.toMatchObject({ code: 'not-found' })
    }))

  test('is forgotten once', () =>
    withStore(async (store) => {
      const campaignId = await finishedCampaign(store, 1)
      const { id } = await store.keepReportExport(exportOf(campaignId, 'x.pdf'))
      expect(await store.forgetReportExport(id)).toBe(1)
      expect(await store.forgetReportExport(id)).toBe(0)
      expect(await store.listReportExports()).toEqual([])
    }))
})
