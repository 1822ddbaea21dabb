/** Numbers as people read them; programs get --json. */

const UNITS = [
  { ns: 1e9, name: 's' },
  { ns: 1e6, name: 'ms' },
  { ns: 1e3, name: 'µs' },
  { ns: 1, name: 'ns' },
] as const

/** A duration in ns with four figures and its unit: `12.35 ms`. */
export function durationText(ns: number): string {
  const unit = UNITS.find((candidate) => Math.abs(ns) >= candidate.ns) ?? UNITS[UNITS.length - 1]!
  return `${figures(ns / unit.ns, 4)} ${unit.name}`
}

/** Wall time in ms the way a clock shows it: `8 s`, `2 min 05 s`, `3 h 10 min`. */
export function clockText(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`
}

/** A fraction as a percentage: `35.4 %`. */
export const percentText = (fraction: number, digits = 1): string =>
  `${(fraction * 100).toFixed(digits)} %`

/** A change as a signed percentage: `+35.4 %`, with a true minus sign, and none on zero. */
export function changeText(fraction: number, digits = 1): string {
  const text = (Math.abs(fraction) * 100).toFixed(digits)
  const sign = Number(text) === 0 ? '' : fraction < 0 ? '−' : '+'
  return `${sign}${text} %`
}

/** A count with thousands separated by narrow spaces: `12 345 678`. */
export const countText = (count: number): string =>
  Math.round(count)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, ' ')

/** A size in bytes with three figures and an SI prefix: `12.3 MB`. */
export const bytesText = (bytes: number): string => `${rateText(bytes).replace(/(?<=\d)$/, ' ')}B`

/** A rate with an SI prefix: `4.2 M`. */
export function rateText(perSecond: number): string {
  if (perSecond >= 1e6) return `${figures(perSecond / 1e6, 3)} M`
  if (perSecond >= 1e3) return `${figures(perSecond / 1e3, 3)} k`
  return figures(perSecond, 3)
}

/** A number with so many significant figures, never in scientific notation. */
export function figures(value: number, digits: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const magnitude = Math.floor(Math.log10(Math.abs(value)))
  return value.toFixed(Math.min(20, Math.max(0, digits - 1 - magnitude)))
}

const two = (value: number): string => String(value).padStart(2, '0')
