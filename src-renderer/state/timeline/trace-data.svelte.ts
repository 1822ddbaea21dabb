/**
 * TraceData: one run's trace as the timeline needs it. Fetches the parts that the visible window
 * is drawn from, keeps them, and falls back to coarser ones until they are there.
 */
import type { LabClient } from '../../bridge/index.ts'
import type { ChunkTimes, TraceEntry } from '../../../src-main/core/contract/trace.ts'
import { decodeChunk } from '../../../src-main/core/trace/chunk.ts'
import { layoutTrace, stateCount } from '../../../src-main/core/trace/layout.ts'
import type { TraceLayout } from '../../../src-main/core/trace/layout.ts'
import { decodeBlock } from '../../../src-main/core/trace/pyramid.ts'
import { wholeWindow } from '../../../src-main/core/trace/trace.ts'
import { LabError } from '../../../src-main/core/base/lab-error.ts'
import type { Result } from '../../../src-main/core/base/result.ts'
import { addChunk, addLevel, newShares } from './shares.ts'
import type { Shares } from './shares.ts'
import { TileCache } from './tile-cache.ts'
import { blocksOf, chunkTile, chunksIn, levelTile, sourceOf } from './tiles.ts'
import type { ChunkTile, LevelTile } from './tiles.ts'
import type { View } from './view.ts'

/** What is on the screen now. */
export type Need = {
  readonly view: View
  readonly widthPx: number
  readonly tracks: readonly number[]
}

type Asked =
  | { readonly chunks: readonly number[] }
  | {
      readonly level: number
      readonly first: number
      readonly last: number
      readonly tracks: number[]
    }

const LEVEL_TILES_MAX = 8000
const CHUNK_TILES_MAX = 64
const CHUNKS_AT_ONCE = 2
/** Decoding gives the screen a turn after so long. */
const SLICE_MS = 5
/** Width for which the whole run is kept as a fallback, px. */
const WHOLE_PX = 800

/** One trace and the parts of it that were fetched. */
export class TraceData {
  /** Grows with every part that arrives. */
  version = $state(0)
  /** Whether something that is on the screen is being fetched. */
  isLoading = $state(false)
  readonly runId: string
  readonly entry: TraceEntry
  readonly layout: TraceLayout
  readonly times: ChunkTimes
  /** The time that was recorded. */
  readonly bounds: View
  readonly #client: LabClient
  readonly #onerror: (error: unknown) => void
  readonly #levels = new TileCache<LevelTile>(LEVEL_TILES_MAX)
  readonly #chunks = new TileCache<ChunkTile>(CHUNK_TILES_MAX)
  #need: Need | null = null
  #isBusy = false

  constructor(
    client: LabClient,
    runId: string,
    opened: { readonly entry: TraceEntry; readonly times: ChunkTimes },
    onerror: (error: unknown) => void,
  ) {
    this.#client = client
    this.#onerror = onerror
    this.runId = runId
    this.entry = opened.entry
    this.times = opened.times
    this.layout = layoutTrace(opened.entry.header)
    this.bounds = wholeWindow(opened.entry.header)
  }

  /** Opens a run's trace. @throws LabError `not-found` when it has none */
  static async open(
    client: LabClient,
    runId: string,
    onerror: (error: unknown) => void,
  ): Promise<TraceData> {
    const [entry, times] = await Promise.all([
      client.trace.entry({ runId }),
      client.trace.chunkTimes({ runId }),
    ])
    return new TraceData(client, runId, { entry, times }, onerror)
  }

  /** Says what is on the screen; what is missing is fetched, newest need first. */
  want(need: Need): void {
    this.#need = need
    if (!this.#isBusy) void this.#fetchAll()
  }

  /** Whether a view is drawn from the intervals themselves. */
  isClose(view: View, widthPx: number): boolean {
    return 'chunks' in sourceOf(view, widthPx, this.#source)
  }

  /** Shares of a track's states in each column of a view, from the best that is there. */
  shares(track: number, view: View, widthPx: number): Shares {
    const to = newShares(widthPx, stateCount(this.layout, track))
    const source = sourceOf(view, widthPx, this.#source)
    if ('chunks' in source) {
      const tiles = this.#loaded(source.chunks)
      if (tiles.length === source.chunks.length) {
        for (const tile of tiles) addChunk(to, tile, track, view)
        return to
      }
    }
    const { levels } = this.entry.header
    const from = 'level' in source ? levels.indexOf(source.level) : 0
    const order = [...levels.slice(from), ...levels.slice(0, from).toReversed()]
    const best = order.map((level) => this.#tilesOf(level, track, view)).find((all) => all.isWhole)
    const chosen = best ?? this.#tilesOf(order[0]!, track, view)
    for (const tile of chosen.tiles) addLevel(to, tile, view)
    return to
  }

  /** The chunks of a view that are there. */
  chunksOf(view: View): readonly ChunkTile[] {
    return this.#loaded(chunksIn(this.times, view))
  }

  /** The chunks around some instants, fetched where they are not there. */
  async chunksAt(instantsNs: readonly number[]): Promise<readonly ChunkTile[]> {
    const wanted = instantsNs.flatMap((ns) =>
      chunksIn(this.times, { fromNs: ns - 1, toNs: ns + 1 }),
    )
    const indexes = [...new Set(wanted)].sort((a, b) => a - b)
    const missing = indexes.filter((at) => !this.#chunks.touch(String(at)))
    for (let i = 0; i < missing.length; i += CHUNKS_AT_ONCE)
      await this.#fetchChunks(missing.slice(i, i + CHUNKS_AT_ONCE))
    return this.#loaded(indexes)
  }

  get #source() {
    return { endNs: this.bounds.toNs, levels: this.entry.header.levels, times: this.times }
  }

  #loaded(indexes: readonly number[]): readonly ChunkTile[] {
    return indexes.flatMap((at) => this.#chunks.get(String(at)) ?? [])
  }

  #tilesOf(level: number, track: number, view: View) {
    const { first, last } = blocksOf(view, this.bounds.toNs, level)
    const tiles: LevelTile[] = []
    for (let block = first; block <= last; block++) {
      const tile = this.#levels.get(levelKey(level, block, track))
      if (tile !== undefined) tiles.push(tile)
    }
    return { tiles, isWhole: tiles.length === last - first + 1 }
  }

  async #fetchAll(): Promise<void> {
    this.#isBusy = true
    try {
      for (let asked = this.#next(); asked !== null; asked = this.#next()) {
        this.isLoading = this.#need !== null && this.#missing(this.#need) !== null
        if ('chunks' in asked) await this.#fetchChunks(asked.chunks)
        else await this.#fetchBlocks(asked)
        this.version += 1
      }
    } catch (error) {
      this.#onerror(error)
    } finally {
      this.isLoading = false
      this.#isBusy = false
    }
  }

  /** What is missing on the screen; then the whole run, coarsely, for whatever comes next. */
  #next(): Asked | null {
    if (this.#need === null) return null
    const tracks = [...Array(this.layout.tracks).keys()]
    const whole = { view: this.bounds, widthPx: WHOLE_PX, tracks }
    return this.#missing(this.#need) ?? this.#missing(whole)
  }

  #missing({ view, widthPx, tracks }: Need): Asked | null {
    const source = sourceOf(view, widthPx, this.#source)
    if ('chunks' in source) {
      const chunks = source.chunks.filter((at) => !this.#chunks.touch(String(at)))
      return chunks.length === 0 ? null : { chunks: chunks.slice(0, CHUNKS_AT_ONCE) }
    }
    const { level, first, last } = source
    const lacking = tracks.filter((track) => {
      let isLacking = false
      for (let block = first; block <= last; block++)
        if (!this.#levels.touch(levelKey(level, block, track))) isLacking = true
      return isLacking
    })
    return lacking.length === 0 ? null : { level, first, last, tracks: lacking }
  }

  async #fetchChunks(indexes: readonly number[]): Promise<void> {
    const { runId, layout } = this
    const parts = await this.#client.trace.chunks({ runId, indexes: [...indexes] })
    for (const [i, base64] of parts.entries()) {
      const chunk = valueOf(decodeChunk(Uint8Array.fromBase64(base64), layout))
      this.#chunks.set(String(indexes[i]), chunkTile(chunk, layout.tracks))
      await pause()
    }
  }

  async #fetchBlocks(asked: Exclude<Asked, { chunks: unknown }>): Promise<void> {
    const { level, first, last, tracks } = asked
    const parts = await this.#client.trace.blocks({ runId: this.runId, level, first, last, tracks })
    // What holds no record is not sent; it is known to be empty then.
    for (let block = first; block <= last; block++)
      for (const track of tracks)
        this.#levels.set(levelKey(level, block, track), { level, block, states: [], sums: [] })
    let startedMs = performance.now()
    for (const { block, track, base64 } of parts) {
      const bytes = Uint8Array.fromBase64(base64)
      const entries = valueOf(decodeBlock({ block, track, bytes }, this.layout))
      this.#levels.set(levelKey(level, block, track), levelTile(level, block, entries))
      if (performance.now() - startedMs < SLICE_MS) continue
      await pause()
      startedMs = performance.now()
    }
  }
}

const levelKey = (level: number, block: number, track: number): string =>
  `${level} ${block} ${track}`

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

function valueOf<T>(decoded: Result<T, string>): T {
  if (decoded.ok) return decoded.value
  throw new LabError('store', `the trace is damaged: ${decoded.error}`, 'Record the run again.')
}
