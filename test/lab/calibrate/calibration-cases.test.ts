// Calibrations in a lab: measured, kept, named by campaigns, and held against measured campaigns.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CalibratedHost } from '../../../src-main/core/contract/calibration.ts'
import { readCampaign } from '../../../src-main/core/simulate/read-campaign.ts'
import { CalibrationCases } from '../../../src-main/lab/calibrate/calibration-cases.ts'
import type { LabContext } from '../../../src-main/lab/context.ts'
import { WorkerPool } from '../../../src-main/lab/runner/pool.ts'
import { simulationWorkerEntry } from '../../../src-main/lab/runner/worker-entry.ts'
import { NO_USER_FILES } from '../../../src-main/lab/user-files/load-user-files.ts'
import type { Store } from '../../../src-main/store/index.ts'
import { open } from '../../store/library-fixture.ts'
import { CAMPAIGN, measuredCampaign } from './measured-campaign.ts'
import { simulatedAgent } from './simulated-agent.ts'

let store: Store
let pool: WorkerPool
const calibrated = new Map<string, CalibratedHost>()

const cases = (agent = simulatedAgent().agent) =>
  new CalibrationCases(
    { store, pool, userFiles: NO_USER_FILES } as unknown as LabContext,
    calibrated,
    (_host, _what, use) => use(agent),
  )

beforeAll(async () => {
  store = await open(':memory:')
  pool = new WorkerPool({ size: 2, entry: simulationWorkerEntry(), schemes: [] })
})
afterAll(async () => {
  await pool.close()
  await store.close()
})

describe('a calibration', () => {
  test('is kept under the host’s name, and is a preset from then on', async () => {
    const made = await cases().run({ host: 'bed' })
    expect(made).toMatchObject({ name: 'bed', host: 'bed', vm: 'bed-1' })
    expect((await cases().get('bed')).calibration).toEqual(made)
    expect(calibrated.get('bed')!.host.costs['ipiNs']).toBeCloseTo(14_000, -3)
    expect(await cases().list()).toMatchObject([{ name: 'bed', accel: 'tcg' }])
  })

  test('is told of as it goes, and ends with what was kept', async () => {
    const events = []
    for await (const event of cases().follow({ host: 'bed', name: 'again' })) events.push(event)
    expect(events.length).toBeGreaterThan(1)
    expect(events.slice(0, -1).every((event) => 'progress' in event)).toBe(true)
    expect(events.at(-1)).toMatchObject({ calibration: { name: 'again' } })
    expect(await cases().remove('again')).toEqual({ changed: 1 })
    expect(calibrated.has('again')).toBe(false)
  })

  test('that nobody follows any more is cancelled, and not kept', async () => {
    for await (const _event of cases().follow({ host: 'bed', name: 'left' })) break
    await expect(store.getCalibration('left')).rejects.toMatchObject({ code: 'not-found' })
  })
})

/** A run of the measured campaign, by app and scheme. */
async function runOf(campaignId: string, app: string, scheme: string): Promise<string> {
  const runs = await store.campaignRuns(campaignId, 'time')
  return runs.find(({ factors }) => factors.app === app && factors.scheme === scheme)!.runId
}

const OPTIONS = { calibration: null, seeds: 6 }

describe('a replay', () => {
  test('of a run under a scheme that was measured, too, meets that measurement', async () => {
    const id = await measuredCampaign(store, CAMPAIGN)
    const runId = await runOf(id, 'ring', 'stock')
    const other = { id: 'flexcore', params: { dynamic: false } }
    const replay = await cases().replay(runId, other, OPTIONS)
    expect(replay).toMatchObject({ app: 'ring', measuredScheme: 'stock', calibration: 'bed' })
    expect(replay.error.pairs).toBe(3)
    expect(replay.error.factor).toBeLessThan(1.2)
    const { lo, hi, value } = replay.timeNs
    expect(lo).toBeLessThan(value)
    expect(hi).toBeGreaterThan(value)
    expect(value / replay.checkNs!.value).toBeGreaterThan(0.8)
    expect(value / replay.checkNs!.value).toBeLessThan(1.25)
    expect(replay.speedup.value).toBeCloseTo(replay.measuredNs.value / value, 9)
  })

  test('under a scheme that only the simulator has needs no host for it', async () => {
    const id = await measuredCampaign(store, CAMPAIGN)
    const runId = await runOf(id, 'tlb', 'stock')
    const replay = await cases().replay(runId, { id: 'gang', params: {} }, OPTIONS)
    expect(replay).toMatchObject({ scheme: 'gang', checkNs: null, simulatedN: 6 })
  })

  test('has no band where too few cells were measured to know the error', async () => {
    const id = await measuredCampaign(store, CAMPAIGN.replace('app: [ring, ep, tlb]', 'app: [ep]'))
    const runId = await runOf(id, 'ep', 'stock')
    const replay = await cases().replay(runId, { id: 'pin', params: {} }, OPTIONS)
    expect(replay.error).toEqual({ pairs: 1, factor: null })
    expect(replay.timeNs).toMatchObject({ lo: null, hi: null })
  })

  test('under a scheme that nobody knows is refused', async () => {
    const id = await measuredCampaign(store, CAMPAIGN)
    const runId = await runOf(id, 'ep', 'stock')
    await expect(cases().replay(runId, { id: 'gnag', params: {} }, OPTIONS)).rejects.toMatchObject({
      code: 'bad-input',
    })
  })
})

describe('a prediction', () => {
  test('with the right costs meets what was measured, in every cell and direction', async () => {
    const id = await measuredCampaign(store, CAMPAIGN)
    const { cells, effects, errors, omitted } = await cases().predict(id, null, 6)
    expect(omitted).toEqual([])
    expect(cells.map(({ app, role }) => `${app} ${role}`)).toEqual([
      ...['ring fit', 'ring fit', 'ep held-out', 'ep held-out', 'tlb fit', 'tlb fit'],
    ])
    expect(errors.all.medianAbsolute).toBeLessThan(0.1)
    expect(effects.every(({ sameDirection }) => sameDirection)).toBe(true)
  })

  test('says which cells the simulator has nothing for, and why', async () => {
    const text = CAMPAIGN.replace('{ host: bed }', '{ host: bed, pcpus: [0, 1] }')
    const id = await measuredCampaign(store, text)
    const small = await store.getCalibration('bed')
    const topology = { ...small.topology, coresPerSocket: 4, coresPerLlc: 4 }
    await store.saveCalibration({ ...small, name: 'larger', topology })
    const { cells, omitted } = await cases().predict(id, 'larger', 1)
    expect(cells).toEqual([])
    expect(omitted).toHaveLength(6)
    expect(omitted[0]).toMatchObject({ app: 'ring', scheme: 'stock', mix: 'both' })
    expect(omitted[0]!.why).toMatch(/^it used 2 of the 4 pCPUs/)
  })

  test('of a simulated campaign is refused', async () => {
    const text = CAMPAIGN.replace('measured: { host: bed }', 'host: { preset: bed-2 }')
      .replace('stock, { id: flexcore, params: { dynamic: false } }', 'cfs')
      .replace('baseline: stock', 'baseline: cfs')
      .replace('app: [ring, ep, tlb]', 'app: [ep]')
      .replaceAll(/ {2}(?:ring|ep|tlb): \{ threads.*\n/g, '')
      .replace('appParams:\n', '')
    const campaign = readCampaign(text)
    if (!campaign.ok) throw new Error(JSON.stringify(campaign.error))
    const { id } = await store.createCampaign(campaign.value, [])
    await expect(cases().predict(id, 'bed', 1)).rejects.toMatchObject({ code: 'bad-input' })
  })
})
