// The power planner on a pilot campaign: what it asks for, finds; what it says, it says carefully.
import { describe, expect, it } from 'vitest'
import { compareCampaign } from '../../../src-main/core/stats/compare.ts'
import { normalQuantile } from '../../../src-main/core/stats/distributions.ts'
import { planFromPilot, upperSpread } from '../../../src-main/core/stats/pilot.ts'
import { planPairs } from '../../../src-main/core/stats/power.ts'
import { randomStream } from '../../../src-main/core/stats/random.ts'
import { inventCampaign } from './make-campaign.ts'

const QUERY = { pilotId: 'c-1', effect: 0.03, power: 0.8 }
const FACTS = { cells: 2, cellMs: 500, workers: 2 }

/** A campaign of one scheme that takes `ratio` of the baseline's time, with noise on log ratios. */
function campaign(seeds: number, ratio: number, sd: number, from: number) {
  const stream = randomStream(from)
  const noise = () => sd * normalQuantile((stream.bits32() + 0.5) / 2 ** 32)
  return compareCampaign(
    inventCampaign({
      seeds,
      timeNs: ({ scheme }) => 1e9 * (scheme === 'cfs' ? 1 : ratio * Math.exp(noise())),
    }),
  )
}

describe('a plan from a pilot', () => {
  it('asks for what the spread asks for, and costs that many repetitions', () => {
    const pilot = campaign(40, 1, 0.05, 1)
    const plan = planFromPilot(pilot, QUERY, FACTS)
    const [row] = plan.rows
    expect(row!.spread).toBeCloseTo(0.05, 1)
    const { pairs } = planPairs({ sdLogRatio: row!.spread, ratio: 0.97, comparisons: 1 })
    expect(plan.repetitions!.lo).toBe(pairs)
    expect(plan.repetitions!.hi).toBeGreaterThan(pairs)
    // two cells of half a second on two workers
    expect(plan.costMs!.lo).toBe(pairs * 500)
  })

  it('is made for the planned campaign’s comparisons and cells where they are given', () => {
    const pilot = campaign(20, 1, 0.05, 1)
    const own = planFromPilot(pilot, QUERY, FACTS)
    const larger = planFromPilot(pilot, { ...QUERY, comparisons: 52, cells: 60 }, FACTS)
    expect(larger.repetitions!.lo).toBeGreaterThan(own.repetitions!.lo)
    expect(larger.byResolution).toBe(12)
    expect(larger.costMs!.lo / larger.repetitions!.lo).toBe(60 * 250)
  })

  it('says nothing where no row has two pairs', () => {
    expect(planFromPilot(campaign(1, 1, 0.05, 1), QUERY, FACTS)).toMatchObject({
      rows: [],
      repetitions: null,
      costMs: null,
    })
  })

  it('finds the effect as often as it promises: 70 to 92 of 100 where it says 80', () => {
    const sdLogRatio = 0.03
    const { pairs } = planPairs({ sdLogRatio, ratio: 0.97, comparisons: 1 })
    const verdicts = Array.from({ length: 200 }, (_, i) => {
      const rows = campaign(pairs, 0.97, sdLogRatio, 1000 + i).rows
      return rows.find(({ isBaseline }) => !isBaseline)!
    })
    const found = verdicts.filter(({ p }) => p! <= 0.05).length / verdicts.length
    expect(found).toBeGreaterThan(0.7)
    expect(found).toBeLessThan(0.92)
  })

  it('has an upper limit of the spread that holds for four pilots of five', () => {
    const stream = randomStream(5)
    const draw = () => normalQuantile((stream.bits32() + 0.5) / 2 ** 32)
    const spreadOf = (values: number[]) => {
      const centre = values.reduce((a, b) => a + b) / values.length
      const squares = values.reduce((total, v) => total + (v - centre) ** 2, 0)
      return Math.sqrt(squares / (values.length - 1))
    }
    const held = Array.from({ length: 2000 }, () => {
      return upperSpread(spreadOf(Array.from({ length: 8 }, draw)), 8) >= 1
    }).filter(Boolean).length
    expect(held / 2000).toBeGreaterThan(0.77)
    expect(held / 2000).toBeLessThan(0.83)
  })
})
