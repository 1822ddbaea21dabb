// Repetitions beside the baseline's, and residuals by app: places on one axis.
import { describe, expect, it } from 'vitest'
import { repetitionStrips } from '../../../src-renderer/state/repetition-strip.ts'
import { placeOf, residualsByApp } from '../../../src-renderer/state/residuals.ts'
import type { ComparisonRow } from '../../../src-main/core/contract/comparison.ts'
import type { PredictedCell } from '../../../src-main/core/contract/calibration.ts'

const rowOf = (scheme: string, isBaseline: boolean, valuesNs: number[]) =>
  ({
    ...{ group: 'ep', scheme, isBaseline },
    sample: {
      ...{ valuesNs, seeds: valuesNs.map((_, i) => i + 1), medianNs: { value: valuesNs[0]! } },
      runIds: valuesNs.map((_, i) => `${scheme}-${i}`),
    },
  }) as unknown as ComparisonRow

describe('the strip of repetitions', () => {
  const base = rowOf('cfs', true, [100, 200])
  const own = rowOf('gang', false, [50, 150])

  it('has the baseline first, and one axis from zero for both', () => {
    const { maxNs, strips } = repetitionStrips({ rows: [own, base] }, own)
    expect(maxNs).toBe(200)
    expect(strips.map(({ scheme }) => scheme)).toEqual(['cfs', 'gang'])
    expect(strips[1]!.dots.map(({ runId, x }) => [runId, x])).toEqual([
      ...[['gang-0', 0.25] as const, ['gang-1', 0.75] as const],
    ])
  })

  it('of the baseline itself is one strip', () => {
    expect(repetitionStrips({ rows: [own, base] }, base).strips).toHaveLength(1)
  })
})

describe('residuals', () => {
  it('are by app; agreement is in the middle, and far ones stay on the axis', () => {
    expect([placeOf(1), placeOf(4), placeOf(0.25), placeOf(100)]).toEqual([0.5, 1, 0, 1])
    const cell = (app: string, ratio: number) =>
      ({ app, ratio, scheme: 's', mix: 'm', role: 'fit' }) as PredictedCell
    const [ring, ep] = residualsByApp([cell('ring', 1), cell('ep', 2), cell('ring', 3)])
    expect(ring).toMatchObject({ app: 'ring', ratio: 2, least: 1, most: 3 })
    expect(ep!.dots).toHaveLength(1)
    expect(residualsByApp([cell('x', NaN)])).toEqual([])
  })
})
