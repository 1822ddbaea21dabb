// Rows, search and alignment of a timeline: what is where, and what words mean.
import { describe, expect, it } from 'vitest'
import { POINT } from '../../../../src-main/core/base/point-kind.ts'
import {
  layoutTrace,
  threadTrack,
  VCPU_STATE,
  vcpuTrack,
} from '../../../../src-main/core/trace/layout.ts'
import { barrierAt, offsetAt } from '../../../../src-renderer/state/timeline/alignment.ts'
import {
  foldedAtFirst,
  GROUP_PX,
  groupsOf,
  heightOf,
  LANE_PX,
  rowAt,
  rowOfTrack,
  rowsBetween,
  rowsOf,
  tracksOf,
} from '../../../../src-renderer/state/timeline/rows.ts'
import { readSearch } from '../../../../src-renderer/state/timeline/search.ts'
import { TileCache } from '../../../../src-renderer/state/timeline/tile-cache.ts'

const vm = (name: string, threads: number) => ({
  ...{ name, app: 'x', vcpus: 2, threads, mutexes: 1, spinLocks: 0 },
})
const layout = layoutTrace({ pcpus: 2, vms: [vm('web', 2), vm('db', 3)] })

describe('the rows', () => {
  const rows = rowsOf(layout, new Set(['0t', '1v', '1t']), (group) => group.key)

  it('are a group each for pCPUs, vCPUs and threads, folded or with their lanes', () => {
    expect(groupsOf(layout).map((group) => group.key)).toEqual(['host', '0v', '0t', '1v', '1t'])
    expect(rows.map((row) => row.label)).toEqual([
      'host',
      'p0',
      'p1',
      '0v',
      'v0',
      'v1',
      '0t',
      '1v',
      '1t',
    ])
    expect(heightOf(rows)).toBe(5 * GROUP_PX + 4 * LANE_PX)
  })

  it('are found by height, by range of heights and by track', () => {
    expect(rowAt(rows, GROUP_PX)?.label).toBe('p0')
    expect(rowAt(rows, 1e6)).toBeUndefined()
    expect(rowsBetween(rows, 0, GROUP_PX + 1).map((row) => row.label)).toEqual(['host', 'p0'])
    expect(rowOfTrack(rows, vcpuTrack(layout, 1))?.label).toBe('v1')
    expect(rowOfTrack(rows, threadTrack(layout, 4))?.label).toBe('1t')
    expect(tracksOf(rows.slice(0, 2))).toEqual([0, 1])
  })

  it('start with folded threads where lanes are many', () => {
    expect(foldedAtFirst(layout).size).toBe(0)
    const large = layoutTrace({ pcpus: 40, vms: [vm('web', 40)] })
    expect([...foldedAtFirst(large)]).toEqual(['0t'])
  })
})

describe('a search', () => {
  it('of a name means its tracks, of a VM all of them', () => {
    expect(readSearch('web/v1', layout)).toEqual({ tracks: [vcpuTrack(layout, 1)], search: null })
    expect(readSearch('db', layout)?.tracks).toHaveLength(5)
    expect(readSearch('p1', layout)?.tracks).toEqual([1])
  })

  it('of an event or a state means those, on the named tracks or on any', () => {
    expect(readSearch('resize', layout)?.search).toMatchObject({
      ...{ tracks: [], kinds: [POINT.resize], vcpuStates: [] },
    })
    expect(readSearch('preempted web', layout)?.search).toMatchObject({
      vcpuStates: [VCPU_STATE.preempted],
      tracks: [2, 3, 6, 7],
    })
    expect(readSearch('barrier-open', layout)?.search?.kinds).toEqual([POINT['barrier-open']])
    const holders = readSearch('lock-holder', layout)?.search
    expect(holders?.threadStates.length).toBeGreaterThan(0)
  })

  it('of a word that names nothing means nothing', () => {
    expect(readSearch('nonsense', layout)).toBeNull()
    expect(readSearch('web nonsense', layout)).toBeNull()
    expect(readSearch('  ', layout)).toBeNull()
  })
})

describe('alignment', () => {
  it('puts the n-th barriers of both runs at the same place', () => {
    expect(offsetAt([10, 20, 30], [5, 25], 1)).toBe(5)
    expect(offsetAt([10, 20, 30], [5, 25], 2)).toBeNull()
  })

  it('finds the last barrier that had opened', () => {
    expect([5, 10, 25, 99].map((ns) => barrierAt([10, 20, 30], ns))).toEqual([0, 0, 1, 2])
  })
})

describe('the cache of tiles', () => {
  it('forgets what was wanted longest ago', () => {
    const cache = new TileCache<number>(2)
    cache.set('a', 1)
    cache.set('b', 2)
    expect(cache.touch('a')).toBe(true)
    cache.set('c', 3)
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3])
    expect(cache.touch('b')).toBe(false)
  })
})
