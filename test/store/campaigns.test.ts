// Campaigns and cells: what is stored, and that a cell is run once and only once.
import { describe, expect, test } from 'vitest'
import {
  campaignOf,
  finish,
  finishedCampaign,
  machine,
  planOf,
  resultOf,
  scenarioOf,
  withStore,
} from './library-fixture.ts'

describe('a campaign', () => {
  test('is new after its creation and has every cell pending, in run order', () =>
    withStore(async (store) => {
      const row = await store.createCampaign(campaignOf(2), planOf(2))
      expect(row).toMatchObject({ status: 'new', cells: 8, finished: 0, failed: 0, skipped: 0 })
      const detail = await store.getCampaign(row.id)
      expect(detail.row).toEqual(row)
      expect(detail.definition).toEqual(campaignOf(2))
      expect(detail.cells.map((cell) => cell.index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
      expect(detail.cells[5]).toEqual({
        index: 5,
        factors: planOf(2)[5]!.factors,
        seed: 2,
        repetition: 1,
        status: 'pending',
        runId: null,
        error: null,
      })
      expect(await store.pendingCells(row.id)).toEqual(detail.cells)
    }))

  test('gives back each cell its own scenario', () =>
    withStore(async (store) => {
      const plan = planOf(2)
      const { id } = await store.createCampaign(campaignOf(2), plan)
      expect(await store.cellScenario(id, 3)).toEqual(plan[3]!.scenario)
    }))

  test('is listed newest first, with the counts of its cells', () =>
    withStore(async (store) => {
      const first = await store.createCampaign(campaignOf(1, 'first'), planOf(1))
      const second = await store.createCampaign(campaignOf(1, 'second'), [])
      await finish(store, first.id, 0)
      await store.failCell(first.id, 1, 'budget')
      await store.skipCells(first.id, [2])
      const list = await store.listCampaigns()
      expect(list.map((row) => row.name)).toEqual(['second', 'first'])
      expect(list[0]).toEqual(second)
      expect(list[1]).toMatchObject({ cells: 4, finished: 1, failed: 1, skipped: 1 })
    }))

  test('changes its status', () =>
    withStore(async (store) => {
      const { id } = await store.createCampaign(campaignOf(1), planOf(1))
      expect((await store.setCampaignStatus(id, 'running')).status).toBe('running')
      expect((await store.setCampaignStatus(id, 'finished')).status).toBe('finished')
    }))

  test('that does not exist is not found, by any operation', () =>
    withStore(async (store) => {
      const calls = [
        store.getCampaign('none'),
        store.pendingCells('none'),
        store.setCampaignStatus('none', 'paused'),
        store.cellScenario('none', 0),
        store.campaignRuns('none', 'time'),
        store.failCell('none', 0, 'x'),
        store.skipCells('none', [0]),
      ]
      for (const call of calls) {
        await expect(call).rejects.toMatchObject({ name: 'LabError', code: 'not-found' })
      }
    }))

  test('is stored whole or not at all', () =>
    withStore(async (store) => {
      const [cell] = planOf(1)
      await expect(store.createCampaign(campaignOf(1), [cell!, cell!])).rejects.toMatchObject({
        code: 'store',
      })
      expect(await store.listCampaigns()).toEqual([])
    }))
})

describe('a cell', () => {
  test('is finished together with its run', () =>
    withStore(async (store) => {
      const { id } = await store.createCampaign(campaignOf(1), planOf(1))
      expect(await store.startCell(id, 1)).toBe(true)
      const { runId, added } = await finish(store, id, 1)
      expect(added).toBe(true)
      const { cells } = await store.getCampaign(id)
      expect(cells[1]).toMatchObject({ status: 'finished', runId, error: null })
      expect((await store.getRun(runId)).row).toMatchObject({ campaignId: id, cellIndex: 1 })
    }))

  test('that is finished twice keeps its first run', () =>
    withStore(async (store) => {
      const { id } = await store.createCampaign(campaignOf(1), planOf(1))
      const [first, second] = await Promise.all([finish(store, id, 0), finish(store, id, 0)])
      expect(second).toEqual({ runId: first.runId, added: false })
      expect((await store.info()).runs).toBe(1)
    }))

  test('that fails keeps its error until it is reset', () =>
    withStore(async (store) => {
      const { id } = await store.createCampaign(campaignOf(1), planOf(1))
      expect(await store.failCell(id, 2, 'budget of 10 events is used up')).toBe(true)
      expect((await store.getCampaign(id)).cells[2]).toMatchObject({
        status: 'failed',
        error: 'budget of 10 events is used up',
      })
      expect(await store.resetCells(id, [])).toBe(1)
      expect((await store.getCampaign(id)).cells[2]).toMatchObject({
        status: 'pending',
        error: null,
      })
    }))

  test('that is finished can neither fail, start, be skipped nor be reset', () =>
    withStore(async (store) => {
      const { id } = await store.createCampaign(campaignOf(1), planOf(1))
      await finish(store, id, 0)
      expect(await store.failCell(id, 0, 'late')).toBe(false)
      expect(await store.startCell(id, 0)).toBe(false)
      expect(await store.skipCells(id, [0])).toBe(0)
      expect(await store.resetCells(id, [0])).toBe(0)
      expect((await store.getCampaign(id)).cells[0]!.status).toBe('finished')
    }))

  test('that was skipped comes back only when it is named', () =>
    withStore(async (store) => {
      const { id } = await store.createCampaign(campaignOf(1), planOf(1))
      expect(await store.skipCells(id, [0, 1])).toBe(2)
      expect(await store.resetCells(id, [])).toBe(0)
      expect(await store.resetCells(id, [1])).toBe(1)
      expect((await store.pendingCells(id)).map((cell) => cell.index)).toEqual([1, 2, 3])
    }))

  test('can be run again once its run is in the trash', () =>
    withStore(async (store) => {
      const { id } = await store.createCampaign(campaignOf(1), planOf(1))
      const { runId } = await finish(store, id, 0)
      await store.trashRuns([runId], true)
      expect(await store.resetCells(id, [0])).toBe(1)
      expect((await finish(store, id, 0)).added).toBe(true)
    }))

  test('that was running is pending again after its campaign is released', () =>
    withStore(async (store) => {
      const { id } = await store.createCampaign(campaignOf(1), planOf(1))
      await store.startCell(id, 0)
      expect(await store.pendingCells(id)).toHaveLength(3)
      expect(await store.releaseCells(id)).toBe(1)
      expect(await store.pendingCells(id)).toHaveLength(4)
    }))

  test('that does not exist is not found', () =>
    withStore(async (store) => {
      const { id } = await store.createCampaign(campaignOf(1), planOf(1))
      const scenario = scenarioOf('dedup', 'cfs', 1)
      const finishing = store.finishCell(id, 99, scenario, resultOf(1), machine)
      await expect(finishing).rejects.toMatchObject({ code: 'not-found' })
      await expect(store.cellScenario(id, 99)).rejects.toMatchObject({ code: 'not-found' })
    }))
})

describe('the runs of a campaign', () => {
  test('come in cell order with attribution summed over the VMs', () =>
    withStore(async (store) => {
      const id = await finishedCampaign(store, 2)
      const runs = await store.campaignRuns(id, 'time')
      expect(runs.map((run) => run.cellIndex)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
      const last = runs[7]!
      const { makespanNs, timeNs } = resultOf(2)
      expect(last).toMatchObject({ seed: 2, factors: planOf(2)[7]!.factors, timeNs })
      expect(last.attributionNs).toMatchObject({ useful: 2 * 9 * makespanNs, idle: 0 })
      const total = Object.values(last.attributionNs ?? {}).reduce((sum, ns) => sum + ns, 0)
      expect(total).toBe(24 * makespanNs)
    }))

  test('have the mean of their VMs’ latencies as their figure where that is asked for', () =>
    withStore(async (store) => {
      const { id } = await store.createCampaign(campaignOf(1), planOf(1))
      const times = { meanNs: 1, p50Ns: 1, p95Ns: 2, p99Ns: 3, p999Ns: 4, maxNs: 5 }
      for (const index of [0, 1]) {
        const scenario = await store.cellScenario(id, index)
        const result = resultOf(1)
        const vms = result.vms.map((vm, i) => ({
          ...vm,
          latency: { count: 1, ...times, p99Ns: 10 + i },
        }))
        const answers = index === 0 ? { ...result, vms } : result
        await store.finishCell(id, index, scenario, answers, machine)
      }
      const runs = await store.campaignRuns(id, 'latency.p99Ns')
      expect(runs.map((run) => run.timeNs)).toEqual([10.5, NaN])
    }))

  test('leave out those in the trash', () =>
    withStore(async (store) => {
      const id = await finishedCampaign(store, 1)
      const runs = await store.campaignRuns(id, 'time')
      await store.trashRuns([runs[0]!.runId], true)
      expect((await store.campaignRuns(id, 'time')).map((run) => run.cellIndex)).toEqual([1, 2, 3])
    }))
})
