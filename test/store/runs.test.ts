// The library of runs: nothing is lost on the way in and out, and every way to find one.
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import {
  FacetsSchema,
  RunDetailSchema,
  RunPageSchema,
} from '../../src-main/core/contract/library.ts'
import type { Store } from '../../src-main/store/index.ts'
import { runContentHash } from '../../src-main/store/identity.ts'
import {
  ask,
  finishedCampaign,
  machine,
  resultOf,
  scenarioOf,
  withStore,
} from './library-fixture.ts'

const save = (store: Store, app: string, scheme: string, seed: number) =>
  store.saveRun({ scenario: scenarioOf(app, scheme, seed), result: resultOf(seed, app), machine })

const found = async (store: Store, query: Parameters<typeof ask>[0]) =>
  (await store.queryRuns(ask(query))).rows.map((row) => `${row.app} ${row.scheme} ${row.seed}`)

describe('a run', () => {
  test('comes back exactly as it was stored', () =>
    withStore(async (store) => {
      const scenario = scenarioOf('dedup', 'flexcore', 7)
      const result = resultOf(7, 'dedup')
      const id = await store.saveRun({ scenario, result, machine })
      const detail = await store.getRun(id)
      expect(v.is(RunDetailSchema, detail)).toBe(true)
      expect(detail.scenario).toEqual(scenario)
      expect(detail.result).toEqual(result)
      expect(detail.environment).toMatchObject({
        ...machine,
        appVersion: '0.1.0',
        commit: 'abc1234',
        schemaVersion: store.opened.schemaVersion,
      })
      expect(detail.row.contentHash).toBe(runContentHash(scenario, result))
    }))

  test('keeps the latencies of a VM apart from its counters', () =>
    withStore(async (store) => {
      const result = resultOf(7, 'dedup')
      const times = { meanNs: 1.5, p50Ns: 1, p95Ns: 2, p99Ns: 3, p999Ns: 4, maxNs: 5e9 }
      const answering = { ...result.vms[0]!, latency: { count: 9, ...times } }
      const both = { ...result, vms: [answering, result.vms[1]!] }
      const scenario = scenarioOf('dedup', 'flexcore', 7)
      const detail = await store.getRun(await store.saveRun({ scenario, result: both, machine }))
      expect(detail.result).toEqual(both)
      expect(detail.result.vms[1]).not.toHaveProperty('latency')
      expect(detail.row.contentHash).toBe(runContentHash(detail.scenario, detail.result))
    }))

  test('without a campaign takes its factors from its scenario', () =>
    withStore(async (store) => {
      const id = await save(store, 'dedup', 'flexcore', 7)
      const { row, factors } = await store.getRun(id)
      const own = { app: 'dedup', scheme: 'flexcore', mix: '2 × 12 vCPUs', overcommit: null }
      expect(row).toMatchObject({ ...own, campaignId: null, campaignName: null, cellIndex: null })
      expect(factors).toEqual({ ...own, vary: {} })
    }))

  test('has a content hash that ignores the wall time and nothing else', () => {
    const scenario = scenarioOf('dedup', 'cfs', 1)
    const result = resultOf(1)
    const hash = runContentHash(scenario, result)
    expect(runContentHash(scenario, { ...result, wallMs: 99 })).toBe(hash)
    expect(runContentHash(scenario, { ...result, events: 1 })).not.toBe(hash)
    expect(runContentHash({ ...scenario, seed: 2 }, result)).not.toBe(hash)
  })

  test('that does not exist is not found', () =>
    withStore(async (store) => {
      await expect(store.getRun('none')).rejects.toMatchObject({ code: 'not-found' })
      await expect(store.noteRun('none', 'x')).rejects.toMatchObject({ code: 'not-found' })
    }))
})

describe('the runs table', () => {
  const fill = async (store: Store) => {
    await save(store, 'dedup', 'cfs', 1)
    await save(store, 'streamcluster', 'flexcore', 2)
    await save(store, 'dedup', 'flexcore', 3)
  }

  test('shows the newest run first unless asked otherwise', () =>
    withStore(async (store) => {
      await fill(store)
      expect(await found(store, {})).toEqual([
        'dedup flexcore 3',
        'streamcluster flexcore 2',
        'dedup cfs 1',
      ])
      expect(await found(store, { sort: 'app', descending: false })).toEqual([
        'dedup cfs 1',
        'dedup flexcore 3',
        'streamcluster flexcore 2',
      ])
    }))

  test('sorts by each column that it offers', () =>
    withStore(async (store) => {
      await fill(store)
      const sorts = ['name', 'app', 'scheme', 'mix', 'seed', 'timeNs', 'events'] as const
      for (const sort of sorts) {
        const { rows } = await store.queryRuns(ask({ sort, descending: false }))
        const values = rows.map((row) => row[sort])
        expect(values).toEqual([...values].sort((a, b) => (a < b ? -1 : 1)))
      }
    }))

  test('gives a page and the count of all that match', () =>
    withStore(async (store) => {
      await finishedCampaign(store, 5)
      const query = ask({ apps: ['dedup'], offset: 8, limit: 5 })
      const page = await store.queryRuns(query)
      expect(v.is(RunPageSchema, page)).toBe(true)
      expect(page.total).toBe(10)
      expect(page.rows).toHaveLength(2)
    }))

  test('narrows by every field at once', () =>
    withStore(async (store) => {
      await fill(store)
      const campaignId = await finishedCampaign(store, 1)
      expect(await found(store, { campaignIds: [campaignId], schemes: ['cfs'] })).toHaveLength(2)
      expect(await found(store, { apps: ['dedup'], mixes: ['pair'] })).toHaveLength(2)
      expect(await found(store, { kinds: ['measured'] })).toEqual([])
      expect(await found(store, { apps: ['dedup', 'streamcluster'] })).toHaveLength(7)
    }))

  test('finds the beginnings of words in name, app, scheme, note and tags', () =>
    withStore(async (store) => {
      await fill(store)
      const id = await save(store, 'vips', 'vcpu-bal', 4)
      await store.noteRun(id, 'looks like a Straggler')
      await store.tagRuns([id], 'figure 3', true)
      for (const search of ['vip', 'vcpu-b', 'strag', 'STRAG', 'figure', 'under vips', 'vip fig']) {
        expect(await found(store, { search }), search).toEqual(['vips vcpu-bal 4'])
      }
      expect(await found(store, { search: 'vips dedup' })).toEqual([])
      await store.noteRun(id, '')
      await store.tagRuns([id], 'figure 3', false)
      expect(await found(store, { search: 'strag' })).toEqual([])
      expect(await found(store, { search: 'figure' })).toEqual([])
    }))

  test('takes any text as a search, never as a query language', () =>
    withStore(async (store) => {
      await fill(store)
      for (const search of [
        '"',
        'a" OR "b',
        'NEAR(',
        '*',
        "'; DROP TABLE runs",
        'app:',
        '\0x',
        '-',
      ]) {
        await expect(store.queryRuns(ask({ search })), search).resolves.toBeDefined()
      }
      expect((await store.info()).runs).toBe(3)
    }))
})

describe('the facets', () => {
  test('count each value, largest first', () =>
    withStore(async (store) => {
      const campaignId = await finishedCampaign(store, 2)
      const id = await save(store, 'dedup', 'cfs', 1)
      await store.tagRuns([id], 'keep', true)
      const facets = await store.facets(ask())
      expect(v.is(FacetsSchema, facets)).toBe(true)
      expect(facets.kind).toEqual([{ value: 'simulated', label: 'simulated', count: 9 }])
      const label = 'Lock-holder preemption'
      expect(facets.campaign).toEqual([{ value: campaignId, label, count: 8 }])
      expect(facets.app.map((facet) => [facet.value, facet.count])).toEqual([
        ['dedup', 5],
        ['streamcluster', 4],
      ])
      expect(facets.mix.map((facet) => facet.value)).toEqual(['pair', '2 × 12 vCPUs'])
      expect(facets.tag).toEqual([{ value: 'keep', label: 'keep', count: 1 }])
    }))

  test('ignore their own selection, so that a second value can be added', () =>
    withStore(async (store) => {
      await finishedCampaign(store, 1)
      const facets = await store.facets(ask({ apps: ['dedup'] }))
      expect(facets.app.map((facet) => facet.value)).toEqual(['dedup', 'streamcluster'])
      expect(facets.scheme.map((facet) => facet.count)).toEqual([1, 1])
    }))
})

describe('marks on runs', () => {
  test('a tag is set and removed, and says how many runs changed', () =>
    withStore(async (store) => {
      const a = await save(store, 'dedup', 'cfs', 1)
      const b = await save(store, 'dedup', 'cfs', 2)
      expect(await store.tagRuns([a, b, 'none'], 'keep', true)).toEqual([a, b])
      expect(await store.tagRuns([a], 'keep', true)).toEqual([])
      await store.tagRuns([a], 'also', true)
      expect((await store.getRun(a)).row.tags).toEqual(['also', 'keep'])
      expect(await found(store, { tags: ['also'] })).toEqual(['dedup cfs 1'])
      expect(await store.tagRuns([a, b], 'keep', false)).toEqual([a, b])
      expect((await store.getRun(b)).row.tags).toEqual([])
    }))

  test('a note replaces the one before', () =>
    withStore(async (store) => {
      const id = await save(store, 'dedup', 'cfs', 1)
      expect(await store.noteRun(id, 'first')).toBe(1)
      expect(await store.noteRun(id, 'second')).toBe(1)
      expect(await store.noteRun(id, 'second')).toBe(0)
      expect((await store.getRun(id)).row.note).toBe('second')
    }))

  test('a line is added to many notes, and taken off exactly those', () =>
    withStore(async (store) => {
      const a = await save(store, 'dedup', 'cfs', 1)
      const b = await save(store, 'dedup', 'cfs', 2)
      await store.noteRun(a, 'first')
      expect(await store.noteLine([a, b, 'none'], 'host was busy', true)).toEqual([a, b])
      expect((await store.getRun(a)).row.note).toBe('first\nhost was busy')
      expect((await store.getRun(b)).row.note).toBe('host was busy')
      expect(await found(store, { search: 'busy' })).toHaveLength(2)
      expect(await store.noteLine([a, b], 'busy', false)).toEqual([])
      expect(await store.noteLine([a, b], 'host was busy', false)).toEqual([a, b])
      expect((await store.getRun(a)).row.note).toBe('first')
      expect((await store.getRun(b)).row.note).toBe('')
    }))

  test('the trash hides a run until it is restored', () =>
    withStore(async (store) => {
      const id = await save(store, 'dedup', 'cfs', 1)
      expect(await store.trashRuns([id], true)).toEqual([id])
      expect(await store.trashRuns([id], true)).toEqual([])
      expect(await found(store, {})).toEqual([])
      expect(await found(store, { trashed: true })).toEqual(['dedup cfs 1'])
      expect((await store.getRun(id)).row.trashedAt).toMatch(/^\d{4}-.*Z$/)
      expect(await store.trashRuns([id], false)).toEqual([id])
      expect(await found(store, {})).toEqual(['dedup cfs 1'])
    }))

  test('the trash is emptied only of what has been in it for long enough', () =>
    withStore(async (store) => {
      const campaignId = await finishedCampaign(store, 1)
      const [run] = await store.campaignRuns(campaignId, 'time')
      await store.tagRuns([run!.runId], 'bad', true)
      await store.trashRuns([run!.runId], true)
      expect(await store.purgeTrash(30)).toBe(0)
      expect(await store.purgeTrash(0)).toBe(1)
      await expect(store.getRun(run!.runId)).rejects.toMatchObject({ code: 'not-found' })
      expect(await found(store, { search: 'bad' })).toEqual([])
      const { cells } = await store.getCampaign(campaignId)
      expect(cells[0]).toMatchObject({ status: 'skipped', error: 'its run was deleted' })
    }))
})

describe('the history of wall times', () => {
  test('holds the newest first for each app and scheme, up to the limit', () =>
    withStore(async (store) => {
      for (const seed of [1, 2, 3]) await save(store, 'dedup', 'cfs', seed)
      await save(store, 'dedup', 'flexcore', 9)
      expect(await store.wallHistory(2, 'simulated')).toEqual([
        { app: 'dedup', scheme: 'cfs', wallMs: [15.25, 14.25] },
        { app: 'dedup', scheme: 'flexcore', wallMs: [21.25] },
      ])
    }))
})

describe('an exclusion', () => {
  test('is kept with its reason, changed, taken back, and goes with the run', () =>
    withStore(async (store) => {
      const id = await save(store, 'dedup', 'cfs', 1)
      const excluded = async () => (await store.getRun(id)).row.excluded
      expect(await excluded()).toBeNull()
      expect(await store.excludeRuns([id], 'a backup ran')).toBe(1)
      expect(await store.excludeRuns([id], 'a backup ran')).toBe(0)
      expect(await store.excludeRuns([id], 'two backups ran')).toBe(1)
      expect(await excluded()).toBe('two backups ran')
      expect(await store.excludeRuns([id], null)).toBe(1)
      expect(await excluded()).toBeNull()
    }))

  test('reaches the runs of a campaign, which are not left out', () =>
    withStore(async (store) => {
      const campaignId = await finishedCampaign(store, 2)
      const [first] = await store.campaignRuns(campaignId, 'time')
      await store.excludeRuns([first!.runId], 'a backup ran')
      const runs = await store.campaignRuns(campaignId, 'time')
      expect(runs.map(({ excluded }) => excluded).filter(Boolean)).toEqual(['a backup ran'])
      expect(runs[0]!.runId).toBe(first!.runId)
    }))
})
