/** Query: how far apart the arrivals at each barrier were, and what the last arriver did. */
import { POINT } from '../base/point-kind.ts'
import type { BarrierSpans } from '../contract/trace.ts'
import { THREAD_STATES, threadName, threadTrack } from './layout.ts'
import { visitOverlap } from './overlap.ts'
import { spreadOf } from './spread.ts'
import type { Trace } from './trace.ts'

type Span = {
  readonly vm: number
  readonly barrier: number
  readonly openNs: number
  readonly ns: number
  readonly last: number
}

/** Of every barrier that opened; those whose first arrival is not in the trace are left out. */
export function barrierSpans(trace: Trace, top: number): BarrierSpans {
  const spans = findSpans(trace)
  const totals = new Float64Array(THREAD_STATES.length)
  for (const span of spans) addDone(trace, span, totals)
  const longest = spans.toSorted((a, b) => b.ns - a.ns).slice(0, top)
  return {
    spread: spreadOf(spans.map((span) => span.ns)),
    lastArriverNs: byName(totals),
    longest: longest.map((span) => ({
      vm: trace.layout.vms[span.vm]!.name,
      barrier: span.barrier,
      openNs: span.openNs,
      ns: span.ns,
      last: threadName(trace.layout, span.last),
      lastDidNs: byName(addDone(trace, span, new Float64Array(THREAD_STATES.length))),
    })),
  }
}

function findSpans({ layout, points }: Trace): readonly Span[] {
  const spans: Span[] = []
  /** When the first thread arrived at each VM's barriers since they last opened. */
  const first = new Map<string, number>()
  for (let i = 0; i < points.count; i++) {
    const kind = points.kind[i]!
    if (kind !== POINT['barrier-arrive'] && kind !== POINT['barrier-open']) continue
    const [last, barrier, openNs] = [points.subject[i]!, points.object[i]!, points.timeNs[i]!]
    const vm = layout.vmOfThread[last]!
    const key = `${vm} ${barrier}`
    if (kind === POINT['barrier-arrive']) {
      if (points.detail[i] === 0) first.set(key, openNs)
      continue
    }
    const since = first.get(key)
    first.delete(key)
    if (since !== undefined) spans.push({ vm, barrier, openNs, ns: openNs - since, last })
  }
  return spans
}

/** Adds what the last arriver did from the first arrival on. */
function addDone(trace: Trace, span: Span, to: Float64Array): Float64Array {
  const track = trace.tracks[threadTrack(trace.layout, span.last)]!
  visitOverlap(track, span.openNs - span.ns, span.openNs, (i, ns) => {
    to[track.state[i]!]! += ns
  })
  return to
}

/** Classes with some time, most first. */
function byName(sums: Float64Array): Record<string, number> {
  const entries = [...sums].map((ns, state) => [THREAD_STATES[state]!, ns] as const)
  return Object.fromEntries(entries.filter(([, ns]) => ns > 0).sort((a, b) => b[1] - a[1]))
}
