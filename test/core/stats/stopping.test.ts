// The stopping rule: which cells it does without, and what must not change its answer.
import { describe, expect, it } from 'vitest'
import { NOT_NEEDED, type Cell } from '../../../src-main/core/contract/library.ts'
import { compareCampaign } from '../../../src-main/core/stats/compare.ts'
import { describeRuns } from '../../../src-main/core/stats/comparison-text.ts'
import { decideStop } from '../../../src-main/core/stats/stopping.ts'
import { inventCampaign } from './make-campaign.ts'

const RULE = { ciWidth: 0.05, min: 6 }

/** 20 repetitions of a steady and a noisy app, of which `ran` have ended. */
function halfRun(ran: number, rule = RULE) {
  const input = inventCampaign({
    apps: ['steady', 'noisy'],
    seeds: 20,
    waits: (_, seed) => seed > ran,
    timeNs: ({ app, scheme }, seed) => {
      const swing = app === 'steady' ? 0.002 : 0.3
      return 1e9 * (1 + swing * Math.sin(seed * (scheme === 'cfs' ? 7 : 11)))
    },
  })
  return { input, decision: (at: number) => decideStop(input.campaign, rule, input, at) }
}

const appsOf = (cells: readonly Cell[], indexes: readonly number[]) =>
  new Set(cells.filter(({ index }) => indexes.includes(index)).map(({ factors }) => factors.app))

describe('the stopping rule', () => {
  it('does without the rest of a group whose intervals are narrow, and of no other', () => {
    const { input, decision } = halfRun(8)
    const { notNeeded, groups, ended, widest } = decision(8)
    expect({ groups, ended }).toEqual({ groups: 2, ended: 1 })
    expect(appsOf(input.cells, notNeeded)).toEqual(new Set(['steady']))
    // twelve repetitions of two schemes
    expect(notNeeded).toHaveLength(24)
    expect(widest).toBeGreaterThan(RULE.ciWidth)
  })

  it('waits for its least number of repetitions, and is open while a scheme lacks pairs', () => {
    expect(halfRun(5).decision(5)).toMatchObject({ notNeeded: [], ended: 0, widest: null })
  })

  it('looks only at repetitions that have ended before, whatever else is there', () => {
    const early = halfRun(8)
    const late = halfRun(14)
    const { widest, ended } = late.decision(8)
    expect({ widest, ended }).toEqual({
      widest: early.decision(8).widest,
      ended: early.decision(8).ended,
    })
  })

  it('ends nothing where no interval is as narrow as it asks', () => {
    expect(halfRun(12, { ciWidth: 1e-4, min: 6 }).decision(12).notNeeded).toEqual([])
  })

  it('leaves cells that a comparison counts apart from missing ones, as the method says', () => {
    const { input } = halfRun(8)
    const spared = (cell: Cell): Cell =>
      cell.status === 'pending' && cell.factors.app === 'steady'
        ? { ...cell, status: 'skipped', error: NOT_NEEDED }
        : cell
    const cells = input.cells.map(spared)
    const campaign = { ...input.campaign, stop: RULE }
    const comparison = compareCampaign({ ...input, campaign, cells })
    expect(comparison).toMatchObject({ notNeededRuns: 24, missingRuns: 24, finishedRuns: 32 })
    expect(comparison.rows[0]).toMatchObject({ group: 'steady', notNeeded: 12, missing: 0 })
    expect(comparison.method).toMatch(/Stopping rule: from 6 repetitions on, .* 5 % wide/)
    expect(describeRuns(comparison)).toMatch(/24 not needed by the stopping rule$/)
  })
})
