/**
 * Numbers as text, beyond those that charts share (core/charts/chart-text): counts, wall-clock
 * spans and dates. Exports never come through here.
 */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** `1,300`. */
export const formatCount = (value: number): string => whole.format(value)

/** `4.2 M`, for counters that need no last digit. */
export function formatBig(value: number): string {
  const steps: readonly [number, string][] = [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'k'],
  ]
  for (const [size, suffix] of steps) {
    const scale = suffix === 'k' ? 1e3 : size
    if (Math.abs(value) >= size) return `${significant(value / scale, 3)} ${suffix}`
  }
  return Number.isInteger(value) ? whole.format(value) : significant(value, 3)
}

/** Seconds from ns with `digits` significant digits, without its unit: `12.34`. */
export const formatSeconds = (ns: number, digits = 4): string => significant(ns / 1e9, digits)

/** Seconds from ns with four decimals, for columns in which the points stand below each other. */
export const formatSecondsFixed = (ns: number): string => (ns / 1e9).toFixed(4)

/** A wall-clock span: `48 s`, `3 min 20 s`, `2 h 05 min`. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return joinUnits(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  return joinUnits(Math.floor(seconds / 3600), 'h', Math.floor((seconds % 3600) / 60), 'min')
}

/** A range of wall-clock spans in one unit: `2–3 min`, `40–55 s`. */
export function formatSpanRange(range: { lo: number; hi: number }): string {
  const scales = [
    { unitMs: 1000, unit: 's', untilMs: 90_000 },
    { unitMs: 6e4, unit: 'min', untilMs: 5.4e6 },
  ]
  const scale = scales.find((s) => range.hi < s.untilMs) ?? { unitMs: 3.6e6, unit: 'h' }
  const { unitMs, unit } = scale
  const lo = Math.max(0, Math.floor(range.lo / unitMs))
  const hi = Math.max(lo, Math.ceil(range.hi / unitMs))
  return lo === hi ? `${hi} ${unit}` : `${lo}–${hi} ${unit}`
}

/** `2026-11-23 12:40` in the user's own time zone, from an ISO date. */
export function formatDate(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** The time of day of an ISO date, with seconds, for logs. */
export function formatClock(iso: string): string {
  const date = new Date(iso)
  return Number.isNaN(date.getTime()) ? iso : date.toTimeString().slice(0, 8)
}

/** `8 GiB`. */
export const formatBytes = (bytes: number): string => `${significant(bytes / 2 ** 30, 3)} GiB`

/** `1 run`, `2 runs`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`

function significant(value: number, digits: number): string {
  if (value === 0) return '0'
  const magnitude = Math.floor(Math.log10(Math.abs(value)))
  const decimals = Math.max(0, digits - 1 - magnitude)
  return decimals === 0 ? whole.format(value) : value.toFixed(Math.min(decimals, 12))
}

function joinUnits(big: number, bigUnit: string, small: number, smallUnit: string): string {
  if (small === 0) return `${big} ${bigUnit}`
  return `${big} ${bigUnit} ${String(small).padStart(2, '0')} ${smallUnit}`
}
