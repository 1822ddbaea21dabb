// The timeline's arithmetic of time and pixels: zoom, pan, ticks and how times are written.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clampView,
  formatSpanNs,
  formatTime,
  nsAt,
  SPAN_MIN_NS,
  spanOf,
  ticksOf,
  unionOf,
  viewAround,
  xOf,
  zoomView,
} from '../../../../src-renderer/state/timeline/view.ts'

const bounds = { fromNs: 0, toNs: 1e9 }
const anyView = fc
  .tuple(fc.integer({ min: 0, max: 1e9 - 200 }), fc.integer({ min: 100, max: 1e9 }))
  .map(([fromNs, span]) => clampView({ fromNs, toNs: fromNs + span }, bounds))

describe('a view', () => {
  it('keeps the time under the pointer where it is while it zooms in', () => {
    fc.assert(
      fc.property(anyView, fc.double({ min: 0.2, max: 1, noNaN: true }), (view, factor) => {
        const atNs = nsAt(view, 1000, 300)
        const zoomed = zoomView(view, factor, atNs, bounds)
        expect(xOf(zoomed, 1000, atNs)).toBeCloseTo(300, 3)
      }),
    )
  })

  it('never leaves its bounds and never gets narrower than some ns', () => {
    fc.assert(
      fc.property(anyView, fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (view, factor) => {
        const zoomed = zoomView(view, factor, view.fromNs, bounds)
        expect(zoomed.fromNs).toBeGreaterThanOrEqual(0)
        expect(zoomed.toNs).toBeLessThanOrEqual(1e9 + 1e-3)
        expect(spanOf(zoomed)).toBeGreaterThanOrEqual(SPAN_MIN_NS - 1e-3)
      }),
    )
  })

  it('around a span leaves room at both sides', () => {
    expect(viewAround(1000, 2000, bounds)).toEqual({ fromNs: 500, toNs: 2500 })
    expect(viewAround(0, 0, bounds).fromNs).toBe(0)
    expect(unionOf({ fromNs: -5, toNs: 3 }, bounds)).toEqual({ fromNs: -5, toNs: 1e9 })
  })
})

describe('the ruler', () => {
  it('has ticks at round times, neither crowded nor rare', () => {
    fc.assert(
      fc.property(anyView, fc.integer({ min: 300, max: 2000 }), (view, widthPx) => {
        const { stepNs, ticks } = ticksOf(view, widthPx)
        expect(ticks.length).toBeLessThanOrEqual(widthPx / 100 + 1)
        for (const ns of ticks)
          expect(Math.abs(ns / stepNs - Math.round(ns / stepNs))).toBeLessThan(1e-6)
      }),
    )
    expect(ticksOf({ fromNs: 0, toNs: 1e6 }, 1000)).toMatchObject({ stepNs: 200_000 })
  })

  it('writes times with the digits that a step needs', () => {
    expect(formatTime(1_234_567_890, 1)).toBe('1.234\u202f567\u202f890\u00a0s')
    expect(formatTime(1_500_000_000, 1e8)).toBe('1.5\u00a0s')
    expect(formatTime(2e9, 1e9)).toBe('2\u00a0s')
    expect(formatSpanNs(12_345)).toBe('12.345\u00a0µs')
    expect(formatSpanNs(7)).toBe('7\u00a0ns')
  })
})
