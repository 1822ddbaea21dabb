// What keeps a large library quick never changes what it says: settings, metrics by run, orders.
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import * as v from 'valibot'
import {
  GroupQuerySchema,
  RunColumnsSchema,
  RunGroupsSchema,
  RunIdsQuerySchema,
} from '../../src-main/core/contract/library.ts'
import type { ViewState } from '../../src-main/core/contract/library-view.ts'
import { ViewStateSchema } from '../../src-main/core/contract/library-view.ts'
import type { Condition } from '../../src-main/core/contract/run-columns.ts'
import { parseWhere } from '../../src-main/core/contract/where-text.ts'
import { mean, median, standardDeviation } from '../../src-main/core/stats/descriptive.ts'
import { studentTwoSided } from '../../src-main/core/stats/distributions.ts'
import type { Store } from '../../src-main/store/index.ts'
import {
  ask,
  finishedCampaign,
  machine,
  open,
  resultOf,
  scenarioOf,
  withFile,
  withStore,
} from './library-fixture.ts'
import { measuredHost, measuredResultOf, onHost } from './measured-fixture.ts'

const groups = (store: Store, query: v.InferInput<typeof GroupQuerySchema>) =>
  store.groupRuns(v.parse(GroupQuerySchema, query))

const where = (text: string): Condition[] => {
  const result = parseWhere(text)
  return result.ok ? result.value : []
}

const saveMeasured = (store: Store, seed: number) => {
  const scenario = onHost(scenarioOf('ring', 'flexcore', seed), 'bed')
  const on = { ...machine, host: measuredHost('bed') }
  return store.saveRun({ scenario, result: measuredResultOf(seed), machine: on })
}

describe('groups of runs', () => {
  test('have count, median, mean and its interval over the repetitions', () =>
    withStore(async (store) => {
      await finishedCampaign(store, 5)
      const answer = await groups(store, { by: ['app', 'scheme'] })
      expect(v.is(RunGroupsSchema, answer)).toBe(true)
      expect(answer.total).toBe(4)
      const times = Float64Array.from([1, 2, 3, 4, 5], (seed) => resultOf(seed).timeNs)
      const half = (studentTwoSided(0.95, 4) * standardDeviation(times)!) / Math.sqrt(5)
      expect(answer.groups[0]).toMatchObject({
        ...{ kind: 'simulated', key: ['dedup', 'cfs'], runs: 5, count: 5, settings: 1 },
        ...{ median: median(times), mean: mean(times), min: times[0], max: times[4] },
        lo: expect.closeTo(mean(times) - half, 3) as number,
        hi: expect.closeTo(mean(times) + half, 3) as number,
      })
    }))

  test('say when they mix settings, and have no interval below two runs', () =>
    withStore(async (store) => {
      await finishedCampaign(store, 1)
      const { groups: all } = await groups(store, { by: ['seed'] })
      expect(all).toMatchObject([{ key: [1], runs: 4, settings: 4 }])
      const { groups: one } = await groups(store, { by: ['app', 'scheme'] })
      expect(one[0]).toMatchObject({ count: 1, lo: null, hi: null })
    }))

  test('never average measured and simulated runs together', () =>
    withStore(async (store) => {
      await finishedCampaign(store, 2)
      await saveMeasured(store, 1)
      const { groups: all } = await groups(store, { by: ['scheme'] })
      const counts = all.map(({ kind, key, runs }) => [kind, key[0], runs])
      expect(counts).toEqual([
        ['simulated', 'cfs', 4],
        ['measured', 'flexcore', 1],
        ['simulated', 'flexcore', 4],
      ])
    }))

  test('are by settings, campaign, host and seed, and of metrics', () =>
    withStore(async (store) => {
      await finishedCampaign(store, 2)
      await saveMeasured(store, 1)
      const by = ['setting:sliceNs', 'campaign', 'host'] as const
      const { groups: all } = await groups(store, { by: [...by], measure: 'metric:exits' })
      expect(all).toMatchObject([
        { key: [null, null, 'bed'], runs: 1, count: 0, mean: null },
        { key: [3e6, 'Lock-holder preemption', null], runs: 8, count: 8, mean: 7, lo: 7, hi: 7 },
      ])
      const seeds = await groups(store, { by: ['seed', 'app'], apps: ['dedup'] })
      expect(seeds.groups.map(({ key, runs }) => [...key, runs])).toEqual([
        [1, 'dedup', 2],
        [2, 'dedup', 2],
      ])
    }))

  test('hold excluded runs, but average without them', () =>
    withStore(async (store) => {
      await finishedCampaign(store, 3)
      const { rows } = await store.queryRuns(ask({ apps: ['dedup'], schemes: ['cfs'] }))
      await store.excludeRuns([rows[0]!.id], 'a backup ran')
      const { groups: all } = await groups(store, { by: ['app', 'scheme'] })
      expect(all[0]).toMatchObject({ key: ['dedup', 'cfs'], runs: 3, count: 2 })
      expect(all[0]!.max).toBe(resultOf(2).timeNs)
    }))

  test('refuse a measure that is no number', () =>
    withStore(async (store) => {
      const wrong = groups(store, { by: ['app'], measure: 'scheme' })
      await expect(wrong).rejects.toMatchObject({ code: 'bad-input' })
    }))
})

describe('further columns', () => {
  test('come with the rows: settings, and metrics summed over VMs and host', () =>
    withStore(async (store) => {
      await finishedCampaign(store, 1)
      const columns = ['setting:sliceNs', 'metric:wakeups', 'metric:time.usefulNs'] as const
      const { rows } = await store.queryRuns(ask({ columns: [...columns], limit: 1 }))
      const result = resultOf(1)
      const usefulNs = 2 * result.vms[0]!.attributionNs!.useful
      expect(rows[0]!.values).toEqual({
        'setting:sliceNs': 3e6,
        'metric:wakeups': 82,
        'metric:time.usefulNs': usefulNs,
      })
    }))

  test('of latencies are the mean over the VMs that have them', () =>
    withStore(async (store) => {
      const result = resultOf(7, 'dedup')
      const times = { meanNs: 1.5, p50Ns: 1, p95Ns: 2, p999Ns: 4, maxNs: 5e9 }
      const vms = result.vms.map((vm, i) => ({
        ...vm,
        latency: { count: 9, ...times, p99Ns: 3 + i },
      }))
      const scenario = scenarioOf('dedup', 'cfs', 7)
      await store.saveRun({ scenario, result: { ...result, vms }, machine })
      const columns = ['metric:latency.p99Ns', 'metric:latency.count'] as const
      const { rows } = await store.queryRuns(ask({ columns: [...columns] }))
      expect(rows[0]!.values).toEqual({ 'metric:latency.p99Ns': 3.5, 'metric:latency.count': 18 })
    }))

  test('that a measured run lacks say why', () =>
    withStore(async (store) => {
      await saveMeasured(store, 1)
      const columns = ['metric:exits', 'metric:guestStealNs', 'metric:runDelayNs'] as const
      const { rows } = await store.queryRuns(ask({ columns: [...columns] }))
      expect(rows[0]!.values).toMatchObject({
        'metric:exits': null,
        'metric:runDelayNs': 1.0000002e7,
      })
      expect(rows[0]!.notObservable).toEqual({
        'metric:exits': 'debugfs is not mounted',
        'metric:guestStealNs': 'TCG guests see no steal',
      })
    }))

  test('are listed, with those that differ among the matching runs', () =>
    withStore(async (store) => {
      await finishedCampaign(store, 2)
      const all = await store.runColumns(ask())
      expect(v.is(RunColumnsSchema, all)).toBe(true)
      expect(all.settings).toEqual(['sliceNs'])
      expect(all.metrics).toEqual(
        expect.arrayContaining(['contextSwitches', 'exits', 'time.usefulNs', 'wakeups']),
      )
      expect(all.differing).toEqual(expect.arrayContaining(['app', 'scheme', 'seed', 'timeNs']))
      expect(all.differing).not.toEqual(expect.arrayContaining(['mix']))
      const one = await store.runColumns(ask({ apps: ['dedup'], where: where('seed = 1') }))
      expect(one.differing).toEqual(expect.arrayContaining(['scheme']))
      for (const same of ['app', 'seed', 'setting:sliceNs', 'metric:exits'] as const) {
        expect(one.differing).not.toContain(same)
      }
    }))
})

describe('conditions and orders', () => {
  test('are put on a run’s own columns, settings and metrics', () =>
    withStore(async (store) => {
      await finishedCampaign(store, 3)
      await saveMeasured(store, 1)
      const count = async (text: string) =>
        (await store.queryRuns(ask({ where: where(text) }))).total
      expect(await count('seed >= 2')).toBe(8)
      expect(await count('seed >= 2 and app = dedup and scheme != cfs')).toBe(2)
      expect(await count('contextSwitches = 102')).toBe(4)
      expect(await count('setting:sliceNs = 3e6')).toBe(12)
      expect(await count('host = bed and timeNs < 1.1s')).toBe(1)
      expect(await count('no-such-metric > 0')).toBe(0)
      expect(await count(`campaign = "Lock-holder preemption"`)).toBe(12)
      const facets = await store.facets(ask({ where: where('seed = 1'), tags: [] }))
      expect(facets.kind.map(({ count: runs }) => runs)).toEqual([4, 1])
    }))

  test('sort by a metric; runs without it come last either way', () =>
    withStore(async (store) => {
      await finishedCampaign(store, 3)
      await saveMeasured(store, 1)
      for (const descending of [false, true]) {
        const query = ask({ sort: 'metric:contextSwitches', descending })
        const { rows } = await store.queryRuns(query)
        const seeds = rows.map(({ seed }) => seed)
        const sorted = [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]
        expect(seeds.slice(0, 12)).toEqual(descending ? sorted.reverse() : sorted)
        expect(rows[12]!.kind).toBe('measured')
      }
    }))

  test('give the ids of a range in the order of the table', () =>
    withStore(async (store) => {
      await finishedCampaign(store, 3)
      const query = ask({ sort: 'timeNs', descending: false })
      const { rows } = await store.queryRuns(query)
      const range = v.parse(RunIdsQuerySchema, { ...query, offset: 2, limit: 5 })
      expect(await store.runIds(range)).toEqual(rows.slice(2, 7).map(({ id }) => id))
    }))

  test('are found anew after every change, also by another process', () =>
    withFile(async (file) => {
      const store = await open(file)
      await finishedCampaign(store, 1)
      expect((await store.queryRuns(ask())).total).toBe(4)
      const other = await open(file)
      const [id] = await other.runIds(v.parse(RunIdsQuerySchema, {}))
      await other.trashRuns([id!], true)
      expect((await store.queryRuns(ask())).total).toBe(3)
      await store.trashRuns([id!], false)
      expect((await store.queryRuns(ask())).total).toBe(4)
      await other.close()
      await store.close()
    }))
})

describe('saved views', () => {
  const state: ViewState = v.parse(ViewStateSchema, {
    ...{ search: 'vips', apps: ['dedup'], where: where('exits > 5'), by: ['app'] },
  })

  test('are kept under their names, the later one in place of the earlier', () =>
    withStore(async (store) => {
      await store.saveView({ name: 'b', state })
      const { savedAt } = await store.saveView({ name: 'a', state: { ...state, search: '' } })
      await store.saveView({ name: 'b', state: { ...state, search: 'x264' } })
      const views = await store.listViews()
      expect(views.map(({ name, state: kept }) => [name, kept.search])).toEqual([
        ['a', ''],
        ['b', 'x264'],
      ])
      expect(views[0]!.savedAt).toBe(savedAt)
      expect(v.parse(ViewStateSchema, views[1]!.state)).toEqual({ ...state, search: 'x264' })
      expect(await store.removeView('a')).toBe(1)
      expect(await store.removeView('a')).toBe(0)
    }))
})

describe('figures by run', () => {
  test('of a library that is migrated equal those of one that is written now', () =>
    withFile(async (file) => {
      const store = await open(file)
      await finishedCampaign(store, 2)
      await saveMeasured(store, 1)
      await store.close()
      const database = new Database(file)
      const read = (sql: string) => database.prepare(sql).raw().all()
      const figures = `SELECT run_key, name, value, parts FROM run_metrics
        JOIN metric_names USING (metric_key) ORDER BY run_key, name`
      const written = read(figures)
      const computed = read(
        `SELECT run_key, name, iif(combined = 'mean', avg(value), sum(value)), count(*)
          FROM run_figures GROUP BY run_key, name ORDER BY run_key, name`,
      )
      expect(written.length).toBeGreaterThan(40)
      expect(written).toEqual(computed)
      expect(read('SELECT count(*), count(setting_key) FROM runs')[0]).toEqual([9, 9])
      database.close()
    }))

  test('and settings go with the last run that has them', () =>
    withFile(async (file) => {
      const store = await open(file)
      const id = await saveMeasured(store, 1)
      await finishedCampaign(store, 1)
      await store.trashRuns([id], true)
      expect(await store.purgeTrash(0)).toBe(1)
      await store.close()
      const database = new Database(file)
      const count = (sql: string) => database.prepare(sql).pluck().get()
      const gone = 'run_key NOT IN (SELECT run_key FROM runs)'
      expect(count(`SELECT count(*) FROM run_metrics WHERE ${gone}`)).toBe(0)
      expect(count('SELECT count(*) FROM settings')).toBe(4)
      database.close()
    }))

  test('are found by the index alone', () =>
    withFile(async (file) => {
      await (await open(file)).close()
      const database = new Database(file)
      const plan = database
        .prepare(
          `EXPLAIN QUERY PLAN SELECT setting_key, kind, campaign_key, environment_key,
            json_group_array(time_ns) FROM runs INDEXED BY runs_narrowed
            WHERE trashed_at IS NULL GROUP BY 1, 2, 3, 4`,
        )
        .all() as { detail: string }[]
      database.close()
      expect(plan.map(({ detail }) => detail)).toEqual([
        'SCAN runs USING COVERING INDEX runs_narrowed',
      ])
    }))
})
