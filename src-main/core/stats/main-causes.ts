/**
 * What a change of scheme changed: time classes per unit of useful work, scheme against baseline.
 * Runs of two schemes last differently long and co-runners loop meanwhile, so plain sums of
 * nanoseconds do not compare; nanoseconds per nanosecond of useful work do.
 */
import { TIME_CLASSES } from '../base/time-class.ts'
import type { TimeByClassNs, TimeClassKey } from '../base/time-class.ts'

/**
 * A class (or several that name one wait) and by how much it changed the thread time per useful
 * work, as a fraction of the baseline's: −0.2 means that it alone made the work 20 % cheaper. Over
 * all causes the changes sum to the whole change.
 */
export type Cause = { readonly label: string; readonly change: number }

/**
 * A thread that is ready waits in the host's queues or in the guest's, depending on the scheme. To
 * tell a shift between them from a gain they are one cause.
 */
const WAITS_FOR_CPU: readonly TimeClassKey[] = [
  'stacking',
  'inversion',
  'fair-share',
  'costop',
  'guest-queue',
]
const WAITS_LABEL = 'Ready, waiting for a CPU'

/** All causes by the size of their change, largest first; `idle` is no cost of the work. */
export function causesOfChange(baseline: TimeByClassNs, other: TimeByClassNs): Cause[] {
  const total = TIME_CLASSES.reduce((sum, { key }) => sum + cost(baseline, key), 0)
  if (!(total > 0) || !(other.useful > 0)) return []
  const changes = new Map<string, number>()
  for (const { key, label } of TIME_CLASSES) {
    const name = WAITS_FOR_CPU.includes(key) ? WAITS_LABEL : label
    const change = (cost(other, key) - cost(baseline, key)) / total
    changes.set(name, (changes.get(name) ?? 0) + change)
  }
  return [...changes]
    .map(([label, change]) => ({ label, change }))
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))
}

const cost = (times: TimeByClassNs, key: TimeClassKey): number =>
  key === 'idle' || !(times.useful > 0) ? 0 : times[key] / times.useful
