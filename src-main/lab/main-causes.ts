/**
 * What a change of scheme changed: time classes per unit of useful work, scheme against baseline.
 * Runs of two schemes last differently long and co-runners loop meanwhile, so plain sums of
 * nanoseconds do not compare; nanoseconds per nanosecond of useful work do.
 */
import { TIME_CLASSES } from '../core/base/time-class.ts'
import type { TimeByClassNs, TimeClassKey } from '../core/base/time-class.ts'

/**
 * A class and by how much it changed the thread time per useful work, as a fraction of the
 * baseline's: −0.2 means that this class alone made the work 20 % cheaper. Over all classes the
 * changes sum to the whole change.
 */
export type Cause = { readonly key: TimeClassKey; readonly label: string; readonly change: number }

/** All classes by the size of their change, largest first; `idle` is no cost of the work. */
export function causesOfChange(baseline: TimeByClassNs, other: TimeByClassNs): Cause[] {
  const total = TIME_CLASSES.reduce((sum, { key }) => sum + cost(baseline, key), 0)
  if (!(total > 0) || !(useful(other) > 0)) return []
  return TIME_CLASSES.filter(({ key }) => key !== 'idle')
    .map(({ key, label }) => ({
      key,
      label,
      change: (cost(other, key) - cost(baseline, key)) / total,
    }))
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))
}

const useful = (times: TimeByClassNs): number => times['useful'] ?? 0

function cost(times: TimeByClassNs, key: TimeClassKey): number {
  return key === 'idle' || !(useful(times) > 0) ? 0 : (times[key] ?? 0) / useful(times)
}
