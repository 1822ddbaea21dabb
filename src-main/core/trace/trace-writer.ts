/** Trace writer: collects records, and gives them away as encoded chunks and pyramid blocks. */
import { CHUNK_RECORDS_MAX, encodeChunk, newIntervals, newPoints } from './chunk.ts'
import type { Intervals, Points } from './chunk.ts'
import type { TraceLayout } from './layout.ts'
import { PyramidBuilder } from './pyramid.ts'
import type { LevelBlock } from './pyramid.ts'

/** An encoded chunk, the time that its records cover, ns, and how many they are. */
export type EncodedChunk = {
  readonly startNs: number
  readonly endNs: number
  readonly records: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Where encoded parts go. */
export type TraceSink = {
  readonly chunk: (chunk: EncodedChunk) => void
  readonly block: (block: LevelBlock) => void
}

/** Takes a track's intervals in order of time, and all points in order of time. */
export class TraceWriter {
  intervals = 0
  points = 0
  readonly #layout: TraceLayout
  readonly #sink: TraceSink
  readonly #pyramid: PyramidBuilder
  /** Records that wait, in order of arrival. */
  readonly #waiting = newIntervals(CHUNK_RECORDS_MAX)
  readonly #waitingPoints = newPoints(CHUNK_RECORDS_MAX)
  #intervalCount = 0
  #pointCount = 0

  constructor(layout: TraceLayout, sink: TraceSink) {
    this.#layout = layout
    this.#sink = sink
    this.#pyramid = new PyramidBuilder(layout, sink.block)
  }

  /** A track was in a state for some time. */
  interval(track: number, startNs: number, ns: number, state: number, arg: number): void {
    const to = this.#waiting
    const at = this.#intervalCount++
    to.track[at] = track
    to.startNs[at] = startNs
    to.ns[at] = ns
    to.state[at] = state
    to.arg[at] = arg
    this.intervals++
    this.#pyramid.add(track, startNs, ns, state)
    if (this.#intervalCount === CHUNK_RECORDS_MAX) this.#flush()
  }

  /** Something happened; see base/point-kind.ts for the numbers. */
  point(timeNs: number, kind: number, subject: number, object: number, detail: number): void {
    const to = this.#waitingPoints
    const at = this.#pointCount++
    to.timeNs[at] = timeNs
    to.kind[at] = kind
    to.subject[at] = subject
    to.object[at] = object
    to.detail[at] = detail
    this.points++
    if (this.#pointCount === CHUNK_RECORDS_MAX) this.#flush()
  }

  /** Gives away what is left. */
  finish(): void {
    if (this.#intervalCount + this.#pointCount > 0) this.#flush()
    this.#pyramid.finish()
  }

  #flush(): void {
    const intervals = sortByTrack(this.#waiting, this.#intervalCount, this.#layout.tracks)
    const points = { ...this.#waitingPoints, count: this.#pointCount }
    this.#intervalCount = 0
    this.#pointCount = 0
    const { startNs, endNs } = spanOf(intervals, points)
    const records = intervals.count + points.count
    this.#sink.chunk({ startNs, endNs, records, bytes: encodeChunk({ intervals, points }) })
  }
}

/** The first `count` intervals by track; a track's stay in order (counting sort). */
function sortByTrack(from: Intervals, count: number, tracks: number): Intervals {
  const next = new Int32Array(tracks + 1)
  for (let i = 0; i < count; i++) next[from.track[i]! + 1]!++
  for (let track = 0; track < tracks; track++) next[track + 1]! += next[track]!
  const to = newIntervals(count)
  for (let i = 0; i < count; i++) {
    const at = next[from.track[i]!]!++
    to.track[at] = from.track[i]!
    to.startNs[at] = from.startNs[i]!
    to.ns[at] = from.ns[i]!
    to.state[at] = from.state[i]!
    to.arg[at] = from.arg[i]!
  }
  return to
}

function spanOf(intervals: Intervals, points: Points): { startNs: number; endNs: number } {
  let [startNs, endNs] = [Infinity, 0]
  for (let i = 0; i < intervals.count; i++) {
    startNs = Math.min(startNs, intervals.startNs[i]!)
    endNs = Math.max(endNs, intervals.startNs[i]! + intervals.ns[i]!)
  }
  if (points.count > 0) {
    startNs = Math.min(startNs, points.timeNs[0]!)
    endNs = Math.max(endNs, points.timeNs[points.count - 1]!)
  }
  return { startNs, endNs }
}
