/** Slots: which event slot belongs to which entity, and the order of events at the same instant. */
import type { SimSpec } from './spec.ts'
import { pcpuCount } from './spec.ts'

/** Timers a scheme may use. */
export const POLICY_TIMERS = 8

/** First slot of each kind, and the total. */
export type Slots = {
  readonly first: Int32Array
  readonly total: number
  readonly kindOf: Uint8Array
}

/** Lays the slots out kind by kind. */
export function layoutSlots(spec: SimSpec, vcpus: number, threads: number): Slots {
  const sizes = [
    vcpus,
    vcpus,
    threads,
    spec.vms.length,
    spec.vms.length,
    vcpus,
    vcpus,
    pcpuCount(spec.topology),
    POLICY_TIMERS,
    pcpuCount(spec.topology),
  ]
  const first = new Int32Array(sizes.length)
  let total = 0
  sizes.forEach((size, kind) => {
    first[kind] = total
    total += size
  })
  const kindOf = new Uint8Array(total)
  sizes.forEach((size, kind) => kindOf.fill(kind, first[kind], first[kind]! + size))
  return { first, total, kindOf }
}
