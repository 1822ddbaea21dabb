/** Query: how long each vCPU waited until it ran. */
import type { RunDelays } from '../contract/trace.ts'
import { vcpuName } from './layout.ts'
import { visitWaits } from './preemptions.ts'
import { spreadOf } from './spread.ts'
import type { Trace } from './trace.ts'

const MICROSECOND_NS = 1000

/** Of the waits that ended with the vCPU running. */
export function runDelays(trace: Trace): RunDelays {
  return Array.from({ length: trace.layout.vcpus }, (_, vcpu) => {
    const waits: number[] = []
    visitWaits(trace, vcpu, ({ fromNs, toNs }, _wasRunning, runsThen) => {
      if (runsThen) waits.push(toNs - fromNs)
    })
    return {
      vcpu: vcpuName(trace.layout, vcpu),
      spread: spreadOf(waits),
      histogram: histogramOf(waits),
    }
  })
}

/** Counts by powers of two of a microsecond: [< 1 µs, < 2 µs, < 4 µs, …]. */
function histogramOf(waits: readonly number[]): number[] {
  const counts: number[] = []
  for (const ns of waits) {
    let at = 0
    for (let limit = MICROSECOND_NS; ns >= limit; limit *= 2) at++
    while (counts.length <= at) counts.push(0)
    counts[at]!++
  }
  return counts
}
