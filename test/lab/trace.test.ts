// Traces through the lab: what a screen reads of one is what was recorded, at every zoom.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { POINT } from '../../src-main/core/base/point-kind.ts'
import { decodeChunk } from '../../src-main/core/trace/chunk.ts'
import type { TraceChunk } from '../../src-main/core/trace/chunk.ts'
import { layoutTrace } from '../../src-main/core/trace/layout.ts'
import { decodeBlock } from '../../src-main/core/trace/pyramid.ts'
import { openLab } from '../../src-main/lab/index.ts'
import type { Lab } from '../../src-main/lab/index.ts'
import { SMALL_SCENARIO } from './support/small-campaign.ts'

let lab: Lab
let runId = ''
let endNs = 0

beforeAll(async () => {
  lab = await openLab({ databaseFile: ':memory:', host: 'cli', appVersion: '0', workers: 1 })
  const recorded = await lab.trace.simulate(lab.simulation.read(SMALL_SCENARIO))
  runId = recorded.runId
  endNs = recorded.entry.header.endNs
})

afterAll(() => lab.close())

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))

const layoutOf = async () => layoutTrace((await lab.trace.entry(runId)).header)

/** All chunks, decoded as a screen does. */
async function allChunks(): Promise<TraceChunk[]> {
  const layout = await layoutOf()
  const times = await lab.traceParts.chunkTimes(runId)
  const indexes = [...times.startNs.keys()]
  return (await lab.traceParts.chunks(runId, indexes)).map((base64) => {
    const chunk = decodeChunk(bytesOf(base64), layout)
    if (!chunk.ok) throw new Error(chunk.error)
    return chunk.value
  })
}

/** ns by track and state of a level's blocks, decoded as a screen does. */
async function levelSums(level: number, tracks: number[]): Promise<Map<string, number>> {
  const layout = await layoutOf()
  const sums = new Map<string, number>()
  const asked = { level, first: 0, last: 1000, tracks }
  for (const { block, track, base64 } of await lab.traceParts.blocks(runId, asked)) {
    const entries = decodeBlock({ block, track, bytes: bytesOf(base64) }, layout)
    if (!entries.ok) throw new Error(entries.error)
    entries.value.state.forEach((state, i) => add(sums, track, state, entries.value.ns[i]!))
  }
  return sums
}

const add = (sums: Map<string, number>, track: number, state: number, ns: number) =>
  sums.set(`${track} ${state}`, (sums.get(`${track} ${state}`) ?? 0) + ns)

const onlyKind = (kind: number) => ({ tracks: [], kinds: [kind], vcpuStates: [], threadStates: [] })

describe('the series of a simulated run', () => {
  it('has the time that its vCPUs ran, and at no time more of them than there are', async () => {
    const { endNs: ends, vms } = await lab.trace.series(runId)
    const { result } = await lab.library.run(runId)
    const lengths = ends.map((end, i) => end - (ends[i - 1] ?? 0))
    expect(ends.at(-1)).toBe(endNs)
    for (const [at, vm] of vms.entries()) {
      const ranNs = vm.used.reduce((sum, used, i) => sum + used * lengths[i]!, 0)
      expect(ranNs / result.vms[at]!.cpuNs).toBeCloseTo(1, 6)
      for (const [i, used] of vm.used.entries()) {
        expect(used + vm.waiting[i]!).toBeLessThanOrEqual(vm.online[i]! + 1e-9)
      }
    }
  })
})

describe('a trace for a screen', () => {
  it('has at each level the time of the intervals, for the tracks that are asked', async () => {
    const { header } = await lab.trace.entry(runId)
    const whole = new Map<string, number>()
    for (const { intervals } of await allChunks())
      for (let i = 0; i < intervals.count; i++)
        add(whole, intervals.track[i]!, intervals.state[i]!, intervals.ns[i]!)
    const tracks = [...Array((await layoutOf()).tracks).keys()]
    for (const level of header.levels) expect(await levelSums(level, tracks)).toEqual(whole)
    const ofTwo = await levelSums(header.levels[0]!, [0, 3])
    expect([...ofTwo]).toEqual([...whole].filter(([key]) => /^[03] /.test(key)))
  })

  it('finds the next and the last event of a kind, and a thread in a state', async () => {
    const chunks = await allChunks()
    const kind = POINT['barrier-open']
    const openNs = chunks.flatMap(({ points }) =>
      [...points.timeNs].filter((_, i) => points.kind[i] === kind),
    )
    const find = (atNs: number, backwards: boolean) =>
      lab.traceParts.find(runId, { search: onlyKind(kind), atNs, atTrack: -1, backwards })
    const middleNs = openNs[Math.floor(openNs.length / 2)]! + 1
    expect((await find(middleNs, false))?.startNs).toBe(openNs.find((ns) => ns >= middleNs))
    expect((await find(middleNs, true))?.startNs).toBe(openNs.findLast((ns) => ns < middleNs))
    expect(await find(endNs, false)).toBeNull()
    const threads = { ...onlyKind(0), kinds: [], threadStates: [0], tracks: [6] }
    const asked = { search: threads, atNs: middleNs, atTrack: 7, backwards: false }
    const first = Math.min(
      ...chunks.flatMap(({ intervals }) =>
        [...intervals.startNs].filter(
          (ns, i) => ns > middleNs && intervals.track[i] === 6 && intervals.state[i] === 0,
        ),
      ),
    )
    expect(await lab.traceParts.find(runId, asked)).toMatchObject({ track: 6, startNs: first })
  })

  it('says when the barriers of a VM opened', async () => {
    const { openNs } = await lab.traceParts.barriers(runId, 0)
    expect(openNs.length).toBeGreaterThan(2)
    expect(openNs).toEqual(openNs.toSorted((a, b) => a - b))
    expect((await lab.traceParts.barriers(runId, 1)).openNs).toEqual([])
  })

  it('keeps bookmarks by name, and forgets them', async () => {
    const bookmark = { id: 'b1', name: 'Odd', fromNs: 5, toNs: 9, track: null }
    await lab.traceParts.bookmark(runId, bookmark)
    await lab.traceParts.bookmark(runId, { ...bookmark, name: 'Odder' })
    expect(await lab.traceParts.bookmarks(runId)).toEqual([{ ...bookmark, name: 'Odder' }])
    expect(await lab.traceParts.unbookmark(runId, 'b1')).toEqual({ changed: 1 })
    expect(await lab.traceParts.bookmarks(runId)).toEqual([])
  })

  it('is listed with its run', async () => {
    expect(await lab.trace.list(null)).toMatchObject([{ runId, name: 'small', endNs }])
    expect(await lab.trace.list(['other'])).toEqual([])
  })

  it('is behind the router, and recording again gives the same trace', async () => {
    const { router } = lab
    expect(Object.keys(router.trace)).toEqual([
      'entry',
      'record',
      'delete',
      'list',
      'example',
      'chunkTimes',
      'chunks',
      'blocks',
      'find',
      'barriers',
      'series',
      'findings',
      'bookmarks',
      'bookmark',
      'unbookmark',
    ])
    const again = await lab.trace.record(runId)
    expect(again.header).toEqual((await lab.trace.entry(runId)).header)
    const findings = await lab.trace.findings(runId, {}, 3)
    expect(findings).toMatchObject({ fromNs: 0, toNs: endNs, truncatedAtNs: null })
    expect(findings.preemptions.pairs.length).toBeLessThanOrEqual(3)
  })

  it('comes with an example, which is recorded once', async () => {
    const example = await lab.trace.example()
    expect(await lab.trace.example()).toEqual(example)
    const listed = await lab.trace.list([example.runId, example.besideRunId])
    expect(listed.map((run) => run.scheme).toSorted()).toEqual(['cfs', 'flexcore'])
  })
})
