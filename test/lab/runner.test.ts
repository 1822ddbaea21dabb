// The runner: a real store, real workers, and cells that do what a test says.
import { describe, expect, it } from 'vitest'
import type { CellStatus } from '../../src-main/core/contract/library.ts'
import type { Progress } from '../../src-main/core/contract/progress.ts'
import type { Store } from '../../src-main/store/index.ts'
import { openRunner, scriptedCampaign } from './support/scripted-campaign.ts'

const times = (count: number, script: string): string[] => Array<string>(count).fill(script)

async function statuses(store: Store, id: string): Promise<CellStatus[]> {
  return (await store.getCampaign(id)).cells.map((cell) => cell.status)
}

async function statusOf(store: Store, id: string): Promise<string> {
  return (await store.getCampaign(id)).row.status
}

describe('a campaign that runs', () => {
  it('finishes every cell, and each has its run in the library', async () => {
    const { store, runner, id } = await scriptedCampaign(times(12, 'ok'))
    await runner.resume(id)
    await runner.rested(id)
    const { row, cells } = await store.getCampaign(id)
    expect(row).toMatchObject({ status: 'finished', finished: 12, failed: 0 })
    expect(new Set(cells.map((cell) => cell.runId)).size).toBe(12)
  })

  it('keeps the error of a failing cell and runs the others', async () => {
    const { store, runner, id } = await scriptedCampaign(['ok', 'fail', 'crash', 'bug', 'ok'])
    await runner.resume(id)
    await runner.rested(id)
    const { cells, row } = await store.getCampaign(id)
    expect(row.status).toBe('finished')
    expect(cells.map((cell) => cell.status)).toEqual([
      ...(['finished', 'failed', 'failed', 'failed', 'finished'] as const),
    ])
    expect(cells[1]?.error).toBe('the budget ran out (hint: raise it)')
    expect(cells[2]?.error).toMatch(/the simulation worker broke: exit code 7/)
  })

  it('has two levels of progress, and a time left once three cells are done', async () => {
    const { runner, id } = await scriptedCampaign([...times(3, 'ok'), ...times(3, 'work 60000')])
    await runner.resume(id)
    await expect.poll(async () => (await runner.progress(id)).finished).toBe(3)
    await expect.poll(async () => (await runner.progress(id)).active.length).toBe(2)
    const progress = await runner.progress(id)
    expect(progress).toMatchObject({ status: 'running', cells: 6, workers: 2 })
    expect(progress.etaMs?.hi).toBeGreaterThan(progress.etaMs?.lo ?? Infinity)
    await expect
      .poll(async () => (await runner.progress(id)).active[0]?.fraction)
      .toBeGreaterThan(0)
    await runner.cancel(id)
  })

  it('is watched until it rests, and the last state is the state at rest', async () => {
    const { runner, id } = await scriptedCampaign(times(5, 'work 20'))
    await runner.resume(id)
    const seen: Progress[] = []
    for await (const progress of runner.watch(id)) seen.push(progress)
    expect(seen[0]?.status).toBe('running')
    expect(seen.at(-1)).toMatchObject({ status: 'finished', finished: 5, active: [] })
  })

  it('is in the queue while it runs, with how much of it is done', async () => {
    const { runner, id } = await scriptedCampaign(['ok', ...times(6, 'work 300')])
    expect(await runner.queue()).toEqual([])
    await runner.resume(id)
    await expect.poll(async () => (await runner.queue())[0]?.done).toBe(1)
    const [queued] = await runner.queue()
    expect(queued).toMatchObject({ campaignId: id, host: null, cells: 7, waitsFor: null })
    await runner.rested(id)
    expect(await runner.queue()).toEqual([])
  })

  it('stops being watched when the watcher leaves', async () => {
    const { runner, id } = await scriptedCampaign(times(2, 'work 60000'))
    await runner.resume(id)
    const leaving = new AbortController()
    for await (const progress of runner.watch(id, leaving.signal)) {
      if (progress.status === 'running') leaving.abort()
    }
    expect((await runner.progress(id)).status).toBe('running')
    await runner.cancel(id)
  })
})

describe('a campaign that is stopped', () => {
  it('by a pause lets the active cells finish and takes no other', async () => {
    const { store, runner, id } = await scriptedCampaign(times(40, 'work 200'))
    await runner.resume(id)
    await expect.poll(async () => (await runner.progress(id)).active.length).toBe(2)
    expect(await runner.pause(id)).toBe(true)
    await runner.rested(id)
    expect(await statusOf(store, id)).toBe('paused')
    const finished = (await statuses(store, id)).filter((status) => status === 'finished')
    expect(finished.length).toBeGreaterThanOrEqual(2)
    expect(finished.length).toBeLessThan(40)
    expect(await statuses(store, id)).not.toContain('running')
  })

  it('by a cancel gives its active cells back, and goes on from there', async () => {
    const { store, runner, id } = await scriptedCampaign(['ok', 'ok', 'work 300', 'work 300', 'ok'])
    await runner.resume(id)
    await expect.poll(async () => (await runner.progress(id)).finished).toBe(2)
    await expect.poll(async () => (await runner.progress(id)).active.length).toBe(2)
    expect(await runner.cancel(id)).toBe(2)
    expect(await statusOf(store, id)).toBe('cancelled')
    const done = ['finished', 'finished', 'pending', 'pending', 'pending']
    expect(await statuses(store, id)).toEqual(done)
    await runner.resume(id)
    await runner.rested(id)
    expect(await statuses(store, id)).toEqual(times(5, 'finished'))
    expect((await store.queryRuns(allRuns(id))).total).toBe(5)
  })

  it('by a cancel goes on when it is resumed before the cancel is done', async () => {
    const { store, runner, id } = await scriptedCampaign(['deaf', 'deaf', 'ok'])
    await runner.resume(id)
    await expect.poll(async () => (await runner.progress(id)).active.length).toBe(2)
    const cancelled = runner.cancel(id)
    await expect.poll(async () => (await runner.progress(id)).status).toBe('cancelled')
    expect(await runner.resume(id)).toBe(true)
    await cancelled
    expect(await statusOf(store, id)).toBe('running')
    await expect.poll(async () => (await runner.progress(id)).active.length).toBe(2)
    await runner.cancel(id)
  })

  it('by a cancel stops even a cell that does not listen', async () => {
    const { store, runner, id } = await scriptedCampaign(['deaf', 'deaf', 'ok'])
    await runner.resume(id)
    await expect.poll(async () => (await runner.progress(id)).active.length).toBe(2)
    await runner.cancel(id)
    expect(await statuses(store, id)).toEqual(times(3, 'pending'))
  })

  it('by a full disk says so, counts nothing that is not written, and can go on', async () => {
    const { file, store, runner, id } = await scriptedCampaign(times(60, 'ok'))
    const { bytes } = await store.info()
    await runner.close()
    await store.close()
    const full = await openRunner(file, 2, { pagesMax: bytes / 4096 + 2 })
    await full.runner.resume(id)
    await expect(full.runner.rested(id)).rejects.toMatchObject({
      code: 'store',
      message: expect.stringContaining('no space left') as string,
    })
    const { finished, status } = await full.runner.progress(id)
    expect(status).toBe('interrupted')
    expect((await full.store.queryRuns(allRuns(id))).total).toBe(finished)
    await full.runner.close()
    await full.store.close()
    const next = await openRunner(file, 2)
    await next.runner.resume(id)
    await next.runner.rested(id)
    expect(await statuses(next.store, id)).toEqual(times(60, 'finished'))
  })

  it('by closing the lab is interrupted and goes on in the next one', async () => {
    const { file, store, runner, id } = await scriptedCampaign(['ok', ...times(3, 'work 300')])
    await runner.resume(id)
    await expect.poll(async () => (await runner.progress(id)).finished).toBe(1)
    await runner.close()
    expect(await statusOf(store, id)).toBe('interrupted')
    const next = await openRunner(file, 2)
    await next.runner.resume(id)
    await next.runner.rested(id)
    expect(await statuses(next.store, id)).toEqual(times(4, 'finished'))
  })

  it('cannot be touched by a second process', async () => {
    const { file, runner, id } = await scriptedCampaign(times(2, 'work 60000'))
    await runner.resume(id)
    const other = await openRunner(file, 1)
    for (const touch of [
      other.runner.cancel(id),
      other.runner.pause(id),
      other.runner.resume(id),
    ]) {
      await expect(touch).rejects.toMatchObject({ code: 'conflict' })
    }
    expect(await runner.cancel(id)).toBe(2)
  })
})

describe('single cells', () => {
  it('that failed run again after a retry', async () => {
    const { store, runner, id } = await scriptedCampaign(['fail', 'ok', 'fail'])
    await runner.resume(id)
    await runner.rested(id)
    expect(await runner.retry(id, [2])).toBe(1)
    await runner.rested(id)
    const log = (await runner.progress(id)).log.map((event) => [event.index, event.status])
    expect(log.filter(([index]) => index === 2)).toEqual([
      [2, 'failed'],
      [2, 'pending'],
      [2, 'failed'],
    ])
    expect(await statuses(store, id)).toEqual(['failed', 'finished', 'failed'])
  })

  it('that are skipped do not run, also while they were running', async () => {
    const { store, runner, id } = await scriptedCampaign(['work 60000', 'ok', 'work 60000', 'ok'])
    await runner.resume(id)
    await expect.poll(async () => (await runner.progress(id)).active.length).toBe(2)
    expect(await runner.skip(id, [0, 2])).toBe(2)
    await runner.rested(id)
    expect(await statuses(store, id)).toEqual(['skipped', 'finished', 'skipped', 'finished'])
    expect(await runner.progress(id)).toMatchObject({ status: 'finished', skipped: 2 })
  })

  it('are shown with their times in the log, also after a restart', async () => {
    const { file, runner, id } = await scriptedCampaign(times(3, 'ok'), 1)
    await runner.resume(id)
    await runner.rested(id)
    const next = await openRunner(file, 1)
    const { log, finished } = await next.runner.progress(id)
    expect(finished).toBe(3)
    expect(log.map(({ index, timeNs }) => [index, timeNs])).toEqual([
      [0, 1e9 + 1],
      [1, 1e9 + 2],
      [2, 1e9 + 3],
    ])
  })
})

const allRuns = (id: string) => ({
  search: '',
  kinds: [],
  campaignIds: [id],
  apps: [],
  schemes: [],
  mixes: [],
  hosts: [],
  where: [],
  columns: [],
  tags: [],
  trashed: false,
  sort: 'createdAt' as const,
  descending: false,
  offset: 0,
  limit: 100,
})
