/** Shares: of each pixel column of a lane, how much of its time a track was in each state. */
import { BLOCK_BUCKETS } from '../../../src-main/core/trace/pyramid.ts'
import { firstAfter } from './tiles.ts'
import type { ChunkTile, LevelTile } from './tiles.ts'
import { spanOf } from './view.ts'
import type { View } from './view.ts'

/** Shares of one lane: entry `column × states + state`, 0 … 1. What is not known stays 0. */
export type Shares = {
  readonly widthPx: number
  readonly states: number
  readonly values: Float32Array
}

/** Shares of nothing. */
export const newShares = (widthPx: number, states: number): Shares => ({
  widthPx,
  states,
  values: new Float32Array(widthPx * states),
})

/** Fills in what a block of the pyramid says of a view. */
export function addLevel(to: Shares, tile: LevelTile, view: View): void {
  const bucketNs = 2 ** tile.level
  const firstNs = tile.block * BLOCK_BUCKETS * bucketNs
  const columnNs = spanOf(view) / to.widthPx
  const first = Math.max(0, Math.floor((firstNs - view.fromNs) / columnNs))
  const endNs = firstNs + BLOCK_BUCKETS * bucketNs
  const last = Math.min(to.widthPx, Math.ceil((endNs - view.fromNs) / columnNs))
  const perBucket = columnNs / bucketNs
  const offset = (view.fromNs - firstNs) / bucketNs
  tile.states.forEach((state, s) => {
    const sums = tile.sums[s]!
    let before = sumAt(sums, offset + first * perBucket)
    for (let x = first; x < last; x++) {
      const after = sumAt(sums, offset + (x + 1) * perBucket)
      to.values[x * to.states + state]! += (after - before) / columnNs
      before = after
    }
  })
}

/** A running sum between two of its entries. */
function sumAt(sums: Float64Array, bucket: number): number {
  const at = Math.min(BLOCK_BUCKETS, Math.max(0, bucket))
  const below = Math.min(BLOCK_BUCKETS - 1, Math.floor(at))
  const low = sums[below]!
  return low + (at - below) * (sums[below + 1]! - low)
}

/** Fills in what a chunk says of a track in a view. */
export function addChunk(to: Shares, tile: ChunkTile, track: number, view: View): void {
  const { startNs, ns, state } = tile.intervals
  const columnNs = spanOf(view) / to.widthPx
  const end = tile.firstOf[track + 1]!
  for (let i = firstAfter(tile, track, view.fromNs); i < end; i++) {
    const from = Math.max(0, (startNs[i]! - view.fromNs) / columnNs)
    if (from >= to.widthPx) return
    const until = Math.min(to.widthPx, (startNs[i]! + ns[i]! - view.fromNs) / columnNs)
    addSpan(to, state[i]!, from, until)
  }
}

/** Adds a state from one place to another, px with fractions. */
function addSpan({ states, values }: Shares, state: number, from: number, until: number): void {
  const [first, last] = [Math.floor(from), Math.floor(until)]
  if (first === last) {
    values[first * states + state]! += until - from
    return
  }
  values[first * states + state]! += first + 1 - from
  for (let x = first + 1; x < last; x++) values[x * states + state] = 1
  const rest = until - last
  if (rest > 0) values[last * states + state]! += rest
}

/** Adds a lane's shares, weighted, to those of its group. */
export function addShares(to: Shares, from: Shares, weight: number): void {
  const { values } = from
  for (let i = 0; i < values.length; i++) to.values[i]! += values[i]! * weight
}

/** Mean share of each state over all columns. */
export function meanShares({ widthPx, states, values }: Shares): number[] {
  const sums = Array<number>(states).fill(0)
  for (let i = 0; i < values.length; i++) sums[i % states]! += values[i]!
  return sums.map((sum) => sum / widthPx)
}
