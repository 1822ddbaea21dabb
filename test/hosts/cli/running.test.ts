// Campaigns on the command line that do not go straight through: failures, Ctrl-C, kill -9.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { CampaignDetailSchema } from '../../../src-main/core/contract/library.ts'
import type { CampaignDetail } from '../../../src-main/core/contract/library.ts'
import { smallCampaign } from '../../lab/support/small-campaign.ts'
import { workplace } from './flexlab.ts'
import type { Running, Workplace } from './flexlab.ts'

const CELLS = 4 * 160

/** Starts a campaign that takes seconds, and waits until some of it is done. */
async function startLong(place: Workplace, cells = CELLS): Promise<Running> {
  const file = place.write('long.yaml', smallCampaign(cells / 4))
  const running = place.start('campaign', 'run', file)
  await expect.poll(() => finishedOf(running.said()), { timeout: 120_000 }).toBeGreaterThan(0)
  return running
}

/** How many cells the last line of progress counts as done. */
const finishedOf = (said: string): number => Number(said.match(/(\d+)\/\d+ cells.*\n$/)?.[1] ?? 0)

async function show(place: Workplace): Promise<CampaignDetail> {
  return v.parse(CampaignDetailSchema, await place.json('campaign', 'show', 'latest'))
}

const runsOf = (detail: CampaignDetail): Map<number, string> =>
  new Map(detail.cells.flatMap(({ index, runId }) => (runId === null ? [] : [[index, runId]])))

/** Resumes, and expects that every cell has one run and no run of before was lost or repeated. */
async function resumeAndCheck(place: Workplace, before: CampaignDetail): Promise<void> {
  const { code, stderr } = await place.flexlab('campaign', 'resume', 'latest')
  expect(stderr).toMatch(new RegExp(`finished: ${CELLS} of ${CELLS} cells`))
  expect(code).toBe(0)
  const after = await show(place)
  const runs = runsOf(after)
  expect(new Set(runs.values()).size).toBe(CELLS)
  for (const [index, runId] of runsOf(before)) expect(runs.get(index)).toBe(runId)
  expect(await place.json('runs', '--limit', '1')).toMatchObject({ total: CELLS })
}

describe('a campaign on the command line', () => {
  it('that is killed with SIGKILL goes on without repeating or losing a finished run', async () => {
    const place = workplace()
    const running = await startLong(place)
    const acknowledged = finishedOf(running.said())
    running.child.kill('SIGKILL')
    expect((await running.ended).signal).toBe('SIGKILL')
    const before = await show(place)
    expect(before.row.status).toBe('interrupted')
    expect(before.row.finished).toBeGreaterThanOrEqual(acknowledged)
    expect(before.row.finished).toBeLessThan(CELLS)
    await resumeAndCheck(place, before)
  })

  it('that gets a Ctrl-C stops cleanly, says how to go on, and ends with 4', async () => {
    const place = workplace()
    const running = await startLong(place)
    running.child.kill('SIGINT')
    const { code, stderr } = await running.ended
    expect(code).toBe(4)
    expect(stderr).toMatch(/go on with: flexlab campaign resume [0-9a-f-]{36}/)
    const before = await show(place)
    expect(before.row.status).toBe('cancelled')
    expect(before.cells.map((cell) => cell.status)).not.toContain('running')
    await resumeAndCheck(place, before)
  })

  it('in which cells fail runs the others, names the failures and ends with 5', async () => {
    const place = workplace()
    const tight = `${smallCampaign(1)}budget: { eventsMax: 2000 }\n`
    const { code, stderr } = await place.flexlab('campaign', 'run', place.write('t.yaml', tight))
    expect(stderr).toMatch(/^failed: cell \d+, \w+ under \w+, seed 1: .*2000/m)
    expect(stderr).toMatch(/try again with: flexlab campaign retry /)
    expect(code).toBe(5)
    const { row } = await show(place)
    expect(row.failed).toBeGreaterThan(0)
    const retried = await place.flexlab('campaign', 'retry', 'latest')
    expect(retried.stderr).toMatch(new RegExp(`^${row.failed} cells to run again`))
    expect(retried.code).toBe(5)
  })

  it('cannot be run by two processes at once: the second is refused with 8', async () => {
    const place = workplace()
    const running = await startLong(place, 20 * CELLS)
    const second = await place.flexlab('campaign', 'resume', 'latest')
    expect(second.code).toBe(8)
    expect((await show(place)).row.status).toBe('running')
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(4)
  })

  it('is stored without running, skipped in part, and run later', async () => {
    const place = workplace()
    const file = place.write('small.yaml', smallCampaign(1))
    expect((await place.flexlab('campaign', 'run', file, '--no-start')).code).toBe(0)
    expect((await place.flexlab('campaign', 'skip', 'latest', '1,3')).code).toBe(0)
    expect((await place.flexlab('campaign', 'resume', 'small')).code).toBe(0)
    expect((await show(place)).row).toMatchObject({ status: 'finished', finished: 2, skipped: 2 })
  })

  it('is printed to a PDF', async () => {
    const place = workplace()
    const file = place.write('small.yaml', smallCampaign(2))
    await place.flexlab('campaign', 'run', file)
    const report = await place.json('report', 'latest', '-o', 'x.pdf')
    expect(report).toMatchObject({ file: expect.stringMatching(/x\.pdf$/) as string })
    const part = ['--sections', 'verdict,method', '--paper', 'letter']
    expect(await place.json('report', 'latest', '-o', 'y.pdf', ...part)).toMatchObject({ pages: 1 })
  })
})

describe('a library', () => {
  it('is copied whole into a file', async () => {
    const place = workplace()
    await place.flexlab('campaign', 'run', place.write('small.yaml', smallCampaign(1)))
    const copy = path.join(place.folder, 'copy.sqlite')
    expect((await place.flexlab('library', 'backup', copy)).code).toBe(0)
    const rows = await place.json('--db', copy, 'campaign', 'list')
    expect(rows).toMatchObject([{ name: 'small', finished: 4 }])
  })

  it('that is damaged is kept aside, and a backup takes its place', async () => {
    const place = workplace()
    await place.flexlab('campaign', 'run', place.write('small.yaml', smallCampaign(1)))
    // The second time a library is opened it is backed up.
    await place.flexlab('campaign', 'list')
    writeFileSync(place.database, readFileSync(place.database).subarray(0, 20_000))
    const doctor = await place.flexlab('doctor')
    expect(doctor.stdout).toMatch(/✗ library .* is damaged/)
    expect(doctor.stdout).toMatch(/✓ simulator/)
    expect(doctor.code).toBe(7)
    expect(readdirSync(place.folder).join(' ')).toMatch(/library\.sqlite\.damaged-/)
    expect((await place.flexlab('library', 'restore')).code).toBe(0)
    expect(await place.json('campaign', 'list')).toMatchObject([{ name: 'small', finished: 4 }])
  })
})
