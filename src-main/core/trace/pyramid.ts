/**
 * Pyramid: per track and bucket of 2^k ns the time in each state, for k = 18, 21, … A screen opens
 * any zoom from the level whose buckets are about a pixel, without the intervals.
 */
import { err, ok } from '../base/result.ts'
import type { Result } from '../base/result.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { stateCount } from './layout.ts'
import type { TraceLayout } from './layout.ts'

/** Bits by which the buckets of a level are wider than those of the level below: 8 times. */
const LEVEL_STEP = 3
/**
 * Exponents of the levels: buckets of 0.26 ms, 2.1 ms, 17 ms, 0.13 s, 1.1 s. Below the finest one
 * the intervals themselves are read.
 */
export const LEVELS: readonly number[] = [18, 21, 24, 27, 30]

/** Buckets of one block. */
export const BLOCK_BUCKETS = 2048
/** Version of the block's encoding: its first byte. */
export const BLOCK_VERSION = 1
/** Most bytes of an encoded block that is decoded. */
export const BLOCK_BYTES_MAX = 16 * 1024 * 1024

/** A block of buckets of one track at one level. */
export type LevelBlock = {
  readonly level: number
  readonly track: number
  readonly block: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** The entries of a block: bucket (counted from 0 of the trace), state, ns in it. */
export type LevelEntries = {
  readonly bucket: number[]
  readonly state: number[]
  readonly ns: number[]
}

/** The track's bucket that is filled just now, and the entries of the block before it. */
class TrackLevel {
  readonly sums: Float64Array
  bucket = 0
  readonly counts = new ByteWriter(64)
  readonly states = new ByteWriter(64)
  readonly ns = new ByteWriter(64)

  constructor(states: number) {
    this.sums = new Float64Array(states)
  }
}

/** One level over all tracks; passes every full bucket on to the level above. */
class Level {
  readonly #exponent: number
  readonly #above: Level | null
  readonly #bucketNs: number
  readonly #tracks: readonly TrackLevel[]
  readonly #emit: (block: LevelBlock) => void

  constructor(
    layout: TraceLayout,
    exponent: number,
    above: Level | null,
    emit: (block: LevelBlock) => void,
  ) {
    this.#exponent = exponent
    this.#above = above
    this.#bucketNs = 2 ** exponent
    this.#emit = emit
    const length = layout.tracks
    this.#tracks = Array.from({ length }, (_, t) => new TrackLevel(stateCount(layout, t)))
  }

  /** Adds an interval of a track, which must not begin before the last one. */
  add(track: number, startNs: number, ns: number, state: number): void {
    const to = this.#tracks[track]!
    const endNs = startNs + ns
    let at = startNs
    while (at < endNs) {
      const bucket = Math.floor(at / this.#bucketNs)
      const until = Math.min(endNs, (bucket + 1) * this.#bucketNs)
      while (to.bucket < bucket) this.#close(track, to)
      to.sums[state]! += until - at
      at = until
    }
  }

  /** Ends the track's bucket and opens the next one. */
  #close(track: number, to: TrackLevel): void {
    let count = 0
    for (let state = 0; state < to.sums.length; state++) {
      const ns = to.sums[state]!
      if (ns === 0) continue
      count++
      to.states.varint(state)
      to.ns.varint(ns)
      this.#above?.addSum(track, to.bucket, state, ns)
      to.sums[state] = 0
    }
    to.counts.varint(count)
    to.bucket++
    if (to.bucket % BLOCK_BUCKETS === 0) this.#emitBlock(track, to)
  }

  /** Adds the time that a bucket of the level below has in a state. */
  addSum(track: number, bucketBelow: number, state: number, ns: number): void {
    const to = this.#tracks[track]!
    const bucket = Math.floor(bucketBelow / 2 ** LEVEL_STEP)
    while (to.bucket < bucket) this.#close(track, to)
    to.sums[state]! += ns
  }

  #emitBlock(track: number, to: TrackLevel): void {
    if (to.counts.size === 0) return
    const out = new ByteWriter(to.counts.size + to.states.size + to.ns.size + 16)
    out.byte(BLOCK_VERSION)
    for (const column of [to.counts, to.states, to.ns]) {
      out.column(column)
      column.clear()
    }
    const block = Math.floor((to.bucket - 1) / BLOCK_BUCKETS)
    this.#emit({ level: this.#exponent, track, block, bytes: out.bytes() })
  }

  /** Emits what is left. */
  finish(): void {
    for (const [track, to] of this.#tracks.entries()) {
      if (to.sums.some((ns) => ns > 0)) this.#close(track, to)
      this.#emitBlock(track, to)
    }
  }
}

/** Builds all levels while intervals come in; each track's intervals in order of time. */
export class PyramidBuilder {
  readonly #levels: readonly Level[]

  constructor(layout: TraceLayout, emit: (block: LevelBlock) => void) {
    let above: Level | null = null
    const levels = LEVELS.toReversed().map((exponent) => {
      above = new Level(layout, exponent, above, emit)
      return above
    })
    this.#levels = levels.toReversed()
  }

  /** Adds an interval. */
  add(track: number, startNs: number, ns: number, state: number): void {
    this.#levels[0]!.add(track, startNs, ns, state)
  }

  /** Emits the blocks that are not full. */
  finish(): void {
    for (const level of this.#levels) level.finish()
  }
}

/** Decodes a block of a track; the error says what is wrong with the bytes. */
export function decodeBlock(
  { track, block, bytes }: Omit<LevelBlock, 'level'>,
  layout: TraceLayout,
): Result<LevelEntries, string> {
  const input = new ByteReader(bytes)
  const version = input.byte()
  if (version !== BLOCK_VERSION) return err(`unknown block version ${version}`)
  const [counts, states, ns] = [input.column(), input.column(), input.column()]
  const entries: LevelEntries = { bucket: [], state: [], ns: [] }
  const statesMax = stateCount(layout, track)
  const end = (block + 1) * BLOCK_BUCKETS
  for (let bucket = block * BLOCK_BUCKETS; !counts.atEnd; bucket++) {
    const count = counts.varint()
    if (bucket >= end || count > statesMax) return err('too many entries')
    for (let i = 0; i < count; i++) {
      const state = states.varint()
      if (state >= statesMax) return err('an unknown state')
      entries.bucket.push(bucket)
      entries.state.push(state)
      entries.ns.push(ns.varint())
    }
  }
  const columns = [counts, states, ns]
  if (input.damaged || columns.some((c) => c.damaged)) return err('a column is cut off')
  if (!input.atEnd || columns.some((c) => !c.atEnd)) return err('a column is too long')
  return ok(entries)
}
