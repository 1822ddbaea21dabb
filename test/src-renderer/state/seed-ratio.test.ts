// A run's page sets it beside the baseline's run of its seed, in what the campaign measures.
import { describe, expect, it } from 'vitest'
import { seedRatio } from '../../../src-renderer/state/seed-ratio.ts'
import { syntheticComparison } from '../../core/charts/synthetic-comparison.ts'

describe('the ratio of a run to the baseline with its seed', () => {
  const comparison = syntheticComparison({ repetitions: 3 })
  const row = comparison.rows.find((one) => !one.isBaseline)!
  const base = comparison.rows.find((one) => one.isBaseline && one.group === row.group)!

  it('divides what was measured, whatever the run’s own time is', () => {
    row.sample.runIds.forEach((id, i) => {
      const expected = row.sample.valuesNs[i]! / base.sample.valuesNs[i]!
      expect(seedRatio(comparison, row, id)).toBe(expected)
    })
  })

  it('is missing for the baseline, an unknown run, and a seed that the baseline lacks', () => {
    const id = row.sample.runIds[1]!
    expect(seedRatio(comparison, base, base.sample.runIds[0]!)).toBeNull()
    expect(seedRatio(comparison, row, 'unknown')).toBeNull()
    const seeds = [base.sample.seeds[0]!, -1, base.sample.seeds[2]!]
    const gap = { ...base, sample: { ...base.sample, seeds } }
    expect(seedRatio({ rows: [row, gap] }, row, id)).toBeNull()
  })
})
