/** Draws: exact enough, whatever order their arithmetic is in. */
import { describe, expect, it } from 'vitest'
import { ln, uniformAt, variedAt } from '../../../src-main/core/base/random.ts'
import { toWholeNs } from '../../../src-main/core/base/units.ts'

describe('draws', () => {
  it('take a logarithm that is right to 1e-13 over all uniform draws', () => {
    const draws = Array.from({ length: 20_000 }, (_, i) => uniformAt(7, i))
    const edges = [0.5 / 2 ** 32, Math.SQRT1_2, 0.5, 1 - 0.5 / 2 ** 32]
    for (const u of [...draws, ...edges]) expect(Math.abs(ln(u) - Math.log(u))).toBeLessThan(1e-13)
  })

  it('have the mean and the variation asked for', () => {
    const draws = Array.from({ length: 100_000 }, (_, i) => variedAt(11, i, 1000, 0.5))
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length
    expect(mean / 1000).toBeCloseTo(1, 2)
    expect(Math.sqrt(variance) / mean).toBeCloseTo(0.5, 1)
  })
})

describe('whole ns', () => {
  it('are the nearest, a half rounded up', () => {
    expect([0.4, 0.5, 1.49, 1.5, 2.5, 1e15 + 0.25].map(toWholeNs)).toEqual([0, 1, 1, 2, 3, 1e15])
  })
})
