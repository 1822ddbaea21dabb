/** Trace: a decoded trace, whole or a window of it, by track; what queries and exports read. */
import type { TraceHeader } from '../contract/trace.ts'
import { newPoints } from './chunk.ts'
import type { Points, TraceChunk } from './chunk.ts'
import { layoutTrace } from './layout.ts'
import type { TraceLayout } from './layout.ts'

/** A span of time, ns. */
export type Window = { readonly fromNs: number; readonly toNs: number }

/** A track's intervals in order of time; see chunk.ts for the columns. */
export type Track = {
  readonly count: number
  readonly startNs: Float64Array
  readonly ns: Float64Array
  readonly state: Uint16Array
  readonly arg: Int32Array
}

/** A decoded trace. Intervals that reach beyond its window are cut off there. */
export type Trace = {
  readonly header: TraceHeader
  readonly layout: TraceLayout
  readonly window: Window
  readonly tracks: readonly Track[]
  readonly points: Points
}

const newTrack = (count: number): Track => ({
  count,
  startNs: new Float64Array(count),
  ns: new Float64Array(count),
  state: new Uint16Array(count),
  arg: new Int32Array(count),
})

/** The time that a trace covers. */
export const wholeWindow = (header: TraceHeader): Window => ({
  fromNs: 0,
  toNs: header.truncatedAtNs ?? header.endNs,
})

/** Puts chunks together, in their order, leaving out what lies outside the window. */
export function assembleTrace(
  header: TraceHeader,
  chunks: readonly TraceChunk[],
  window: Window = wholeWindow(header),
): Trace {
  const layout = layoutTrace(header)
  const tracks = countIntervals(layout, chunks, window).map(newTrack)
  const next = new Int32Array(layout.tracks)
  for (const { intervals } of chunks) {
    for (let i = 0; i < intervals.count; i++) {
      const startNs = Math.max(window.fromNs, intervals.startNs[i]!)
      const endNs = Math.min(window.toNs, intervals.startNs[i]! + intervals.ns[i]!)
      if (endNs <= startNs) continue
      const track = tracks[intervals.track[i]!]!
      const at = next[intervals.track[i]!]!++
      track.startNs[at] = startNs
      track.ns[at] = endNs - startNs
      track.state[at] = intervals.state[i]!
      track.arg[at] = intervals.arg[i]!
    }
  }
  return { header, layout, window, tracks, points: joinPoints(chunks, window) }
}

function countIntervals(layout: TraceLayout, chunks: readonly TraceChunk[], window: Window) {
  const counts = Array<number>(layout.tracks).fill(0)
  for (const { intervals } of chunks) {
    for (let i = 0; i < intervals.count; i++) {
      const startNs = intervals.startNs[i]!
      if (startNs >= window.toNs || startNs + intervals.ns[i]! <= window.fromNs) continue
      counts[intervals.track[i]!]!++
    }
  }
  return counts
}

function joinPoints(chunks: readonly TraceChunk[], { fromNs, toNs }: Window): Points {
  const isInside = (timeNs: number): boolean => timeNs >= fromNs && timeNs <= toNs
  const count = chunks.reduce((sum, { points }) => {
    return sum + points.timeNs.subarray(0, points.count).filter(isInside).length
  }, 0)
  const all = newPoints(count)
  let at = 0
  for (const { points } of chunks) {
    for (let i = 0; i < points.count; i++) {
      if (!isInside(points.timeNs[i]!)) continue
      all.timeNs[at] = points.timeNs[i]!
      all.kind[at] = points.kind[i]!
      all.subject[at] = points.subject[i]!
      all.object[at] = points.object[i]!
      all.detail[at++] = points.detail[i]!
    }
  }
  return all
}

/** What a visitor of `visitByTime` is told. */
export type TraceVisitor = {
  /** The i-th interval of a track begins. */
  readonly interval: (track: number, i: number) => void
  /** The i-th point. */
  readonly point: (i: number) => void
}

/**
 * Visits all intervals by their start and all points, in order of time; at the same time threads
 * first, then vCPUs, then pCPUs, then points.
 */
export function visitByTime({ tracks, points }: Trace, visit: TraceVisitor): void {
  const next = new Int32Array(tracks.length)
  const timeOf = (track: number): number => tracks[track]!.startNs[next[track]!]!
  const isBefore = (a: number, b: number): boolean => {
    const [timeA, timeB] = [timeOf(a), timeOf(b)]
    return timeA === timeB ? a > b : timeA < timeB
  }
  const heap = tracks.flatMap((track, at) => (track.count > 0 ? [at] : []))
  for (let at = heap.length >> 1; at-- > 0;) sink(heap, at, isBefore)
  let point = 0
  while (heap.length > 0) {
    const track = heap[0]!
    while (point < points.count && points.timeNs[point]! < timeOf(track)) visit.point(point++)
    visit.interval(track, next[track]!++)
    if (next[track] === tracks[track]!.count) {
      const last = heap.pop()!
      if (heap.length > 0) heap[0] = last
    }
    sink(heap, 0, isBefore)
  }
  while (point < points.count) visit.point(point++)
}

/** Moves the heap's item down to where none below comes before it. */
function sink(heap: number[], from: number, isBefore: (a: number, b: number) => boolean): void {
  let at = from
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) return
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
    if (!isBefore(heap[child]!, heap[at]!)) return
    ;[heap[at], heap[child]] = [heap[child]!, heap[at]!]
    at = child
  }
}
