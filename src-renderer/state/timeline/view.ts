/** The visible part of a trace's time: zoom, pan, pixels to ns and back, ticks of the ruler. */

/** A span of time that fills the width of the canvas, ns; may reach beyond the trace. */
export type View = { readonly fromNs: number; readonly toNs: number }

/** The narrowest view: some pixels a nanosecond. */
export const SPAN_MIN_NS = 100

const TICK_PX = 110

/** Length of a view, ns. */
export const spanOf = (view: View): number => view.toNs - view.fromNs

/** Place of a time, px from the left edge. */
export const xOf = (view: View, widthPx: number, ns: number): number =>
  ((ns - view.fromNs) / spanOf(view)) * widthPx

/** Time at a place, ns. */
export const nsAt = (view: View, widthPx: number, x: number): number =>
  view.fromNs + (x / widthPx) * spanOf(view)

/** The view moved and narrowed so that it lies within bounds. */
export function clampView(view: View, bounds: View): View {
  const whole = spanOf(bounds)
  const span = Math.min(whole, Math.max(Math.min(SPAN_MIN_NS, whole), spanOf(view)))
  const fromNs = Math.min(Math.max(bounds.fromNs, view.fromNs), bounds.toNs - span)
  return { fromNs, toNs: fromNs + span }
}

/** Zooms by a factor (below 1: closer); the time `atNs` stays where it is on the screen. */
export function zoomView(view: View, factor: number, atNs: number, bounds: View): View {
  const span = Math.min(spanOf(bounds), Math.max(SPAN_MIN_NS, spanOf(view) * factor))
  const share = (atNs - view.fromNs) / spanOf(view)
  const fromNs = atNs - share * span
  return clampView({ fromNs, toNs: fromNs + span }, bounds)
}

/** A view moved by a time, ns. */
export const shiftView = (view: View, byNs: number): View => ({
  fromNs: view.fromNs + byNs,
  toNs: view.toNs + byNs,
})

/** A view around a span of time, with room at both sides. */
export function viewAround(fromNs: number, toNs: number, bounds: View): View {
  const room = Math.max((toNs - fromNs) * 0.5, SPAN_MIN_NS / 2)
  return clampView({ fromNs: fromNs - room, toNs: toNs + room }, bounds)
}

/** The least span that holds both. */
export const unionOf = (a: View, b: View): View => ({
  fromNs: Math.min(a.fromNs, b.fromNs),
  toNs: Math.max(a.toNs, b.toNs),
})

/** Times of the ruler's ticks, whole multiples of a step of 1, 2 or 5 × 10^k ns. */
export function ticksOf(
  view: View,
  widthPx: number,
): { readonly stepNs: number; readonly ticks: readonly number[] } {
  const least = Math.max(1, (spanOf(view) / widthPx) * TICK_PX)
  const power = 10 ** Math.floor(Math.log10(least))
  const stepNs = [1, 2, 5, 10].map((n) => n * power).find((step) => step >= least) ?? 10 * power
  const ticks: number[] = []
  for (let k = Math.ceil(view.fromNs / stepNs); k * stepNs <= view.toNs; k++) ticks.push(k * stepNs)
  return { stepNs, ticks }
}

const UNITS = [
  { unit: 's', ns: 1e9 },
  { unit: 'ms', ns: 1e6 },
  { unit: 'µs', ns: 1e3 },
  { unit: 'ns', ns: 1 },
] as const

/** A time with as many digits as a step needs: `1.2345 s`; below a µs as s with all digits. */
export function formatTime(ns: number, stepNs: number): string {
  const digits = Math.max(0, Math.min(9, 9 - Math.floor(Math.log10(Math.max(1, stepNs)))))
  const text = (ns / 1e9).toFixed(digits).replace('-', '−')
  const [whole = '', fraction = ''] = text.split('.')
  const groups = fraction.replaceAll(/(\d{3})(?=\d)/g, '$1\u202f')
  return fraction === '' ? `${whole}\u00a0s` : `${whole}.${groups}\u00a0s`
}

/** A length of time in the unit that keeps it short and exact to the ns: `12.345 µs`. */
export function formatSpanNs(ns: number): string {
  const { unit, ns: size } = UNITS.find((u) => Math.abs(ns) >= u.ns) ?? UNITS[3]
  const decimals = Math.min(Math.round(Math.log10(size)), size === 1 ? 0 : 3)
  return `${(ns / size).toFixed(decimals).replace('-', '−')}\u00a0${unit}`
}
