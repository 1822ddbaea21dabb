// Online vCPUs against load: of a run measured on the bed (fixtures/bed-series.json: ep under
// flexcore with hotplug, two VMs of 2 vCPUs on 2 pCPUs, emulated, 2026-11-24), and awkward ones.
import { describe, expect, it } from 'vitest'
import * as v from 'valibot'
import {
  darkTheme,
  lightTheme,
  loadChart,
  printTheme,
  toCsv,
} from '../../../src-main/core/charts/index.ts'
import { evenSeries } from '../../../src-main/core/charts/even-series.ts'
import { RunSeriesSchema } from '../../../src-main/core/contract/result.ts'
import type { RunSeries } from '../../../src-main/core/contract/result.ts'
import { loadSeries } from '../../../src-main/core/trace/load-series.ts'
import type { TraceHeader } from '../../../src-main/core/contract/trace.ts'
import { chartToSvg } from '../../../src-main/report/chart-svg.ts'
import bed from './fixtures/bed-series.json' with { type: 'json' }

const BED = v.parse(RunSeriesSchema, bed.series)

const nothing: RunSeries = { endNs: [], vms: [{ name: 'a', online: [], used: [], waiting: [] }] }

const unknownCounts: RunSeries = {
  endNs: [1e8, 2e8, 3e8],
  vms: [{ name: 'a', online: [null, 2, null], used: [1, 0.5, 0], waiting: [0, 1, 0] }],
}

const manyVms: RunSeries = {
  endNs: Array.from({ length: 500 }, (_, i) => (i + 1) * 1e7),
  vms: Array.from({ length: 16 }, (_, vm) => ({
    name: `<b>a very long name of a virtual machine & "${vm}"`,
    online: Array.from({ length: 500 }, (_, i) => 1 + ((i >> 5) % 8)),
    used: Array.from({ length: 500 }, (_, i) => (i % 10) / 5),
    waiting: Array.from({ length: 500 }, (_, i) => (i % 7) / 3),
  })),
}

const SERIES: readonly (readonly [string, RunSeries])[] = [
  ['a run on the bed', BED],
  ['a run without intervals', nothing],
  ['a run without VMs', { endNs: [5], vms: [] }],
  ['a run whose counts are not ours to say', unknownCounts],
  ['16 VMs with 500 intervals', manyVms],
]

const chartOf = (series: RunSeries, theme = lightTheme) =>
  loadChart({ theme, widthPx: 640, kind: 'measured', name: 'ep', series, vcpus: { 'lab-1': 2 } })

describe.each(SERIES)('online vCPUs and load of %s', (_name, series) => {
  it.each([lightTheme, darkTheme, printTheme])('are drawn ($mode)', (theme) => {
    const svg = chartToSvg(chartOf(series, theme))
    expect(svg).toContain('MEASURED')
    expect(svg).not.toMatch(/NaN|Infinity/)
  })

  it('are in the table, and are described', () => {
    const chart = chartOf(series)
    const [vm] = evenSeries(series)
    const rows = series.vms.length * (vm?.intervals.length ?? 0)
    expect(chart.toRows().rows).toHaveLength(rows)
    expect(toCsv(chart.toRows())).not.toMatch(/NaN|Infinity/)
    expect(chart.description).toMatch(/^Measured\. Online vCPUs and load over time of ep\./)
  })
})

describe('the series of the run on the bed', () => {
  const [first, second] = evenSeries(BED)

  it('shows the resizes: lab-1 had two vCPUs from 0.9 to 1.3 s, lab-2 from 2.3 s on', () => {
    const grown = (load = first) => load!.intervals.filter(({ online }) => online === 2)
    expect(grown(first).map(({ startNs }) => Math.round(startNs / 1e8))).toEqual([9, 10, 12])
    expect(grown(second).map(({ startNs }) => Math.round(startNs / 1e8))).toEqual([23, 24])
    expect(chartOf(BED).description).toContain('lab-1: 1 to 2 vCPUs online')
  })

  it('has no interval shorter than half of the others, and no time or load is lost', () => {
    const lengths = first!.intervals.map(({ startNs, endNs }) => endNs - startNs)
    const median = lengths.toSorted((a, b) => a - b)[Math.floor(lengths.length / 2)]!
    expect(Math.min(...lengths)).toBeGreaterThan(median / 2)
    expect(first!.intervals.at(-1)!.endNs).toBe(BED.endNs.at(-1))
    const areaOf = (values: readonly number[], ends: readonly number[]) =>
      values.reduce((sum, value, i) => sum + value * (ends[i]! - (ends[i - 1] ?? 0)), 0)
    const shown = first!.intervals
    expect(
      areaOf(
        shown.map(({ used }) => used),
        shown.map(({ endNs }) => endNs),
      ),
    ).toBeCloseTo(areaOf(BED.vms[0]!.used, BED.endNs), -2)
  })

  it('says when nobody can tell how many vCPUs are online', () => {
    expect(
      chartOf({ ...BED, vms: [{ ...BED.vms[0]!, online: BED.endNs.map(() => null) }] }).description,
    ).toContain('lab-1: an unknown number of vCPUs online')
  })
})

describe('the series of a simulated run', () => {
  const header: TraceHeader = {
    ...{ version: 1, pcpus: 1, endNs: 3 * 2 ** 18, intervals: 9, points: 0, truncatedAtNs: null },
    vms: [{ name: 'vm1', app: 'ep', vcpus: 2, threads: 1, mutexes: 0, spinLocks: 0 }],
    ...{ levels: [18], traceHash: '' },
  }

  it('comes from a level of its trace: offline vCPUs are not online, held ones wait', () => {
    const half = 2 ** 17
    // Track 0 is the pCPU; 1 and 2 are the vCPUs; 3 is the thread.
    const blocks = [
      { track: 0, bucket: [0], state: [1], ns: [half] },
      { track: 1, bucket: [0, 1], state: [3, 2], ns: [2 * half, half] },
      { track: 2, bucket: [0, 1, 1, 2], state: [0, 0, 4, 1], ns: [2 * half, half, half, 2 * half] },
      { track: 3, bucket: [1], state: [3], ns: [half] },
    ]
    expect(loadSeries(header, { level: 18, blocks })).toEqual({
      endNs: [2 ** 18, 2 ** 19, 3 * 2 ** 18],
      vms: [{ name: 'vm1', online: [1, 1.5, 2], used: [1, 0, 0], waiting: [0, 1, 0] }],
    })
  })
})
