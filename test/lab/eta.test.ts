// The range of the time left: when there is one, what it says, and how often it is right.
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it } from 'vitest'
import { WallTimes } from '../../src-main/lab/runner/eta.ts'

/** Finished cells of one group. */
function finished(times: Record<string, readonly number[]>): WallTimes {
  const wallTimes = new WallTimes()
  for (const [group, all] of Object.entries(times)) for (const ms of all) wallTimes.add(group, ms)
  return wallTimes
}

describe('the time left', () => {
  it('is unknown until three cells have finished', () => {
    const wallTimes = finished({ a: [100, 100] })
    expect(wallTimes.eta(new Map([['a', 5]]), 1)).toBeNull()
    wallTimes.add('a', 100)
    expect(wallTimes.eta(new Map([['a', 5]]), 1)).not.toBeNull()
  })

  it('is a range around what the finished cells of the same group cost', () => {
    const eta = finished({ a: [90, 100, 110], b: [1000, 1000] }).eta(new Map([['a', 10]]), 1)
    expect(eta?.lo).toBeLessThan(1000)
    expect(eta?.lo).toBeGreaterThan(700)
    expect(eta?.hi).toBeGreaterThan(1000)
    expect(eta?.hi).toBeLessThan(1300)
  })

  it('is shared by the workers, but not by more workers than there are cells', () => {
    const wallTimes = finished({ a: [100, 100, 100] })
    const one = wallTimes.eta(new Map([['a', 8]]), 1)?.hi ?? 0
    expect(wallTimes.eta(new Map([['a', 8]]), 4)?.hi).toBeCloseTo(one / 4)
    const last = wallTimes.eta(new Map([['a', 1]]), 1)?.hi ?? 0
    expect(wallTimes.eta(new Map([['a', 1]]), 64)?.hi).toBeCloseTo(last)
  })

  it('shrinks with what is done of a running cell', () => {
    const wallTimes = finished({ a: [100, 100, 100] })
    const whole = wallTimes.eta(new Map([['a', 1]]), 1)?.hi ?? 0
    expect(wallTimes.eta(new Map([['a', 0.25]]), 1)?.hi).toBeCloseTo(whole / 4)
  })

  it('is wide for a group that nothing is known of', () => {
    const wallTimes = finished({ a: [10, 10, 10], b: [1000, 1000] })
    const known = wallTimes.eta(new Map([['a', 1]]), 1)
    const unknown = wallTimes.eta(new Map([['c', 1]]), 1)
    expect((unknown?.hi ?? 0) - (unknown?.lo ?? 0)).toBeGreaterThan(known?.hi ?? Infinity)
  })

  it('holds the truth in at least eight of ten campaigns', () => {
    const rng = xoroshiro128plus(7)
    const uniform = (): number => (rng.next() >>> 0) / 2 ** 32
    let inside = 0
    const trials = 400
    for (let trial = 0; trial < trials; trial++) inside += Number(isInside(uniform))
    expect(inside / trials).toBeGreaterThanOrEqual(0.8)
  })
})

/** A campaign of ten groups after its first two repetitions: is the truth of the rest inside? */
function isInside(uniform: () => number): boolean {
  const wallTimes = new WallTimes()
  const open = new Map<string, number>()
  let truth = 0
  for (let group = 0; group < 10; group++) {
    const meanMs = 10 ** (1 + 2 * uniform())
    const drawMs = (): number => meanMs * (0.7 + 0.6 * uniform())
    wallTimes.add(`${group}`, drawMs())
    wallTimes.add(`${group}`, drawMs())
    open.set(`${group}`, 8)
    for (let cell = 0; cell < 8; cell++) truth += drawMs()
  }
  const eta = wallTimes.eta(open, 2)
  return eta !== null && eta.lo <= truth / 2 && truth / 2 <= eta.hi
}
