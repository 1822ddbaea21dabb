// The grid of a comparison: a row for each situation, marks against the published band.
import { describe, expect, it } from 'vitest'
import { compareCampaign } from '../../../src-main/core/stats/compare.ts'
import { toGrid } from '../../../src-main/core/stats/format-grid.ts'
import { inventCampaign } from './make-campaign.ts'

const RATIOS: Readonly<Record<string, number>> = { dedup: 0.5, ferret: 0.65, swaptions: 0.99 }

const sample = compareCampaign(
  inventCampaign({
    apps: ['dedup', 'ferret', 'swaptions'],
    mixes: ['pair', 'with a | hog'],
    seeds: 6,
    timeNs: ({ app, scheme, mix }, seed) =>
      Math.round((1e9 + seed) * (scheme === 'cfs' ? 1 : RATIOS[app]!) * (mix === 'pair' ? 1 : 2)),
  }),
)

describe('the grid', () => {
  const lines = toGrid(sample).split('\n')

  it('has situations down and apps across', () => {
    expect(lines[2]).toBe('| speed-up, % | dedup | ferret | swaptions | inside | by time saved |')
    expect(lines[4]).toMatch(/^\| pair \|/)
    expect(lines[5]).toMatch(/^\| with a \\\| hog \|/)
  })

  it('marks what is inside the band and what is above, and counts both readings', () => {
    // 1 / 0.5 − 1 is above as speed-up, inside as time saved; 1 / 0.65 − 1 the other way round
    expect(lines[4]).toBe('| pair | +100↑ | **+54** | +1 | 1 | 1 |')
  })

  it('knows no band where none applies', () => {
    const text = toGrid({ ...sample, bands: [] })
    expect(text).not.toMatch(/\*\*\+54|inside/)
    expect(text).toMatch(/\| pair \| \+100 \| \+54 \| \+1 \|/)
  })
})
