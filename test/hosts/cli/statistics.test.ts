// Exclusions and the power planner from the command line, on a campaign that really ran.
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ComparisonSchema } from '../../../src-main/core/contract/comparison.ts'
import { RunPageSchema } from '../../../src-main/core/contract/library.ts'
import { PowerPlanSchema } from '../../../src-main/core/contract/power.ts'
import { smallCampaign } from '../../lab/support/small-campaign.ts'
import { Workplace } from './flexlab.ts'

const place = new Workplace()
const REASON = 'a backup ran, see the log of the host'

beforeAll(async () => {
  await place.json('campaign', 'run', place.write('small.yaml', smallCampaign(3)))
})

afterAll(() => place.remove())

const compared = async () => v.parse(ComparisonSchema, await place.json('compare', 'small'))

describe('a run', () => {
  it('is excluded with a reason that every comparison shows, and taken in again', async () => {
    const page = v.parse(RunPageSchema, await place.json('runs', '--schemes', 'gang'))
    const { id } = page.rows[0]!
    await place.flexlab('run', 'exclude', id, '--reason', REASON)
    expect(await compared()).toMatchObject({ finishedRuns: 11, missingRuns: 0 })
    expect((await compared()).excluded).toMatchObject([{ runId: id, reason: REASON }])
    for (const format of ['table', 'md', 'csv']) {
      const { stdout } = await place.flexlab('compare', 'small', '--format', format)
      expect(stdout, format).toContain(REASON)
    }
    expect((await place.flexlab('run', id)).stdout).toContain(
      `excluded from comparisons: ${REASON}`,
    )
    await place.flexlab('run', 'include', id)
    expect(await compared()).toMatchObject({ finishedRuns: 12, excluded: [] })
  })

  it('is not excluded without a reason, nor where there is none', async () => {
    const { code } = await place.flexlab('run', 'exclude', 'latest', '--reason', '  ')
    expect(code).toBe(2)
    expect((await place.flexlab('run', 'exclude', 'latest')).code).toBe(2)
    expect((await place.flexlab('run', 'exclude', 'f'.repeat(36), '--reason', 'x')).code).not.toBe(
      0,
    )
  })
})

describe('power', () => {
  it('plans repetitions from a pilot, and says them', async () => {
    const args = ['power', 'small', '--effect', '2']
    const plan = v.parse(PowerPlanSchema, await place.json(...args))
    expect(plan).toMatchObject({ pilotName: 'small', effect: 0.02, power: 0.8, comparisons: 2 })
    expect(plan.rows).toHaveLength(2)
    expect(plan.repetitions!.lo).toBeGreaterThanOrEqual(plan.byResolution)
    expect(plan.costMs!.hi).toBeGreaterThan(0)
    expect((await place.flexlab(...args)).stdout).toMatch(
      /repetitions find a change of 2\.0 % in every/,
    )
  })
})
