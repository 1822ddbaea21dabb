// The identity plot of every awkward prediction: finite, described, with its data behind it.
import { describe, expect, it } from 'vitest'
import {
  darkTheme,
  identityChart,
  lightTheme,
  printTheme,
  toCsv,
} from '../../../src-main/core/charts/index.ts'
import { placeLabels } from '../../../src-main/core/charts/place-labels.ts'
import { errorOf } from '../../../src-main/core/calibrate/prediction.ts'
import type { PredictedCell, Prediction } from '../../../src-main/core/contract/calibration.ts'
import { chartToSvg } from '../../../src-main/report/chart-svg.ts'

const nothing = { cpuShare: null, delayShare: null, foreignShare: null }

const cell = (
  app: string,
  scheme: string,
  measuredMs: number,
  simulatedMs: number,
  role: PredictedCell['role'] = 'held-out',
): PredictedCell => {
  const estimate = (ms: number) => ({ value: ms * 1e6, lo: ms * 0.8e6, hi: ms * 1.3e6 })
  return {
    ...{ app, scheme, mix: '2 × 2 vCPUs', simulatedScheme: scheme, role },
    ...{ measuredNs: estimate(measuredMs), measuredN: 6 },
    ...{ simulatedNs: estimate(simulatedMs), simulatedN: 6 },
    ratio: simulatedMs / measuredMs,
    ...{ overlaps: true, disturbed: false, measuredEvidence: nothing, simulatedEvidence: nothing },
  }
}

const predictionOf = (cells: PredictedCell[]): Prediction => ({
  ...{ campaignId: 'c', campaign: 'Bed', calibration: 'bed', baseline: 'stock', cells },
  ...{ effects: [], omitted: [], stale: [] },
  errors: {
    ...{ all: errorOf(cells), fit: errorOf([]), heldOut: errorOf(cells) },
    undisturbed: errorOf(cells),
  },
})

const APPS = ['ring', 'tlb', 'ep', 'barrier', 'spin-barrier', 'mutex', 'spin', 'ticket']
const SCHEMES = ['stock', 'pin', 'vcpu-bal', 'flexcore(resize=hotplug)', 'flexcore']

const many = APPS.flatMap((app, a) =>
  SCHEMES.map((scheme, s) =>
    cell(app, scheme, 2 ** a * (s + 1), 2 ** a * (s + 1) * (0.5 + ((a * 7 + s * 3) % 10) / 5)),
  ),
)

const PREDICTIONS: readonly (readonly [string, Prediction])[] = [
  ['8 apps × 5 schemes', predictionOf(many)],
  ['one cell', predictionOf([cell('ep', 'stock', 100, 100)])],
  ['no cell', predictionOf([])],
  ['equal cells', predictionOf(many.map(() => cell('ep', 'stock', 10, 10)))],
  ['a cell without an interval', predictionOf([withoutInterval(cell('ep', 'stock', 5, 6))])],
  ['a simulated time of 0', predictionOf([cell('ep', 'stock', 5, 0), cell('ep', 'pin', 5, 6)])],
  ['a name with markup', predictionOf([cell('<b>&"x"</b>', 'stock', 5, 50)])],
]

function withoutInterval(one: PredictedCell): PredictedCell {
  return { ...one, measuredNs: { ...one.measuredNs, lo: null, hi: null } }
}

describe.each(PREDICTIONS)('the identity plot of %s', (_name, prediction) => {
  it.each([lightTheme, darkTheme, printTheme])('is drawn ($mode)', (theme) => {
    const chart = identityChart({ theme, widthPx: 640, prediction })
    const svg = chartToSvg(chart)
    expect(svg).toContain('SIMULATED AND MEASURED')
    expect(svg).not.toMatch(/NaN|Infinity/)
  })

  it('has every cell in its table, and a description', () => {
    const chart = identityChart({ theme: lightTheme, widthPx: 640, prediction })
    expect(chart.toRows().rows).toHaveLength(prediction.cells.length)
    expect(toCsv(chart.toRows())).not.toMatch(/NaN|Infinity/)
    expect(chart.description).toMatch(/^Simulated against measured times of \d+ cells/)
  })
})

describe('names beside points', () => {
  const at = { widthPx: 200, fontSize: 10, gapPx: 5 }

  it('stand right of their points, else left', () => {
    const points = [10, 190].map((x) => ({ text: 'ring', x, y: 50 }))
    expect(placeLabels(points, points, at)).toEqual([
      { index: 0, isLeft: false },
      { index: 1, isLeft: true },
    ])
  })

  it('are left out where they would run into one that came first', () => {
    const points = [100, 104, 108].map((x) => ({ text: 'ring', x, y: 50 }))
    expect(placeLabels(points, [], at).map(({ index }) => index)).toEqual([0, 1])
  })

  it('are left out where they would cover a mark', () => {
    const points = [{ text: 'ring', x: 100, y: 50 }]
    const marks = [85, 100, 120].map((x) => ({ x, y: 52 }))
    expect(placeLabels(points, marks, at)).toEqual([])
  })
})
