/**
 * Numbers as text, the same in every locale: point as decimal sign, a true minus, units with a
 * space. For people; files for machines take the numbers themselves.
 */
import type { Estimate } from '../contract/comparison.ts'

const MINUS = '−'
const signed = (text: string): string => text.replace('-', MINUS)

const UNITS = [
  { perUnit: 1e9, unit: 's' },
  { perUnit: 1e6, unit: 'ms' },
  { perUnit: 1e3, unit: 'µs' },
  { perUnit: 1, unit: 'ns' },
] as const

/** A duration in ns with four significant digits: `1.234 s`, `56.70 ms`. */
export function formatDurationNs(ns: number): string {
  const { perUnit, unit } = UNITS.find((one) => Math.abs(ns) >= one.perUnit) ?? UNITS[3]
  const scaled = ns / perUnit
  const digits = Math.max(0, 3 - Math.floor(Math.log10(Math.max(1, Math.abs(scaled)))))
  return signed(`${scaled.toFixed(unit === 'ns' && scaled % 1 === 0 ? 0 : digits)} ${unit}`)
}

/** A fraction as a percentage with its sign: 0.529 → `+52.9 %`. */
export function formatPercent(fraction: number): string {
  const text = (fraction * 100).toFixed(1)
  return `${signed(fraction > 0 && text !== '0.0' ? `+${text}` : text.replace(/^-0\.0$/, '0.0'))} %`
}

/** A ratio with three decimals: `0.654`. */
export const formatRatio = (ratio: number): string =>
  signed(ratio !== 0 && Math.abs(ratio) < 0.01 ? ratio.toPrecision(2) : ratio.toFixed(3))

/** A p value: `0.012`, `<0.001`; a dash where there is none. */
export const formatP = (p: number | null): string =>
  p === null ? '–' : p < 0.001 ? '<0.001' : p.toFixed(3)

/** An estimate with its interval where it has one: `0.654 [0.640, 0.668]`. */
export function formatEstimate(estimate: Estimate, format: (value: number) => string): string {
  const { value, lo, hi } = estimate
  return lo === null || hi === null
    ? format(value)
    : `${format(value)} [${format(lo)}, ${format(hi)}]`
}

const isControl = (code: number): boolean => code < 32 || (code >= 127 && code < 160)

/** A name as plain text: control characters, which could steer a terminal, become `?`. */
export const plainText = (text: string): string =>
  [...text].map((char) => (isControl(char.codePointAt(0)!) ? '?' : char)).join('')
