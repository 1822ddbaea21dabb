// Predicted beside measured: errors, effects and evidence, with nothing left out.
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { predict } from '../../../src-main/core/calibrate/prediction.ts'
import type { CellPair } from '../../../src-main/core/calibrate/prediction.ts'
import { PredictionSchema } from '../../../src-main/core/contract/calibration.ts'
import type { RunResult } from '../../../src-main/core/contract/result.ts'

const run = (
  kind: RunResult['kind'],
  timeNs: number,
  delayNs: number | null,
  foreignNs = 0,
): RunResult => ({
  ...{ kind, makespanNs: timeNs, timeNs, events: 0, wallMs: 1, traceHash: '' },
  counters: { foreignCpuNs: foreignNs },
  vms: [
    {
      ...{ name: 'vm1', app: 'ring', vcpus: 2, threads: 2, iterationNs: [timeNs] },
      ...{ iterationsAsked: 1, attributionNs: null, cpuNs: timeNs / 2 },
      counters: delayNs === null ? {} : { runDelayNs: delayNs },
    },
  ],
})

const pair = (
  app: string,
  scheme: string,
  measuredMs: readonly number[],
  simulatedMs: readonly number[],
): CellPair => ({
  ...{ app, scheme, mix: '2 × 2 vCPUs', simulatedScheme: scheme, pcpus: 2 },
  measured: measuredMs.map((ms) => run('measured', ms * 1e6, ms * 1e6)),
  simulated: simulatedMs.map((ms) => run('simulated', ms * 1e6, null)),
})

const around = (ms: number): readonly number[] =>
  [0.97, 0.98, 0.99, 1.01, 1.02, 1.03].map((f) => f * ms)

const about = {
  ...{ campaignId: 'c1', campaign: 'Bed', calibration: 'bed', baseline: 'stock' },
  ...{ stale: [], omitted: [{ app: 'ring', scheme: 'pin', mix: 'both', why: 'not simulated' }] },
}

const prediction = predict(
  about,
  [
    pair('ring', 'stock', around(100), around(50)),
    pair('ring', 'flexcore', around(10), around(10)),
    pair('tlb', 'stock', around(100), around(110)),
    pair('tlb', 'flexcore', around(40), around(120)),
  ],
  ['tlb'],
)

describe('a prediction', () => {
  test('is as its schema says', () => {
    expect(v.parse(PredictionSchema, prediction)).toEqual(prediction)
  })

  test('has each cell’s ratio, and whether the intervals meet', () => {
    const [stock, flexcore] = prediction.cells
    expect(stock!.ratio).toBeCloseTo(0.5)
    expect(stock!.overlaps).toBe(false)
    expect(flexcore!.ratio).toBeCloseTo(1)
    expect(flexcore!.overlaps).toBe(true)
  })

  test('marks the apps that took part in the fit, and holds the others out', () => {
    expect(prediction.cells.map(({ role }) => role)).toEqual([
      ...['held-out', 'held-out'],
      ...['fit', 'fit'],
    ])
    expect(prediction.errors.heldOut.cells).toBe(2)
    expect(prediction.errors.fit.cells).toBe(2)
  })

  test('gives the median error over all cells, the far ones as well', () => {
    // ratios 0.5, 1, 1.1, 3
    expect(prediction.errors.all.medianAbsolute).toBeCloseTo(0.3)
    expect(prediction.errors.all.medianFactor).toBeCloseTo((1.1 + 2) / 2)
    expect(prediction.errors.all.within25).toBe(2)
  })

  test('compares what a scheme changes, and whether both agree on the direction', () => {
    const [ring, tlb] = prediction.effects
    expect(ring).toMatchObject({ app: 'ring', scheme: 'flexcore', sameDirection: true })
    expect(ring!.measured).toBeCloseTo(10)
    expect(ring!.simulated).toBeCloseTo(5)
    expect(tlb!.sameDirection).toBe(false)
  })

  test('shows CPU time and run delay of both, and null where one is not observable', () => {
    const [stock] = prediction.cells
    expect(stock!.measuredEvidence.cpuShare).toBeCloseTo(0.25)
    expect(stock!.measuredEvidence.delayShare).toBeCloseTo(2 / 3)
    expect(stock!.simulatedEvidence.delayShare).toBeNull()
  })

  test('marks cells beside which other work ran, and counts the others apart', () => {
    const quiet = pair('ep', 'stock', around(10), around(10))
    const measured = around(10).map((ms) => run('measured', ms * 1e6, 0, 0.5 * ms * 1e6))
    const { cells, errors } = predict(about, [quiet, { ...quiet, measured }], [])
    expect(cells.map(({ disturbed }) => disturbed)).toEqual([false, true])
    expect(cells[1]!.measuredEvidence.foreignShare).toBeCloseTo(0.25)
    expect(errors.undisturbed.cells).toBe(1)
  })

  test('without cells has no error', () => {
    const empty = predict(about, [], [])
    expect(empty.errors.all).toEqual({
      ...{ cells: 0, medianAbsolute: null, medianFactor: null, within25: 0 },
    })
  })

  test('with few runs says that it does not know whether intervals meet', () => {
    const { cells } = predict(about, [pair('ep', 'stock', [1, 1], [1, 1])], [])
    expect(cells[0]!.overlaps).toBeNull()
  })
})
