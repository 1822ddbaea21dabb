/** Thread time of several VMs together, class by class. */
import { TIME_CLASS_KEYS } from '../../src-main/core/base/time-class.ts'
import type { TimeByClassNs } from '../../src-main/core/base/time-class.ts'
import type { VmResult } from '../../src-main/core/contract/result.ts'

/** Σ over the VMs, ns by class; still threads × makespan in all. null of measured ones. */
export function sumAttribution(
  vms: readonly Pick<VmResult, 'attributionNs'>[],
): TimeByClassNs | null {
  const all = vms.flatMap(({ attributionNs }) => attributionNs ?? [])
  if (all.length < vms.length) return null
  const entries = TIME_CLASS_KEYS.map((key) => [
    key,
    all.reduce((sum, times) => sum + times[key], 0),
  ])
  return Object.fromEntries(entries) as TimeByClassNs
}
