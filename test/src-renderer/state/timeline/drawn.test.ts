// What a timeline draws and finds: at any zoom the shares of its pixels are those of the intervals,
// of tiles of every level and of the chunks alike.
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'valibot'
import { POINT } from '../../../../src-main/core/base/point-kind.ts'
import { ScenarioSchema } from '../../../../src-main/core/contract/scenario.ts'
import { decodeChunk } from '../../../../src-main/core/trace/chunk.ts'
import { stateCount, vcpuTrack } from '../../../../src-main/core/trace/layout.ts'
import { decodeBlock } from '../../../../src-main/core/trace/pyramid.ts'
import { detailsOf, subjectName } from '../../../../src-renderer/state/timeline/details.ts'
import { pointFacts, pointsIn } from '../../../../src-renderer/state/timeline/points.ts'
import {
  addChunk,
  addLevel,
  addShares,
  meanShares,
  newShares,
} from '../../../../src-renderer/state/timeline/shares.ts'
import {
  blocksOf,
  chunksIn,
  chunkTile,
  intervalAt,
  levelTile,
  sourceOf,
} from '../../../../src-renderer/state/timeline/tiles.ts'
import type { ChunkTile, LevelTile } from '../../../../src-renderer/state/timeline/tiles.ts'
import type { View } from '../../../../src-renderer/state/timeline/view.ts'
import { recordRun } from '../../../core/trace/record-run.ts'
import type { Recorded } from '../../../core/trace/record-run.ts'

let run: Recorded
let tiles: ChunkTile[]
let levels: Map<string, LevelTile>
const WIDTH = 200

beforeAll(() => {
  const scenario = parse(ScenarioSchema, {
    ...{ kind: 'scenario', version: 1, name: 'two VMs' },
    host: { sockets: 1, coresPerSocket: 2, threadsPerCore: 1 },
    vms: [
      { name: 'a', vcpus: 2, workload: { app: 'barrier' } },
      { name: 'b', vcpus: 2, workload: { app: 'spin', params: { scale: 0.1 } } },
    ],
  })
  run = recordRun(scenario)
  const { layout } = run.trace
  tiles = run.chunks.map(({ bytes }) => {
    const chunk = decodeChunk(bytes, layout)
    if (!chunk.ok) throw new Error(chunk.error)
    return chunkTile(chunk.value, layout.tracks)
  })
  levels = new Map(
    run.blocks.map(({ level, track, block, bytes }) => {
      const entries = decodeBlock({ block, track, bytes }, layout)
      if (!entries.ok) throw new Error(entries.error)
      return [`${level} ${track} ${block}`, levelTile(level, block, entries.value)] as const
    }),
  )
})

const fromChunks = (track: number, view: View) => {
  const to = newShares(WIDTH, stateCount(run.trace.layout, track))
  for (const tile of tiles) addChunk(to, tile, track, view)
  return to
}

const fromLevel = (level: number, track: number, view: View) => {
  const to = newShares(WIDTH, stateCount(run.trace.layout, track))
  const { first, last } = blocksOf(view, run.header.endNs, level)
  for (let block = first; block <= last; block++) {
    const tile = levels.get(`${level} ${track} ${block}`)
    if (tile !== undefined) addLevel(to, tile, view)
  }
  return to
}

describe('shares of pixels', () => {
  it('are whole in every column of the trace, and add up to the time in each state', () => {
    const view = { fromNs: 0, toNs: run.header.endNs }
    for (let track = 0; track < run.trace.layout.tracks; track++) {
      const shares = fromChunks(track, view)
      const ns = Array<number>(shares.states).fill(0)
      const { count, state, ns: length } = run.trace.tracks[track]!
      for (let i = 0; i < count; i++) ns[state[i]!]! += length[i]!
      meanShares(shares).forEach((share, s) => expect(share).toBeCloseTo(ns[s]! / view.toNs, 4))
      for (let x = 0; x < WIDTH; x++) {
        const column = shares.values.subarray(x * shares.states, (x + 1) * shares.states)
        expect(column.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 3)
      }
    }
  })

  it('are the same from each level as from the intervals, over whole buckets', () => {
    for (const level of run.header.levels) {
      const view = { fromNs: 0, toNs: 2 ** level * Math.ceil(run.header.endNs / 2 ** level) }
      for (const track of [0, vcpuTrack(run.trace.layout, 1), run.trace.layout.tracks - 1]) {
        const [here, there] = [fromLevel(level, track, view), fromChunks(track, view)]
        meanShares(here).forEach((share, s) => expect(share).toBeCloseTo(meanShares(there)[s]!, 4))
      }
    }
  })

  it('of a group are the mean of its lanes', () => {
    const view = { fromNs: 0, toNs: run.header.endNs }
    const sum = newShares(WIDTH, 3)
    for (const track of [0, 1]) addShares(sum, fromChunks(track, view), 1 / 2)
    const both = [0, 1].map((track) => meanShares(fromChunks(track, view)))
    meanShares(sum).forEach((share, s) =>
      expect(share).toBeCloseTo((both[0]![s]! + both[1]![s]!) / 2, 4),
    )
  })
})

describe('what a view is drawn from', () => {
  const times = { startNs: [0, 50, 120], endNs: [100, 200, 300] }

  it('is the coarsest level whose buckets are about a pixel, and the chunks close up', () => {
    const trace = { endNs: 1e10, levels: [18, 21, 24], times }
    expect(sourceOf({ fromNs: 0, toNs: 1e10 }, 1000, trace)).toMatchObject({ level: 21 })
    expect(sourceOf({ fromNs: 0, toNs: 4e8 }, 1000, trace)).toMatchObject({ level: 18, first: 0 })
    expect(sourceOf({ fromNs: 110, toNs: 130 }, 1000, trace)).toEqual({ chunks: [1, 2] })
  })

  it('is the finest level where chunks are too many', () => {
    const many = { startNs: Array<number>(99).fill(0), endNs: Array<number>(99).fill(9) }
    const trace = { endNs: 1000, levels: [18], times: many }
    expect(sourceOf({ fromNs: 0, toNs: 9 }, 1000, trace)).toMatchObject({ level: 18 })
  })

  it('are the chunks that have records in it', () => {
    expect(chunksIn(times, { fromNs: 0, toNs: 40 })).toEqual([0])
    expect(chunksIn(times, { fromNs: 100, toNs: 110 })).toEqual([1])
  })
})

describe('what is under the pointer', () => {
  it('is the interval that holds the time, with its neighbours and who ran there', () => {
    const { layout } = run.trace
    const track = vcpuTrack(layout, 0)
    const preempted = tiles.flatMap((tile) =>
      [...Array(tile.intervals.count).keys()]
        .filter((i) => tile.intervals.track[i] === track && tile.intervals.state[i] === 2)
        .map((i) => tile.intervals.startNs[i]!),
    )
    const at = preempted[1]! + 1
    const interval = intervalAt(tiles, track, at)!
    expect(interval.startNs).toBeLessThanOrEqual(at)
    expect(interval.startNs + interval.ns).toBeGreaterThan(at)
    const details = detailsOf(tiles, layout, interval)
    expect(details.before!.startNs + details.before!.ns).toBe(interval.startNs)
    expect(details.after!.startNs).toBe(interval.startNs + interval.ns)
    expect(details.on).toMatch(/^p\d$/)
    expect(details.ranMeanwhile).toMatch(/^[ab]\/v\d$/)
    expect(details.ranMeanwhile).not.toBe('a/v0')
    expect(intervalAt(tiles, track, run.header.endNs + 1)).toBeUndefined()
  })

  it('names events, their subject and their numbers, and gives none when they are too many', () => {
    const { layout, points } = run.trace
    const view = { fromNs: 0, toNs: run.header.endNs }
    const all = pointsIn(tiles, layout, view, 1e9)!
    expect(all).toHaveLength(points.count)
    expect(pointsIn(tiles, layout, view, 10)).toBeNull()
    const open = all.find((point) => point.kind === POINT['barrier-open'])!
    expect(subjectName(layout, open)).toMatch(/^a\/t\d$/)
    expect(pointFacts(layout, open).map(([name]) => name)).toEqual(['barrier', 'waiters'])
    const taken = all.find((point) => point.kind === POINT['lock-acquire'])!
    expect(pointFacts(layout, taken)[0]).toEqual(['lock', 'b spin lock 0'])
  })
})
