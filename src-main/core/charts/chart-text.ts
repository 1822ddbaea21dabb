/** How numbers and labels read in every chart and table: tabular, locale-neutral, never "NaN". */
export { KIND_LABELS } from '../stats/comparison-text.ts'
export { VERDICT_SIGNS } from '../stats/verdict.ts'

/** Shown where there is no number. */
export const NO_VALUE = '–'

/** The text with its first letter in upper case. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const MINUS = '\u2212'
const NBSP = '\u00a0'

/** The number itself, or null for NaN, infinities and missing values. */
export const finiteOrNull = (value: number | null | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null

const withMinus = (text: string): string => text.replace('-', MINUS)

const digitsFor = (magnitude: number, significant: number): number =>
  magnitude >= 100
    ? Math.max(0, significant - 3)
    : magnitude >= 10
      ? significant - 2
      : significant - 1

/** A ratio such as `0.75`, `1.20`, `12.3`. */
export function formatRatio(value: number | null | undefined): string {
  const ratio = finiteOrNull(value)
  return ratio === null ? NO_VALUE : withMinus(ratio.toFixed(digitsFor(Math.abs(ratio), 3)))
}

/** A fraction as a signed percentage: `+33.1 %`, `−4.0 %`. */
export function formatSignedPercent(value: number | null | undefined, digits = 1): string {
  const fraction = finiteOrNull(value)
  if (fraction === null) return NO_VALUE
  const text = (fraction * 100).toFixed(digits)
  const isZero = Number(text) === 0
  const sign = isZero ? '' : fraction > 0 ? '+' : MINUS
  return `${sign}${text.replace('-', '')}${NBSP}%`
}

/** A share as a percentage: `12.5 %`. */
export function formatShare(value: number | null | undefined, digits = 1): string {
  const fraction = finiteOrNull(value)
  return fraction === null ? NO_VALUE : `${withMinus((fraction * 100).toFixed(digits))}${NBSP}%`
}

/** A probability: three digits, `< 0.001` below. */
export function formatP(value: number | null | undefined): string {
  const p = finiteOrNull(value)
  if (p === null) return NO_VALUE
  return p < 0.001 ? `<${NBSP}0.001` : p.toFixed(3)
}

const TIME_UNITS = [
  { unit: 's', ns: 1e9 },
  { unit: 'ms', ns: 1e6 },
  { unit: 'µs', ns: 1e3 },
  { unit: 'ns', ns: 1 },
] as const

/** A duration in ns with a unit that keeps it readable: `1.234 s`, `45.6 µs`. */
export function formatDuration(valueNs: number | null | undefined): string {
  const ns = finiteOrNull(valueNs)
  if (ns === null) return NO_VALUE
  const scale = TIME_UNITS.find((u) => Math.abs(ns) >= u.ns) ?? TIME_UNITS[3]
  const scaled = ns / scale.ns
  const digits = scale.ns === 1 ? 0 : digitsFor(Math.abs(scaled), 4)
  return `${withMinus(scaled.toFixed(digits))}${NBSP}${scale.unit}`
}

/** A formatter for durations in ns that keeps one unit, that of `topNs`, over a whole chart. */
export function durationFormatter(topNs: number, digits: number): (valueNs: number) => string {
  const scale = TIME_UNITS.find((u) => Math.abs(topNs) >= u.ns) ?? TIME_UNITS[3]
  return (ns) => {
    const text = (ns / scale.ns).toFixed(digits)
    return Number.isFinite(ns) ? `${withMinus(text)}${NBSP}${scale.unit}` : NO_VALUE
  }
}

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text made safe for ECharts tooltips, which are HTML. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => HTML_ENTITIES[c] ?? c)
