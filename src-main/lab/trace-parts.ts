/**
 * Use cases of the Timeline: a trace's parts as they are kept, decoded by the screen; where
 * something is found in it; its barriers; and the user's bookmarks.
 */
import { POINT } from '../core/base/point-kind.ts'
import type {
  Bookmark,
  ChunkTimes,
  TraceBlock,
  TraceHit,
  TraceSearch,
} from '../core/contract/trace.ts'
import { layoutTrace } from '../core/trace/layout.ts'
import type { TraceLayout } from '../core/trace/layout.ts'
import { HitFinder } from '../core/trace/find-hit.ts'
import type { SearchStart } from '../core/trace/find-hit.ts'
import type { LabContext } from './context.ts'
import { unpackBytes, unpackChunk, unpackPoints } from './unpack-trace.ts'

/** Chunks that are read in one go; in between, the lab answers others. */
const BATCH = 8

/** What part of a level is asked for. */
type BlocksAsked = {
  readonly level: number
  readonly first: number
  readonly last: number
  readonly tracks: readonly number[]
}

/** What is looked for, and where the search goes on from. */
type FindAsked = SearchStart & { readonly search: TraceSearch }

/** Parts of traces, for a screen. */
export class TracePartCases {
  readonly #context: LabContext

  constructor(context: LabContext) {
    this.#context = context
  }

  /** The time that each chunk covers. */
  chunkTimes(runId: string): Promise<ChunkTimes> {
    return this.#context.store.chunkTimes(runId)
  }

  /** Chunks in base64, in the order of their indexes. */
  async chunks(runId: string, indexes: readonly number[]): Promise<string[]> {
    const packed = await this.#context.store.chunksAt(runId, indexes)
    return packed.map((bytes) => toBase64(unpackBytes(bytes, 'chunk')))
  }

  /** Blocks of a level in base64. */
  async blocks(runId: string, { level, first, last, tracks }: BlocksAsked): Promise<TraceBlock[]> {
    const packed = await this.#context.store.traceBlocks(runId, level, { first, last }, tracks)
    return packed.map(({ block, track, bytes }) => ({
      block,
      track,
      base64: toBase64(unpackBytes(bytes, 'block')),
    }))
  }

  /** The nearest hit after, or before, a time on a track. */
  async find(runId: string, asked: FindAsked): Promise<TraceHit | null> {
    const { search, ...start } = asked
    const { header } = await this.#context.store.getTrace(runId)
    const layout = layoutTrace(header)
    const finder = new HitFinder(layout, search, start)
    const times = await this.chunkTimes(runId)
    const order = times.startNs.map((_, at) => at)
    const isWorth = (at: number): boolean => finder.mayHold(times.startNs[at]!, times.endNs[at]!)
    // from the chunks around the time outwards, so that the first hits rule the others out
    if (start.backwards) order.reverse()
    while (order.length > 0) {
      const batch = takeWhere(order, isWorth, BATCH)
      const packed = await this.#context.store.chunksAt(runId, batch)
      for (const bytes of packed) finder.look(unpackChunk(bytes, layout))
    }
    return finder.best
  }

  /** When each barrier of a VM opened. */
  async barriers(runId: string, vm: number): Promise<{ openNs: number[] }> {
    const { header } = await this.#context.store.getTrace(runId)
    const layout = layoutTrace(header)
    const order = (await this.chunkTimes(runId)).startNs.map((_, at) => at)
    const openNs: number[] = []
    while (order.length > 0) {
      const packed = await this.#context.store.chunksAt(runId, order.splice(0, BATCH))
      for (const bytes of packed) addOpenings(bytes, layout, vm, openNs)
    }
    return { openNs }
  }

  /** A run's bookmarks in order of time. */
  bookmarks(runId: string): Promise<Bookmark[]> {
    return this.#context.store.listBookmarks(runId)
  }

  /** Keeps a bookmark, in place of an earlier one of its id. */
  async bookmark(runId: string, bookmark: Bookmark): Promise<{ changed: number }> {
    return { changed: await this.#context.store.saveBookmark(runId, bookmark) }
  }

  /** Forgets a bookmark. */
  async unbookmark(runId: string, id: string): Promise<{ changed: number }> {
    return { changed: await this.#context.store.deleteBookmark(runId, id) }
  }
}

const toBase64 = (bytes: Uint8Array<ArrayBuffer>): string =>
  Buffer.from(bytes.buffer).toString('base64')

/** Takes the first items that are worth it out of a list, and drops those before that are not. */
function takeWhere(from: number[], isWorth: (item: number) => boolean, count: number): number[] {
  const taken: number[] = []
  while (from.length > 0 && taken.length < count) {
    const item = from.shift()!
    if (isWorth(item)) taken.push(item)
  }
  return taken
}

function addOpenings(bytes: Uint8Array, layout: TraceLayout, vm: number, to: number[]): void {
  const { count, kind, subject, timeNs } = unpackPoints(bytes, layout)
  for (let i = 0; i < count; i++) {
    if (kind[i] !== POINT['barrier-open']) continue
    if (layout.vmOfThread[subject[i]!] === vm) to.push(timeNs[i]!)
  }
}
