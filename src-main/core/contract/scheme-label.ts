/** scheme-label: how a scheme with parameters is named in factors, charts and `baseline`. */
import type { SchemeRef } from './scenario.ts'

/** `cfs`, or with parameters `flexcore(periodNs=10000000, resize=hotplug)`, keys sorted. */
export function schemeLabel(ref: SchemeRef | string): string {
  if (typeof ref === 'string') return ref
  const params = Object.entries(ref.params).sort(([a], [b]) => (a < b ? -1 : 1))
  if (params.length === 0) return ref.id
  return `${ref.id}(${params.map(([key, value]) => `${key}=${value}`).join(', ')})`
}
