// Campaigns with a stopping rule, on the real simulator: whole repetitions, whatever the workers
// and interruptions, and the cells that were spared are said to be.
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isNotNeeded } from '../../src-main/core/contract/library.ts'
import { openLab, type Lab } from '../../src-main/lab/index.ts'
import { temporaryFolder } from './support/scripted-campaign.ts'
import { smallCampaign } from './support/small-campaign.ts'

/** ep under another scheme is the same to a fraction of a percent; barrier swings. */
const campaign = (stop: string) => `${smallCampaign(12, 'stopping')}\nstop: ${stop}\n`

async function labOn(file: string, workers: number): Promise<Lab> {
  const databaseFile = path.join(file, 'library.sqlite')
  const lab = await openLab({ databaseFile, host: 'cli', appVersion: '0.0.0-test', workers })
  onTestFinished(() => lab.close())
  return lab
}

/** Runs of each app, and how many of its cells were not needed. */
async function outcome(lab: Lab, id: string) {
  const { cells } = await lab.campaign.get(id)
  const of = (app: string) => cells.filter(({ factors }) => factors.app === app)
  return Object.fromEntries(
    ['barrier', 'ep'].map((app) => [
      app,
      {
        finished: of(app).filter(({ status }) => status === 'finished').length,
        notNeeded: of(app).filter(isNotNeeded).length,
      },
    ]),
  )
}

async function runAll(lab: Lab, text: string) {
  const { id } = await lab.campaign.create(text, true)
  await lab.campaign.rested(id)
  return id
}

describe('a stopping rule', () => {
  it('ends groups after whole repetitions, and says so to who watches or compares', async () => {
    const lab = await labOn(temporaryFolder(), 2)
    const id = await runAll(lab, campaign('{ ciWidth: 10, min: 6 }'))
    expect((await lab.campaign.get(id)).row).toMatchObject({ status: 'finished', finished: 24 })
    expect(await outcome(lab, id)).toEqual({
      barrier: { finished: 12, notNeeded: 12 },
      ep: { finished: 12, notNeeded: 12 },
    })
    const { stop } = await lab.campaign.progress(id)
    expect(stop).toMatchObject({ min: 6, max: 12, groups: 2, ended: 2, notNeeded: 24 })
    const comparison = await lab.compare.get(id)
    expect(comparison).toMatchObject({ finishedRuns: 24, notNeededRuns: 24, missingRuns: 0 })
    expect(comparison.rows.every(({ sample }) => sample.n === 6)).toBe(true)
  })

  it('gives the same runs on one worker, on two, and when it is interrupted', async () => {
    const text = campaign('{ ciWidth: 0.02, min: 6 }')
    const [one, two] = [await labOn(temporaryFolder(), 1), await labOn(temporaryFolder(), 2)]
    const expected = await outcome(one, await runAll(one, text))
    expect(expected['ep']!.notNeeded).toBeGreaterThan(0)
    expect(expected['barrier']!.finished).toBeGreaterThan(expected['ep']!.finished)
    expect(await outcome(two, await runAll(two, text))).toEqual(expected)

    const folder = temporaryFolder()
    const first = await labOn(folder, 2)
    const { id } = await first.campaign.create(text, true)
    await expect
      .poll(async () => (await first.campaign.progress(id)).finished)
      .toBeGreaterThanOrEqual(10)
    await first.close()
    const second = await labOn(folder, 2)
    await second.campaign.resume(id)
    await second.campaign.rested(id)
    expect(await outcome(second, id)).toEqual(expected)
  })

  it('is refused in a blocked order and where it asks for more than the seeds', async () => {
    const lab = await labOn(temporaryFolder(), 1)
    const issues = async (more: string) =>
      (await lab.campaign.plan(campaign(more))).issues.map(({ path: at }) => at)
    expect(await issues('{ ciWidth: 0.05, min: 20 }')).toEqual(['stop.min'])
    expect(await issues('{ ciWidth: 0.05, min: 3 }')).toEqual(['stop.min'])
    expect(await issues('{ ciWidth: 0.05 }\norder: blocked')).toEqual(['stop'])
    expect(await issues('{ ciWidth: 0.05 }')).toEqual([])
  })
})
