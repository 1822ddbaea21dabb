/** Every chart with every awkward comparison: no NaN, a label, a description, a data table. */
import { describe, expect, it } from 'vitest'
import {
  attributionBars,
  attributionChart,
  barsChart,
  besideChart,
  contenders,
  darkTheme,
  ecdfChart,
  heatmapChart,
  improvementChart,
  interferenceChart,
  lightTheme,
  printTheme,
  slopeChart,
  spreadLabels,
  toCsv,
  waterfallChart,
} from '../../../src-main/core/charts/index.ts'
import type { Chart, ChartFrame } from '../../../src-main/core/charts/index.ts'
import type { Comparison } from '../../../src-main/core/contract/comparison.ts'
import { ALL_SCHEMES, APPS, BAND, syntheticComparison } from './synthetic-comparison.ts'

const LONG = 'a name of two hundred characters '.repeat(7).slice(0, 200)

const COMPARISONS: readonly (readonly [string, Comparison])[] = [
  ['13 apps × 5 schemes', syntheticComparison()],
  ['13 apps × 18 schemes', syntheticComparison({ schemes: ALL_SCHEMES })],
  ['one app', syntheticComparison({ groups: ['x264'] })],
  ['one run a cell', syntheticComparison({ repetitions: 1 })],
  ['all times equal', syntheticComparison({ shape: 'ties' })],
  ['one scheme that always wins', syntheticComparison({ shape: 'winner' })],
  ['missing rows', syntheticComparison({ missing: (g, s) => (g + s).length % 3 === 0 })],
  ['a missing baseline', syntheticComparison({ missing: (_, s) => s === 'cfs' })],
  ['no row at all', syntheticComparison({ missing: () => true })],
  ['no group at all', syntheticComparison({ groups: [] })],
  ['names of 200 characters', syntheticComparison({ groups: [LONG], schemes: ['cfs', LONG] })],
  ['a value that is not a number', withValue(Number.NaN)],
  ['an infinite value', withValue(Number.POSITIVE_INFINITY)],
  ['a zero', withValue(0)],
]

function withValue(value: number): Comparison {
  const comparison = syntheticComparison()
  const estimate = { value, lo: value, hi: value }
  const [first, second, ...rest] = comparison.rows
  const broken = { ...second!, ratio: estimate, speedup: estimate, timeSaved: estimate }
  return { ...comparison, rows: [first!, broken, ...rest] }
}

/** A matrix from whatever rows there are: each app beside the next. */
function interferenceOfRows({ rows }: Comparison) {
  const cells = rows.map(({ group, ratio, pairs }, i) => {
    const beside = rows[(i + 7) % rows.length]?.group ?? 'nothing'
    return { app: group, beside, slowdown: ratio, vms: pairs }
  })
  return { scheme: LONG, reference: 'alone', cells }
}

function chartsOf(comparison: Comparison, frame: ChartFrame): readonly Chart[] {
  const scheme = contenders(comparison)[0] ?? 'flexcore'
  const bars = attributionBars(comparison)
  const band = { band: BAND, reading: 'speedup' } as const
  return [
    barsChart({ ...frame, comparison }),
    barsChart({ ...frame, comparison, band }),
    improvementChart({ ...frame, comparison, scheme }),
    improvementChart({ ...frame, comparison, scheme, band: BAND }),
    heatmapChart({ ...frame, comparison }),
    ecdfChart({ ...frame, comparison }),
    slopeChart({ ...frame, comparison, scheme }),
    besideChart({ ...frame, first: comparison, second: { ...comparison, campaignName: 'other' } }),
    interferenceChart({ ...frame, kind: comparison.kind, ...interferenceOfRows(comparison) }),
    attributionChart({ ...frame, kind: comparison.kind, bars }),
    ...comparison.rows
      .slice(0, 2)
      .flatMap(({ group, attributionNs }) =>
        attributionNs === null
          ? []
          : waterfallChart({ ...frame, kind: comparison.kind, name: group, attributionNs }),
      ),
  ]
}

/** Paths of the numbers in a value that are not finite. */
function notFinite(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([k, v]) => notFinite(v, `${path}.${k}`))
}

describe.each(COMPARISONS)('charts of %s', (_name, comparison) => {
  for (const theme of [lightTheme, darkTheme, printTheme]) {
    it(`hold only finite numbers (${theme.mode})`, () => {
      for (const chart of chartsOf(comparison, { theme, widthPx: 600 })) {
        expect(notFinite({ ...chart, option: chart.option }), chart.id).toEqual([])
        expect(chart.heightPx).toBeGreaterThan(0)
      }
    })
  }

  it('say how the numbers came to be, also without a title', () => {
    for (const showTitle of [true, false]) {
      for (const chart of chartsOf(comparison, { theme: lightTheme, widthPx: 600, showTitle })) {
        expect(JSON.stringify(chart.option['title'])).toContain('SIMULATED')
        expect(chart.description).toMatch(/^Simulated\./)
      }
    }
  })

  it('have a table with as many cells a row as columns', () => {
    for (const chart of chartsOf(comparison, { theme: lightTheme, widthPx: 600 })) {
      const { columns, rows } = chart.toRows()
      for (const row of rows) expect(row.length).toBe(columns.length)
      expect(toCsv({ columns, rows })).not.toMatch(/NaN|Infinity/)
    }
  })
})

describe('motion', () => {
  const comparison = syntheticComparison({ groups: ['x264'] })
  const isAnimated = (theme: typeof lightTheme) =>
    chartsOf(comparison, { theme, widthPx: 600 }).map((c) => c.option.animation)

  it('is there on a screen', () => {
    expect(new Set(isAnimated(lightTheme))).toEqual(new Set([true]))
  })

  it('is off where the reader wants less of it', () => {
    const quiet = { ...lightTheme, reducedMotion: true }
    expect(new Set(isAnimated(quiet))).toEqual(new Set([false]))
  })

  it('is off on paper', () => {
    const paper = { ...printTheme, reducedMotion: false }
    expect(new Set(isAnimated(paper))).toEqual(new Set([false]))
  })
})

describe('every chart', () => {
  it('is described to who cannot see it', () => {
    const comparison = syntheticComparison()
    for (const chart of chartsOf(comparison, { theme: lightTheme, widthPx: 600 })) {
      expect(chart.option.aria).toMatchObject({
        enabled: true,
        label: { description: chart.description },
      })
    }
  })

  it('is the same for the same data', () => {
    const text = () =>
      JSON.stringify(
        chartsOf(syntheticComparison(), { theme: printTheme, widthPx: 500 }).map((c) => c.option),
      )
    expect(text()).toBe(text())
  })

  it('keeps names out of the tooltip markup', () => {
    const name = '<img src=x onerror=alert(1)>'
    const comparison = syntheticComparison({ groups: [name], schemes: ['cfs', name] })
    const series = barsChart({ theme: lightTheme, widthPx: 600, comparison }).option.series
    const bars = (series as { tooltip: { formatter: (p: object) => string } }[])[0]!
    const tip = bars.tooltip.formatter({ dataIndex: 1 })
    expect(tip).not.toContain('<img')
    expect(tip).toContain('&lt;img')
  })
})

describe('the bars', () => {
  const comparison = syntheticComparison({ groups: APPS.slice(0, 4) })

  it('start at zero', () => {
    const axes = barsChart({ theme: lightTheme, widthPx: 600, comparison }).option.xAxis
    for (const axis of axes as { min: number }[]) expect(axis.min).toBe(0)
  })

  it('carry each repetition as a ratio to the baseline run of the same seed', () => {
    const { columns, rows } = barsChart({ theme: lightTheme, widthPx: 600, comparison }).toRows()
    const at = columns.findIndex((c) => c.key === 'repetitions')
    const row = comparison.rows[1]!
    const base = comparison.rows[0]!
    const first = row.sample.valuesNs[0]! / base.sample.valuesNs[0]!
    expect(String(rows[1]![at]).split(' ')).toHaveLength(5)
    expect(rows[1]![at]).toContain(`1:${first}`)
  })

  it('draw a published band only where asked', () => {
    const band = { band: BAND, reading: 'timeSaved' } as const
    const count = (chart: Chart) => (chart.option.series as unknown[]).length
    const plain = count(barsChart({ theme: lightTheme, widthPx: 600, comparison }))
    const marked = count(barsChart({ theme: lightTheme, widthPx: 600, comparison, band }))
    expect(marked - plain).toBe(comparison.groups.length)
  })
})

describe('the distribution functions', () => {
  const comparison = syntheticComparison({ groups: ['x264'], repetitions: 7 })

  it('rise by 1/n at each repetition, from 0 to 1', () => {
    const { series } = ecdfChart({ theme: lightTheme, widthPx: 600, comparison }).option
    for (const { data } of series as { data: [number, number][] }[]) {
      expect(data).toHaveLength(8)
      expect(data.map(([, share]) => share)).toEqual([...Array(8).keys()].map((i) => i / 7))
      expect(data.map(([ns]) => ns)).toEqual(data.map(([ns]) => ns).toSorted((a, b) => a - b))
    }
  })
})

describe('the labels of the slopes', () => {
  it('keep their order and their distance, within the plot', () => {
    const placed = spreadLabels([0, 1, 2, 99, 100], 12, 100)
    expect(placed).toEqual([0, 12, 24, 88, 100])
  })

  it('stay where they are where there is room', () => {
    expect(spreadLabels([80, 10, 40], 12, 100)).toEqual([80, 10, 40])
  })
})

describe('two campaigns side by side', () => {
  const first = syntheticComparison({ groups: ['x264', 'vips'], schemes: ['cfs', 'gang'] })
  const second = {
    ...syntheticComparison({ groups: ['vips', 'dedup'], schemes: ['cfs', 'gang'], seed: 2 }),
    kind: 'measured' as const,
  }
  const chart = besideChart({ theme: lightTheme, widthPx: 600, first, second })

  it('carry both kinds, in the picture and in the table', () => {
    expect(JSON.stringify(chart.option['title'])).toContain('SIMULATED AND MEASURED')
    const labels = chart.toRows().columns.map((column) => column.label)
    expect(labels).toContain('Simulated: ratio')
    expect(labels).toContain('Measured: ratio')
  })

  it('show only what both have', () => {
    expect(chart.toRows().rows.map((row) => row[0])).toEqual(['vips'])
  })
})
