/**
 * Tiles: what a window of a trace is drawn from. Far out a block of the pyramid for each track, as
 * running sums of each state's time, so that any pixel's shares are two look-ups; close up the
 * chunks with the intervals themselves.
 */
import type { ChunkTimes } from '../../../src-main/core/contract/trace.ts'
import type { TraceChunk } from '../../../src-main/core/trace/chunk.ts'
import { BLOCK_BUCKETS } from '../../../src-main/core/trace/pyramid.ts'
import type { LevelEntries } from '../../../src-main/core/trace/pyramid.ts'
import { spanOf } from './view.ts'
import type { View } from './view.ts'

/** Buckets of the chosen level are at most so many px wide. */
const BUCKET_PX_MAX = 1.5
/** Most chunks that a view is drawn from; beyond, the finest level stands for them. */
const CHUNKS_MAX = 24

/** Blocks of a level, `first` to `last`. */
export type Blocks = { readonly level: number; readonly first: number; readonly last: number }

/** What a view is to be drawn from. */
export type Source = Blocks | { readonly chunks: readonly number[] }

/** The blocks of a level that hold a view. */
export function blocksOf(view: View, endNs: number, level: number): Blocks {
  const blockNs = 2 ** level * BLOCK_BUCKETS
  const last = Math.max(0, Math.ceil(Math.min(view.toNs, endNs) / blockNs) - 1)
  const first = Math.min(last, Math.max(0, Math.floor(view.fromNs / blockNs)))
  return { level, first, last }
}

/** The chunks with records of a view. */
export const chunksIn = ({ startNs, endNs }: ChunkTimes, view: View): readonly number[] =>
  [...startNs.keys()].filter((at) => startNs[at]! < view.toNs && endNs[at]! > view.fromNs)

/** The coarsest level with buckets of about a pixel; below the finest the chunks, unless many. */
export function sourceOf(
  view: View,
  widthPx: number,
  trace: {
    readonly endNs: number
    readonly levels: readonly number[]
    readonly times: ChunkTimes
  },
): Source {
  const bucketMaxNs = (spanOf(view) / widthPx) * BUCKET_PX_MAX
  const level = trace.levels.findLast((k) => 2 ** k <= bucketMaxNs)
  if (level !== undefined) return blocksOf(view, trace.endNs, level)
  const chunks = chunksIn(trace.times, view)
  if (chunks.length <= CHUNKS_MAX) return { chunks }
  return blocksOf(view, trace.endNs, trace.levels[0]!)
}

/** A block's running sums: `sums[i][b]` is the time in `states[i]` before its b-th bucket, ns. */
export type LevelTile = {
  readonly level: number
  readonly block: number
  readonly states: readonly number[]
  readonly sums: readonly Float64Array[]
}

/** Sums up a block's entries. */
export function levelTile(level: number, block: number, entries: LevelEntries): LevelTile {
  const firstBucket = block * BLOCK_BUCKETS
  const byState = new Map<number, Float64Array>()
  entries.state.forEach((state, i) => {
    let sums = byState.get(state)
    if (sums === undefined) byState.set(state, (sums = new Float64Array(BLOCK_BUCKETS + 1)))
    sums[entries.bucket[i]! - firstBucket + 1]! += entries.ns[i]!
  })
  for (const sums of byState.values())
    for (let b = 1; b < sums.length; b++) sums[b]! += sums[b - 1]!
  return { level, block, states: [...byState.keys()], sums: [...byState.values()] }
}

/** A chunk with where each track's intervals begin; those of track t end where t + 1 begin. */
export type ChunkTile = TraceChunk & { readonly firstOf: Int32Array }

/** Finds where each track begins; intervals lie in order of track. */
export function chunkTile(chunk: TraceChunk, tracks: number): ChunkTile {
  const firstOf = new Int32Array(tracks + 1)
  const { track, count } = chunk.intervals
  for (let i = 0; i < count; i++) firstOf[track[i]! + 1]!++
  for (let t = 0; t < tracks; t++) firstOf[t + 1]! += firstOf[t]!
  return { ...chunk, firstOf }
}

/** The first interval of a track in a chunk that ends after a time. */
export function firstAfter(tile: ChunkTile, track: number, ns: number): number {
  const { startNs, ns: length } = tile.intervals
  let [low, high] = [tile.firstOf[track]!, tile.firstOf[track + 1]!]
  while (low < high) {
    const middle = (low + high) >> 1
    if (startNs[middle]! + length[middle]! > ns) high = middle
    else low = middle + 1
  }
  return low
}

/** An interval of a track. */
export type Interval = {
  readonly track: number
  readonly startNs: number
  readonly ns: number
  readonly state: number
  readonly arg: number
}

/** The i-th interval of a chunk. */
export const intervalOf = ({ intervals }: ChunkTile, i: number): Interval => ({
  track: intervals.track[i]!,
  startNs: intervals.startNs[i]!,
  ns: intervals.ns[i]!,
  state: intervals.state[i]!,
  arg: intervals.arg[i]!,
})

/** The interval of a track at a time, in chunks that hold it. */
export function intervalAt(
  tiles: readonly ChunkTile[],
  track: number,
  ns: number,
): Interval | undefined {
  for (const tile of tiles) {
    const at = firstAfter(tile, track, ns)
    if (at < tile.firstOf[track + 1]! && tile.intervals.startNs[at]! <= ns) {
      return intervalOf(tile, at)
    }
  }
  return undefined
}
