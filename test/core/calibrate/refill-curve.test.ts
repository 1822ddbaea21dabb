// The refill curve's slope and end are found, also where single points are disturbed.
import { describe, expect, test } from 'vitest'
import { fitRefill } from '../../../src-main/core/calibrate/refill-curve.ts'

const SIZES_KIB = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096]

const curve = (slope: number, capKib: number) =>
  SIZES_KIB.map((kib) => ({
    ...{ kib, warmNs: 5 * kib },
    coldNs: 5 * kib + slope * Math.min(kib, capKib),
  }))

describe('the refill curve', () => {
  test('has the slope and the end that it was made with', () => {
    const fit = fitRefill(curve(20, 512))
    expect(fit!.slopeNsPerKib).toBeCloseTo(20)
    expect(fit!.capKib).toBe(512)
  })

  test('may rise to its last point', () => {
    expect(fitRefill(curve(20, 4096))!.capKib).toBe(4096)
  })

  test('is not turned by a point that was disturbed', () => {
    const points = curve(20, 1024).map((p) => (p.kib === 128 ? { ...p, coldNs: 1e6 } : p))
    const fit = fitRefill(points)
    expect(fit!.slopeNsPerKib).toBeCloseTo(20)
    expect(fit!.capKib).toBe(1024)
  })

  test('leaves out walks that cost no more cold than warm', () => {
    const points = curve(20, 1024).map((p) => (p.kib > 1024 ? { ...p, coldNs: p.warmNs } : p))
    expect(fitRefill(points)!.slopeNsPerKib).toBeCloseTo(20)
  })

  test('is none where less than three walks cost more', () => {
    expect(fitRefill(curve(20, 512).slice(0, 2))).toBeNull()
    expect(fitRefill([])).toBeNull()
  })
})
