/**
 * Chunk: some thousand records of a trace in columns, delta-encoded. Intervals lie in order of
 * track, then time, so that most starts are where the track's last interval ended and cost one
 * zero byte; points lie in order of time. Compression is the caller's.
 */
import { POINT_KINDS } from '../base/point-kind.ts'
import { err, ok } from '../base/result.ts'
import type { Result } from '../base/result.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { stateCount } from './layout.ts'
import type { TraceLayout } from './layout.ts'

/** Intervals as columns. `arg`: the vCPU on a pCPU or of a thread, the pCPU of a vCPU; −1: none. */
export type Intervals = {
  readonly count: number
  readonly track: Int32Array
  readonly startNs: Float64Array
  readonly ns: Float64Array
  readonly state: Uint16Array
  readonly arg: Int32Array
}

/** Points as columns; see base/point-kind.ts for the numbers. */
export type Points = {
  readonly count: number
  readonly timeNs: Float64Array
  readonly kind: Uint8Array
  readonly subject: Int32Array
  readonly object: Int32Array
  readonly detail: Int32Array
}

/** Some thousand records. */
export type TraceChunk = { readonly intervals: Intervals; readonly points: Points }

/** Most intervals, and most points, of a chunk. */
export const CHUNK_RECORDS_MAX = 32_768

/** Version of the chunk's encoding: its first byte. */
export const CHUNK_VERSION = 1

/** Most bytes of an encoded chunk: two times five columns, at most 8 bytes a value. */
export const CHUNK_BYTES_MAX = CHUNK_RECORDS_MAX * 10 * 8

/** Room for intervals. */
export const newIntervals = (count: number): Intervals => ({
  count,
  track: new Int32Array(count),
  startNs: new Float64Array(count),
  ns: new Float64Array(count),
  state: new Uint16Array(count),
  arg: new Int32Array(count),
})

/** Room for points. */
export const newPoints = (count: number): Points => ({
  count,
  timeNs: new Float64Array(count),
  kind: new Uint8Array(count),
  subject: new Int32Array(count),
  object: new Int32Array(count),
  detail: new Int32Array(count),
})

/** Encodes a chunk whose intervals are sorted by track, then time, and whose points by time. */
export function encodeChunk({ intervals, points }: TraceChunk): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(8 * (intervals.count + points.count) + 64)
  out.byte(CHUNK_VERSION)
  out.varint(intervals.count)
  out.varint(points.count)
  for (const column of intervalColumns(intervals)) out.column(column)
  for (const column of pointColumns(points)) out.column(column)
  return out.bytes()
}

function intervalColumns(of: Intervals): readonly ByteWriter[] {
  const [track, gap, ns, state, arg] = newColumns(of.count)
  for (let i = 0; i < of.count; i++) {
    const isFirst = i === 0 || of.track[i] !== of.track[i - 1]
    const before = i === 0 ? 0 : of.track[i - 1]!
    track.varint(of.track[i]! - before)
    gap.varint(isFirst ? of.startNs[i]! : of.startNs[i]! - of.startNs[i - 1]! - of.ns[i - 1]!)
    ns.varint(of.ns[i]!)
    state.varint(of.state[i]!)
    arg.signed(of.arg[i]! - (isFirst ? 0 : of.arg[i - 1]!))
  }
  return [track, gap, ns, state, arg]
}

function pointColumns(of: Points): readonly ByteWriter[] {
  const [time, kind, subject, object, detail] = newColumns(of.count)
  for (let i = 0; i < of.count; i++) {
    time.varint(of.timeNs[i]! - (i === 0 ? 0 : of.timeNs[i - 1]!))
    kind.byte(of.kind[i]!)
    subject.varint(of.subject[i]!)
    object.signed(of.object[i]!)
    detail.signed(of.detail[i]!)
  }
  return [time, kind, subject, object, detail]
}

type Columns<T> = [T, T, T, T, T]

const newColumns = (count: number): Columns<ByteWriter> => [
  new ByteWriter(count + 16),
  new ByteWriter(count + 16),
  new ByteWriter(3 * count + 16),
  new ByteWriter(count + 16),
  new ByteWriter(count + 16),
]

/** Decodes a chunk of a trace with these tracks; the error says what is wrong with the bytes. */
export function decodeChunk(bytes: Uint8Array, layout: TraceLayout): Result<TraceChunk, string> {
  const input = new ByteReader(bytes)
  const version = input.byte()
  if (version !== CHUNK_VERSION) return err(`unknown chunk version ${version}`)
  const [intervalCount, pointCount] = [input.varint(), input.varint()]
  if (Math.max(intervalCount, pointCount) > CHUNK_RECORDS_MAX) return err('too many records')
  const columns = Array.from({ length: 10 }, () => input.column())
  const intervals = newIntervals(intervalCount)
  const points = newPoints(pointCount)
  const problem =
    fillIntervals(intervals, columns.slice(0, 5) as Columns<ByteReader>, layout) ??
    fillPoints(points, columns.slice(5) as Columns<ByteReader>, layout)
  if (problem !== null) return err(problem)
  if (input.damaged || columns.some((c) => c.damaged)) return err('a column is cut off')
  if (!input.atEnd || columns.some((c) => !c.atEnd)) return err('a column is too long')
  return ok({ intervals, points })
}

/** The points of a chunk alone; the columns of its intervals are passed over. */
export function decodePoints(bytes: Uint8Array, layout: TraceLayout): Result<Points, string> {
  const input = new ByteReader(bytes)
  const version = input.byte()
  if (version !== CHUNK_VERSION) return err(`unknown chunk version ${version}`)
  input.varint()
  const count = input.varint()
  if (count > CHUNK_RECORDS_MAX) return err('too many records')
  const columns = Array.from({ length: 10 }, () => input.column()).slice(5) as Columns<ByteReader>
  const points = newPoints(count)
  const problem = fillPoints(points, columns, layout)
  if (problem !== null) return err(problem)
  return input.damaged || columns.some((c) => c.damaged) ? err('a column is cut off') : ok(points)
}

function fillIntervals(to: Intervals, from: Columns<ByteReader>, layout: TraceLayout) {
  const [track, gap, ns, state, arg] = from
  for (let i = 0; i < to.count; i++) {
    const step = track.varint()
    const isFirst = i === 0 || step > 0
    to.track[i] = (i === 0 ? 0 : to.track[i - 1]!) + step
    if (to.track[i]! >= layout.tracks) return 'an unknown track'
    to.startNs[i] = gap.varint() + (isFirst ? 0 : to.startNs[i - 1]! + to.ns[i - 1]!)
    to.ns[i] = ns.varint()
    if (to.startNs[i]! + to.ns[i]! > Number.MAX_SAFE_INTEGER) return 'a time out of range'
    to.state[i] = state.varint()
    if (to.state[i]! >= stateCount(layout, to.track[i]!)) return 'an unknown state'
    const value = arg.signed() + (isFirst ? 0 : to.arg[i - 1]!)
    if (value < -1 || value >= argCount(layout, to.track[i]!)) return 'an unknown CPU'
    to.arg[i] = value
  }
  return null
}

/** A pCPU's and a thread's argument is a vCPU, a vCPU's a pCPU. */
function argCount(layout: TraceLayout, track: number): number {
  const isVcpu = track >= layout.pcpus && track < layout.pcpus + layout.vcpus
  return isVcpu ? layout.pcpus : layout.vcpus
}

function fillPoints(to: Points, from: Columns<ByteReader>, layout: TraceLayout) {
  const [time, kind, subject, object, detail] = from
  const subjects = { thread: layout.threads, vcpu: layout.vcpus, vm: layout.vms.length }
  for (let i = 0; i < to.count; i++) {
    to.timeNs[i] = time.varint() + (i === 0 ? 0 : to.timeNs[i - 1]!)
    if (to.timeNs[i]! > Number.MAX_SAFE_INTEGER) return 'a time out of range'
    to.kind[i] = kind.byte()
    const known = POINT_KINDS[to.kind[i]!]
    if (known === undefined) return 'an unknown kind of event'
    to.subject[i] = subject.varint()
    if (to.subject[i]! >= subjects[known.subject]) return 'an event of nobody'
    to.object[i] = object.signed()
    to.detail[i] = detail.signed()
  }
  return null
}
