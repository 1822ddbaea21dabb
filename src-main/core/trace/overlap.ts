/** Overlap: which intervals of a track lie in a span of time, and who ran while a vCPU waited. */
import { VCPU_STATE, vcpuTrack } from './layout.ts'
import type { Trace, Track } from './trace.ts'

/** Index of the first interval that ends after a time (binary search). */
function firstEndingAfter({ count, startNs, ns }: Track, timeNs: number): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (startNs[middle]! + ns[middle]! > timeNs) high = middle
    else low = middle + 1
  }
  return low
}

/** Visits the intervals of a track between two times with the ns of each that lie between them. */
export function visitOverlap(
  track: Track,
  fromNs: number,
  toNs: number,
  visit: (i: number, ns: number) => void,
): void {
  for (let i = firstEndingAfter(track, fromNs); i < track.count; i++) {
    const startNs = track.startNs[i]!
    if (startNs >= toNs) return
    visit(i, Math.min(toNs, startNs + track.ns[i]!) - Math.max(fromNs, startNs))
  }
}

/**
 * Visits who ran (−1: nobody) on the pCPU for which a vCPU waited between two times, with ns; held
 * vCPUs count as waiting.
 */
export function visitRunners(
  trace: Trace,
  vcpu: number,
  span: { readonly fromNs: number; readonly toNs: number },
  visit: (by: number, ns: number) => void,
): void {
  const waits = trace.tracks[vcpuTrack(trace.layout, vcpu)]!
  visitOverlap(waits, span.fromNs, span.toNs, (i, ns) => {
    if (!isWaiting(waits.state[i]!) || waits.arg[i]! < 0) return
    const pcpu = trace.tracks[waits.arg[i]!]!
    const from = Math.max(span.fromNs, waits.startNs[i]!)
    visitOverlap(pcpu, from, from + ns, (k, ran) => visit(pcpu.arg[k]!, ran))
  })
}

/** Whether a vCPU in a state could run but does not. */
export const isWaiting = (state: number): boolean =>
  state === VCPU_STATE.preempted || state === VCPU_STATE.held
