// Traces through the lab: what a screen reads of one is what was recorded, at every zoom.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

/** ns by track and state. */
function sums(of: { track: number[]; state: number[]; ns: number[] }): Record<string, number> {
  const found: Record<string, number> = {}
  of.track.forEach((track, i) => {
    const key = `${track} ${of.state[i]}`
    found[key] = (found[key] ?? 0) + of.ns[i]!
  })
  return found
}

describe('a trace at any zoom', () => {
  it('has at each level the time that the intervals have', async () => {
    const { intervals } = await lab.trace.records(runId, {})
    const levels = new Set<number>()
    for (const bucketsMax of [1, 4, 40, 4000]) {
      const level = await lab.trace.level(runId, {}, bucketsMax)
      levels.add(level.level)
      expect(sums(level)).toEqual(sums(intervals))
    }
    expect(levels.size).toBeGreaterThan(2)
  })

  it('gives of a part the buckets that it touches, and no more than asked for', async () => {
    const [fromNs, toNs] = [Math.floor(endNs / 3), Math.floor(endNs / 2)]
    const part = await lab.trace.level(runId, { fromNs, toNs }, 50)
    const bucketNs = 2 ** part.level
    const buckets = new Set(part.bucket)
    expect(buckets.size).toBeLessThanOrEqual(51)
    expect(Math.min(...buckets)).toBe(Math.floor(fromNs / bucketNs))
    expect(Math.max(...buckets)).toBe(Math.ceil(toNs / bucketNs) - 1)
    const whole = await lab.trace.level(runId, {}, Math.ceil(endNs / bucketNs))
    expect(whole.level).toBe(part.level)
    const inside = whole.ns.filter((_, i) => buckets.has(whole.bucket[i]!))
    expect(part.ns.toSorted()).toEqual(inside.toSorted())
  })

  it('gives of a part all records in it, cut off at its ends', async () => {
    const part = { fromNs: Math.floor(endNs / 3), toNs: Math.floor(endNs / 2) }
    const { intervals, points } = await lab.trace.records(runId, part)
    const tracks = new Set(intervals.track)
    const total = intervals.ns.reduce((sum, ns) => sum + ns, 0)
    expect(total).toBe(tracks.size * (part.toNs - part.fromNs))
    expect(points.timeNs.every((ns) => ns >= part.fromNs && ns <= part.toNs)).toBe(true)
    expect(points.timeNs.length).toBeGreaterThan(0)
  })

  it('is behind the router, and recording again gives the same trace', async () => {
    const { router } = lab
    expect(Object.keys(router.trace)).toEqual([
      'entry',
      'record',
      'delete',
      'level',
      'records',
      'findings',
    ])
    const again = await lab.trace.record(runId)
    expect(again.header).toEqual((await lab.trace.entry(runId)).header)
    const findings = await lab.trace.findings(runId, {}, 3)
    expect(findings).toMatchObject({ fromNs: 0, toNs: endNs, truncatedAtNs: null })
    expect(findings.preemptions.pairs.length).toBeLessThanOrEqual(3)
  })
})
