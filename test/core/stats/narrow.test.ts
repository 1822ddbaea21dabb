// A narrowed comparison: fewer rows, the same tests.
import { describe, expect, it } from 'vitest'
import { compareCampaign } from '../../../src-main/core/stats/compare.ts'
import { narrowComparison } from '../../../src-main/core/stats/narrow.ts'
import { inventCampaign } from './make-campaign.ts'

const ALL = { apps: [], mixes: [], overcommits: [], schemes: [] }
const AXES = { apps: ['dedup', 'ferret'], schemes: ['cfs', 'gang', 'flexcore'], seeds: 7 }

const whole = compareCampaign(inventCampaign({ ...AXES, mixes: ['pair', 'four'] }))

describe('a narrowed comparison', () => {
  it('is the whole one where nothing is chosen', () => {
    expect(narrowComparison(whole, ALL)).toBe(whole)
  })

  it('keeps the baseline and the chosen schemes, their figures unchanged', () => {
    const some = narrowComparison(whole, { ...ALL, schemes: ['flexcore'] })
    expect(some.schemes).toEqual(['cfs', 'flexcore'])
    expect(some.rows).toEqual(whole.rows.filter((row) => row.scheme !== 'gang'))
    expect(some.summaries).toEqual(whole.summaries.filter(({ scheme }) => scheme !== 'gang'))
  })

  it('sums up over the groups that are left, as their own campaign would', () => {
    const some = narrowComparison(whole, { ...ALL, mixes: ['four'] })
    const own = compareCampaign(inventCampaign({ ...AXES, mixes: ['four'] }))
    expect(some.groups).toEqual(['dedup · four', 'ferret · four'])
    expect(some.summaries.map((summary) => summary.geomeanRatio)).toEqual(
      own.summaries.map((summary) => summary.geomeanRatio),
    )
    expect(some.finishedRuns).toBe(own.finishedRuns)
    expect(some.missingRuns).toBe(0)
  })

  it('does not correct p over fewer rows, and says so', () => {
    const some = narrowComparison(whole, { ...ALL, apps: ['dedup'] })
    const p = (rows: typeof whole.rows) => rows.map((row) => [row.group, row.scheme, row.p])
    expect(p(some.rows)).toEqual(p(whole.rows.filter((row) => row.app === 'dedup')))
    expect(some.familySize).toBe(whole.familySize)
    expect(some.method).toContain('Shown: 2 of 4 groups')
  })

  it('is empty where nothing fits', () => {
    const none = narrowComparison(whole, { ...ALL, apps: ['vips'] })
    expect([none.groups, none.rows, none.summaries]).toEqual([[], [], []])
  })
})
