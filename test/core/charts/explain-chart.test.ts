// What each harm costs, and a replay under another scheme: drawn, described, with their data.
import { describe, expect, it } from 'vitest'
import {
  darkTheme,
  explainChart,
  explainSteps,
  lightTheme,
  printTheme,
  replayChart,
} from '../../../src-main/core/charts/index.ts'
import type { ExplanationData } from '../../../src-main/core/contract/explanation.ts'
import type { Replay } from '../../../src-main/core/contract/replay.ts'
import { chartToSvg } from '../../../src-main/report/chart-svg.ts'

const around = (value: number) => ({ value, lo: value - 1e6, hi: value + 1e6 })

const cost = (harm: 'refill' | 'stacking', label: string, ns: number) => ({
  ...{ harm, label, off: 'never', contributionNs: around(ns), chargedNs: around(ns) },
  classes: [],
})

const EXPLANATION: ExplanationData = {
  ...{ kind: 'counterfactual', scenario: 'ep', scheme: 'cfs', seeds: [1, 2], ordersPerSeed: 2 },
  ...{ runs: 12, timeNs: around(1e8), workNs: around(5e7), restNs: around(7e7) },
  harms: [cost('refill', 'Cache refill', -1e7), cost('stacking', 'vCPU stacking', 4e7)],
}

const REPLAY: Replay = {
  ...{ runId: 'r', campaignId: 'c', campaign: 'Bed', calibration: 'bed', app: 'ep', mix: 'both' },
  ...{ measuredScheme: 'stock', simulatedScheme: 'eevdf', scheme: 'gang', simulatedAs: 'gang' },
  ...{ measuredNs: around(1e8), measuredN: 6, simulatedNs: around(9e7), otherNs: around(4.5e7) },
  ...{ simulatedN: 6, timeNs: { value: 5e7, lo: 4e7, hi: 6.25e7 }, stale: [] },
  ...{ speedup: { value: 2, lo: 1.6, hi: 2.5 }, error: { pairs: 5, factor: 1.25 }, checkNs: null },
}

describe('what each harm costs', () => {
  it('leads from the observed time to what is left, the costliest harm first', () => {
    const steps = explainSteps(EXPLANATION)
    expect(steps.map(({ label }) => label)).toEqual([
      ...['Observed time', 'vCPU stacking', 'Cache refill', 'What is left'],
    ])
    expect(steps.map(({ fromNs }) => fromNs)).toEqual([0, 6e7, 7e7, 0])
    expect(steps.at(-1)!.toNs).toBe(steps.at(-2)!.fromNs)
  })

  it.each([lightTheme, darkTheme, printTheme])('is drawn as counterfactual ($mode)', (theme) => {
    const chart = explainChart({ theme, widthPx: 640, explanation: EXPLANATION })
    const svg = chartToSvg(chart)
    expect(svg).toContain('COUNTERFACTUAL')
    expect(svg).not.toMatch(/NaN|Infinity/)
    expect(chart.description).toContain('vCPU stacking 40.00\u00a0ms')
    expect(chart.toRows().rows).toHaveLength(4)
  })
})

describe('a replay', () => {
  it.each([lightTheme, darkTheme, printTheme])('says what is what ($mode)', (theme) => {
    const chart = replayChart({ theme, widthPx: 640, replay: REPLAY })
    const svg = chartToSvg(chart)
    expect(svg).toContain('MEASURED AND SIMULATED AND COUNTERFACTUAL')
    expect(svg).not.toMatch(/NaN|Infinity/)
    expect(chart.description).toContain('band of a factor of 1.25 from 5 pairs')
    expect(chart.toRows().rows.at(-1)).toEqual([
      ...['Counterfactual', 'gang', 5e7, 4e7, 6.25e7, 'error of the calibration'],
    ])
  })

  it('without a band, and checked by a measurement, is drawn too', () => {
    const timeNs = { value: 5e7, lo: null, hi: null }
    const error = { pairs: 1, factor: null }
    const replay = { ...REPLAY, timeNs, error, checkNs: around(5.2e7) }
    const chart = replayChart({ theme: lightTheme, widthPx: 640, replay })
    expect(chartToSvg(chart)).not.toMatch(/NaN|Infinity/)
    expect(chart.description).toContain('no band')
    expect(chart.toRows().rows).toHaveLength(5)
  })
})
