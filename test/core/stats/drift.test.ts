// Drift over the run order: found where it was put in, rarely where nothing moves, and said.
import { describe, expect, it } from 'vitest'
import { compareCampaign } from '../../../src-main/core/stats/compare.ts'
import { describeDrift } from '../../../src-main/core/stats/comparison-text.ts'
import { normalQuantile } from '../../../src-main/core/stats/distributions.ts'
import { randomStream } from '../../../src-main/core/stats/random.ts'
import { rankTrend } from '../../../src-main/core/stats/rank-trend.ts'
import { inventCampaign, type Invention } from './make-campaign.ts'

const SCHEMES = ['cfs', 'gang', 'flexcore']

/** A measured campaign whose log times have noise of 1 % and the trends given, per block. */
function measured(perBlock: number, ratioPerBlock: number, seed: number, blocks = 12) {
  const stream = randomStream(seed)
  const noise = () => 0.01 * normalQuantile((stream.bits32() + 0.5) / 2 ** 32)
  const invention: Invention = {
    schemes: SCHEMES,
    seeds: blocks,
    timeNs: ({ scheme }, block) =>
      1e9 * Math.exp(block * (perBlock + (scheme === 'gang' ? ratioPerBlock : 0)) + noise()),
  }
  return compareCampaign({ ...inventCampaign(invention), kind: 'measured' })
}

describe('drift', () => {
  it('of the host is found, and said with its size', () => {
    const comparison = measured(0.01, 0, 1)
    expect(comparison.drift!.times.change).toBeCloseTo(Math.exp(0.11) - 1, 1)
    expect(comparison.drift!.times.p).toBeLessThan(0.01)
    expect(describeDrift(comparison)).toEqual([
      expect.stringMatching(/^the times drifted by \+1\d\.\d % from the first block to the last/),
    ])
  })

  it('of one ratio is found in that row only', () => {
    const { drift } = measured(0, 0.01, 2)
    const moved = drift!.ratios.filter(({ p }) => p <= 0.05).map(({ scheme }) => scheme)
    expect(moved).toEqual(['gang'])
  })

  it('is warned of in at most about 5 of 100 campaigns that do not drift', () => {
    const p = Array.from({ length: 200 }, (_, i) => measured(0, 0, 100 + i, 8).drift!.times.p)
    const warned = p.filter((one) => one <= 0.05).length
    // 99.9 % quantile of Binomial(200, 0.05) is 21.
    expect(warned).toBeLessThanOrEqual(21)
  })

  it('is not asked of simulated campaigns, nor of fewer than five blocks', () => {
    expect(compareCampaign(inventCampaign({ seeds: 12 })).drift).toBeNull()
    expect(measured(0.1, 0, 1, 4).drift).toBeNull()
    expect(describeDrift(measured(0.1, 0, 1, 4))).toEqual([])
  })

  it('of values that are all the same is none', () => {
    expect(rankTrend([1, 2, 3, 4, 5], [7, 7, 7, 7, 7])).toEqual({ rho: 0, p: 1, change: 0 })
  })
})
