// The PARSEC models against the characterisation table of simulator.md §3: work, locks, barriers.
import { describe, expect, it } from 'vitest'
import { formatIssue } from '../../../src-main/core/base/result.ts'
import { compileWorkload, WORKLOADS } from '../../../src-main/core/workloads/index.ts'
import { dryRun } from './dry-run.ts'

/** Table of simulator.md §3, 8 threads: G instructions, locks, barriers × threads, and the IPC. */
const TABLE: [app: string, instructions: number, locks: number, barriers: number, ipc: number][] = [
  ['blackscholes', 2.67, 0, 8, 1],
  ['bodytrack', 14.03, 114_621, 619, 1],
  ['canneal', 7.33, 34, 0, 0.4],
  ['dedup', 37.1, 158_979, 0, 1],
  ['facesim', 29.9, 14_541, 0, 1],
  ['ferret', 23.97, 345_778, 0, 1],
  ['fluidanimate', 14.06, 17_771_909, 0, 1],
  ['freqmine', 33.45, 990_025, 0, 1],
  ['streamcluster', 22.12, 191, 129_600, 0.5],
  ['swaptions', 14.11, 23, 0, 1],
  ['vips', 31.21, 33_586, 0, 1],
  ['x264', 32.43, 16_767, 0, 1],
]

/** Apps whose barriers came with the 3.0 sources, or are OpenMP's; the 2008 table has none. */
const LATER_BARRIERS: Record<string, number> = { canneal: 128, fluidanimate: 45, freqmine: 7 }

/** Locks that a condition wait takes again; the dry run does not wait in time. */
const REACQUIRED: Record<string, number> = { facesim: 3137, vips: 6361 }

/** A wait and a broadcast a row of x264 stand for two locks each: `follow` and `publish`. */
const ROW_LOCKS: Record<string, number> = { x264: 2 * 128 * 23 }

const run = (app: string, threads: number) => {
  const compiled = compileWorkload(app, {}, threads)
  if (!compiled.ok) expect.fail(compiled.error.map(formatIssue).join('\n'))
  return dryRun(compiled.value)
}

describe('the PARSEC models', () => {
  it('are all 13', () => {
    const apps = WORKLOADS.filter((file) => file.suite === 'parsec').map((file) => file.id)
    expect(apps).toHaveLength(13)
    expect(apps).toEqual(expect.arrayContaining(TABLE.map(([app]) => app)))
  })

  it.each(TABLE)('%s does the work of the table at any number of threads', (...row) => {
    const [app, instructions, , , ipc] = row
    const expected = (instructions * 1e9) / (2.67 * ipc)
    for (const threads of [8, 12]) {
      const relative = run(app, threads).workNs / expected
      expect(relative).toBeGreaterThan(0.99)
      expect(relative).toBeLessThan(1.01)
    }
  })

  it.each(TABLE)('%s takes about as many locks as the table counts', (app, _work, locks) => {
    const counted = run(app, 8)
    const found =
      counted.bulkLocks + counted.explicitLocks + (REACQUIRED[app] ?? 0) + (ROW_LOCKS[app] ?? 0)
    if (locks < 200) expect(found).toBe(0)
    else expect(Math.abs(found / locks - 1)).toBeLessThan(0.1)
  })

  it.each(TABLE)('%s meets at as many barriers as the table counts', (app, _w, _l, barriers) => {
    const episodes = run(app, 8).barrierEpisodes
    expect(episodes).toBeCloseTo(LATER_BARRIERS[app] ?? Math.floor(barriers / 8), 6)
  })

  it('have the grains of the design at 12 threads', () => {
    const perThread = (app: string, episodes: number) => run(app, 12).workNs / 12 / episodes
    expect(perThread('bodytrack', 77) / 1e6).toBeCloseTo(5.7, 1)
    expect((perThread('streamcluster', 16_200) * 0.5) / 1e3).toBeCloseTo(42.6, 1)
    expect(run('bodytrack', 12).workNs / run('bodytrack', 12).tickets / 1e3).toBeCloseTo(46, 0)
  })

  it('use 3n + 2 threads in dedup and 4n + 2 in ferret', () => {
    const threads = (app: string) => run(app, 12).threadNs.length
    expect(threads('dedup')).toBe(38)
    expect(threads('ferret')).toBe(50)
  })

  it('shoot down TLBs in dedup and vips only', () => {
    const parsec = WORKLOADS.filter((file) => file.suite === 'parsec')
    const shooting = parsec.filter((file) => run(file.id, 4).tlb > 0).map((file) => file.id)
    expect(shooting).toEqual(['dedup', 'vips'])
  })

  it('carry a mark and a source for every number', () => {
    for (const file of WORKLOADS) {
      expect(file.about.length).toBeGreaterThan(0)
      for (const param of Object.values(file.params)) {
        expect(param.source.length).toBeGreaterThan(5)
        expect(['S', 'K', 'D', 'A']).toContain(param.mark)
      }
    }
  })
})
