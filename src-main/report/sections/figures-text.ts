/** Wording of numbers in the report's sentences and tables. */
import type { Estimate } from '../../core/contract/comparison.ts'
import type { Parameter } from '../../core/contract/catalogue.ts'
import { finiteOrNull, formatDuration, NO_VALUE } from '../../core/charts/chart-text.ts'

/** An estimate with its interval: `0.75 [0.71, 0.79]`; without one, the value alone. */
export function withInterval(
  estimate: Estimate | undefined,
  format: (value: number | null | undefined) => string,
): string {
  const value = finiteOrNull(estimate?.value)
  if (value === null) return NO_VALUE
  const lo = finiteOrNull(estimate?.lo)
  const hi = finiteOrNull(estimate?.hi)
  return lo === null || hi === null
    ? format(value)
    : `${format(value)} [${format(lo)}, ${format(hi)}]`
}

/** `1 app`, `2 apps`. */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${n} ${n === 1 ? one : many}`

/** `a`, `a and b`, `a, b and c`; `none` for nothing; at most `max`, the rest counted. */
export function enumerate(items: readonly string[], max = 20): string {
  if (items.length === 0) return 'none'
  const shown =
    items.length > max ? [...items.slice(0, max), `${items.length - max} more`] : [...items]
  const last = shown.pop() as string
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`
}

/** A whole number with its thousands set apart: `2 000 000`. */
export const grouped = (n: number): string => n.toFixed(0).replace(/\B(?=(\d{3})+$)/g, '\u00a0')

/** A parameter's value with its unit; nanoseconds in the unit that reads best. */
export function quantityText(value: Parameter['value'] | null, unit: string): string {
  if (value === null) return NO_VALUE
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  if (unit === '0/1') return value === 0 ? 'no' : 'yes'
  if (unit === 'ns') return value === 0 ? '0' : trimZeros(formatDuration(value))
  return unit === '' ? String(value) : `${value}\u00a0${unit}`
}

const trimZeros = (text: string): string =>
  text.replace(/(\.\d*?)0+(\u00a0)/, '$1$2').replace(/\.(\u00a0)/, '$1')

/** Where a default comes from, in words. */
export const MARK_MEANINGS = [
  'S: read in the source named',
  'K: common knowledge of the field, not re-checked',
  'D: derived from other values',
  'A: assumption of this project',
] as const
