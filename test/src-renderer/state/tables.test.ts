// Small pure parts behind the tables: windows, selections, grids, strips, numbers as text.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TIME_CLASS_KEYS } from '../../../src-main/core/base/time-class.ts'
import type { TimeByClassNs } from '../../../src-main/core/base/time-class.ts'
import type { Factors } from '../../../src-main/core/contract/campaign.ts'
import type { Comparison } from '../../../src-main/core/contract/comparison.ts'
import type { Cell, CellStatus } from '../../../src-main/core/contract/library.ts'
import type { VmResult } from '../../../src-main/core/contract/result.ts'
import * as format from '../../../src-renderer/state/format.ts'
import { iterationStrips } from '../../../src-renderer/state/iteration-strip.ts'
import { omittedText } from '../../../src-renderer/state/omitted-text.ts'
import { gridOf } from '../../../src-renderer/state/plan-grid.ts'
import { groupNamer, progressGrid } from '../../../src-renderer/state/progress-grid.ts'
import { sumAttribution } from '../../../src-renderer/state/sum-attribution.ts'
import { rowsInSight, scrollToRow } from '../../../src-renderer/state/window-rows.ts'
import { counterName } from '../../../src-renderer/views/run/counter-name.ts'

const factors = (app: string, scheme: string, more: Partial<Factors> = {}): Factors => ({
  app,
  scheme,
  mix: 'two',
  overcommit: null,
  vary: {},
  ...more,
})

const cell = (index: number, of: Factors, status: CellStatus): Cell => ({
  index,
  factors: of,
  seed: 1,
  repetition: 0,
  status,
  runId: null,
  error: null,
})

describe('windows', () => {
  test('what is in sight is drawn, and little more, however long the table', () => {
    const position = fc.nat({ max: 75_000 * 28 })
    const height = fc.integer({ min: 28, max: 3000 })
    fc.assert(
      fc.property(position, height, fc.nat({ max: 75_000 }), (top, view, total) => {
        const { first, last } = rowsInSight(top, view, 28, total)
        expect(first).toBeGreaterThanOrEqual(0)
        expect(last).toBeLessThan(Math.max(1, total))
        expect(last - first + 1).toBeLessThanOrEqual(Math.ceil(view / 28) + 18)
        const middle = Math.floor((top + view / 2) / 28)
        if (middle < total) expect(first <= middle && middle <= last).toBe(true)
      }),
    )
  })

  test('a row is brought into sight with the least scrolling', () => {
    expect(scrollToRow(3, 28, 280, 28)).toBe(28)
    expect(scrollToRow(0, 28, 280, 28)).toBe(0)
    expect(scrollToRow(20, 28, 280, 28)).toBe(20 * 28 + 28 - 280)
  })
})

describe('grids', () => {
  test('a plan’s shape names only factors that differ', () => {
    const cells = ['a', 'b'].flatMap((app) =>
      [1, 2, 3].map((seed, index) => ({ index, factors: factors(app, 'cfs'), seed })),
    )
    expect(gridOf(cells).product).toBe('2 apps × 3 seeds')
  })

  test('groups are named by what differs', () => {
    const all = [
      factors('a', 'cfs', { overcommit: 1, vary: { exit: 700 } }),
      factors('a', 'cfs', { overcommit: 2, vary: { exit: 700 } }),
    ]
    expect(all.map(groupNamer(all))).toEqual(['a · 1× · exit 700', 'a · 2× · exit 700'])
  })

  test('progress counts each cell once, by its latest status', () => {
    const cells = [
      cell(0, factors('a', 'cfs'), 'pending'),
      cell(1, factors('a', 'cfs'), 'failed'),
      cell(2, factors('a', 'gang'), 'skipped'),
    ]
    const grid = progressGrid(cells, (c) => (c.index === 0 ? 'finished' : c.status))
    expect(grid.field('a', 'cfs')).toEqual({ total: 2, finished: 1, failed: 1, skipped: 0 })
    expect(grid.field('a', 'gang')).toEqual({ total: 1, finished: 0, failed: 0, skipped: 1 })
    expect(grid.field('b', 'cfs')).toBeUndefined()
  })
})

describe('strips', () => {
  const vm = (iterationNs: number[], iterationsAsked: number): VmResult => ({
    name: 'vm',
    app: 'ep',
    vcpus: 1,
    threads: 1,
    iterationNs,
    iterationsAsked,
    attributionNs: {} as TimeByClassNs,
    cpuNs: 0,
    counters: {},
  })

  test('only asked iterations count, all are drawn on one axis from zero', () => {
    const { strips, maxNs } = iterationStrips([vm([10, 20, 40], 2), vm([], 1)])
    expect(maxNs).toBe(40)
    expect(strips[0]?.meanNs).toBe(15)
    expect(strips[0]?.dots.map((dot) => dot.x)).toEqual([0.25, 0.5, 1])
    expect(strips[0]?.dots.map((dot) => dot.isAsked)).toEqual([true, true, false])
    expect(strips[1]?.meanNs).toBeNull()
  })

  test('very many iterations are thinned, both ends kept', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => i + 1)
    const dots = iterationStrips([vm(many, 1)]).strips[0]?.dots ?? []
    expect(dots.length).toBeLessThanOrEqual(400)
    expect(dots.at(0)?.valueNs).toBe(1)
    expect(dots.at(-1)?.valueNs).toBe(100_000)
  })

  test('attribution of several VMs sums class by class', () => {
    const times = (ns: number) =>
      Object.fromEntries(TIME_CLASS_KEYS.map((key, i) => [key, ns + i])) as TimeByClassNs
    const sum = sumAttribution([{ attributionNs: times(1) }, { attributionNs: times(10) }])
    expect(sum?.useful).toBe(11)
    expect(Object.keys(sum ?? {})).toEqual([...TIME_CLASS_KEYS])
  })
})

describe('numbers as text', () => {
  test('wall-clock spans read in their own unit', () => {
    expect([400, 59_000, 60_000, 200_000, 3_900_000].map((ms) => format.formatSpan(ms))).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '3 min 20 s',
      '1 h 05 min',
    ])
  })

  test('a range has one unit and is widened, never narrowed', () => {
    expect(format.formatSpanRange({ lo: 41_500, hi: 82_100 })).toBe('41–83 s')
    expect(format.formatSpanRange({ lo: 100_000, hi: 190_000 })).toBe('1–4 min')
    expect(format.formatSpanRange({ lo: 5000, hi: 5000 })).toBe('5 s')
  })

  test('large counts keep three digits and a suffix', () => {
    expect([999, 12_345, 4_200_000, 3.1e9].map((n) => format.formatBig(n))).toEqual([
      '999',
      '12.3 k',
      '4.20 M',
      '3.10 G',
    ])
  })

  test('counters read as the field writes them', () => {
    expect(counterName('pleExits')).toBe('PLE exits')
    expect(counterName('idlePcpuNs')).toBe('idle pCPU (ns)')
  })
})

describe('omissions', () => {
  test('a group without any pair is named alone, others with their schemes', () => {
    const left = (group: string, scheme: string) => ({
      group,
      scheme,
      runs: 0,
      failed: 0,
      missing: 1,
    })
    const omitted = [left('a', 'cfs'), left('a', 'gang'), left('b', 'gang')]
    const comparison = { omitted, schemes: ['cfs', 'gang'] } as unknown as Comparison
    expect(omittedText(comparison)).toBe('a, b × gang')
  })
})
