// Calibrations from the command line: shown, named by scenarios, held against measured campaigns.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeCalibration } from '../../../src-main/core/calibrate/calibration.ts'
import { measureHost } from '../../../src-main/lab/calibrate/measure-host.ts'
import { CAMPAIGN, measuredCampaign } from '../../lab/calibrate/measured-campaign.ts'
import { simulatedAgent } from '../../lab/calibrate/simulated-agent.ts'
import { open } from '../../store/library-fixture.ts'
import { Workplace } from './flexlab.ts'

const SCENARIO = `
kind: scenario
version: 1
name: calibrated
host: { preset: "calibrated:bed" }
vms: [{ vcpus: 2, workload: { app: micro-ring, params: { iterations: 100 } } }]
`

describe('a library with a calibration and a measured campaign', () => {
  const place = new Workplace()

  beforeAll(async () => {
    const store = await open(place.database)
    const now = () => new Date('2026-11-24T10:00:00.000Z')
    const found = await measureHost(simulatedAgent().agent, null, now)
    const createdAt = now().toISOString()
    await store.saveCalibration(
      makeCalibration({ name: 'bed', host: 'bed', ...found, createdAt, tookMs: 61_000 }),
    )
    await measuredCampaign(store, CAMPAIGN)
    await store.close()
    return () => place.remove()
  })

  it('lists it', async () => {
    const { code, stdout } = await place.flexlab('calibration', 'list')
    expect(code).toBe(0)
    expect(stdout).toMatch(/bed +bed +bed-1 +tcg +2026-11-24T10:00:00.000Z/)
  })

  it('shows its parameters, checks and resizes, and how to use it', async () => {
    const { code, stdout } = await place.flexlab('calibration', 'show', 'bed')
    expect(code).toBe(0)
    expect(stdout).toMatch(/Measured · calibration bed/)
    expect(stdout).toMatch(/host +ipiNs +14\.\d+ µs/)
    expect(stdout).toMatch(/stacked +\d+/)
    expect(stdout).toMatch(/hotplug +idle +55\.0 ms/)
    expect(stdout).toContain('host: { preset: "calibrated:bed" }')
  })

  it('simulates a scenario that names it', async () => {
    const file = place.write('scenario.yaml', SCENARIO)
    const { code, stdout } = await place.flexlab('simulate', file, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'simulated' })
  })

  it('puts the campaign beside its simulation, and draws it', async () => {
    const chart = path.join(place.folder, 'plot.svg')
    const { code, stdout } = await place.flexlab('predict', 'latest', '--chart', chart)
    expect(code).toBe(0)
    expect(stdout).toMatch(/ring +stock +both .* in the fit/)
    expect(stdout).toMatch(/ep +stock +both .* held out/)
    expect(stdout).toMatch(/all cells: median \|error\| \d+ %/)
    expect(readFileSync(chart, 'utf8')).toContain('Predicted and measured')
  })

  it('replays a measured run under another scheme, with the band of its error', async () => {
    const { code, stdout } = await place.flexlab('replay', 'latest', '--scheme', 'gang')
    expect(code).toBe(0)
    expect(stdout).toMatch(/Counterfactual · tlb, both under gang/)
    expect(stdout).toMatch(/counterfactual +gang +[\d.]+ m?s +band/)
    expect(stdout).toMatch(/within a factor of [\d.]+ in 80 % of 3 pairs/)
  })

  it('shows how a measured run went: as a table, as CSV, as JSON, and drawn', async () => {
    const chart = path.join(place.folder, 'load.svg')
    const { code, stdout } = await place.flexlab('run', 'latest', '--series', '--chart', chart)
    expect(code).toBe(0)
    expect(stdout).toMatch(/Measured · .* · online vCPUs and load over time/)
    expect(stdout).toMatch(/1\.184 s +2 +0\.08 +0\.33/)
    const csv = (await place.flexlab('run', 'latest', '--csv')).stdout.trimEnd().split('\n')
    expect(csv).toHaveLength(1 + 2 * 28)
    expect(csv[0]).toMatch(/^VM,From \(ns\),To \(ns\),vCPUs online/)
    expect(await place.json('run', 'latest', '--series')).toMatchObject({ kind: 'measured' })
    expect(readFileSync(chart, 'utf8')).toContain('MEASURED')
  })

  it('says what to do about a calibration that it lacks', async () => {
    const { code, stderr } = await place.flexlab('calibration', 'show', 'other')
    expect(code).not.toBe(0)
    expect(stderr).toContain('make one: flexlab calibrate HOST')
  })
})
