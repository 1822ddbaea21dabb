// A preset `calibrated:NAME` becomes part of the file that names it.
import { describe, expect, test } from 'vitest'
import type { CalibratedHost } from '../../../src-main/core/contract/calibration.ts'
import { buildSpec } from '../../../src-main/core/simulate/build-spec.ts'
import { catalogue } from '../../../src-main/core/simulate/catalogue.ts'
import { expandCampaign } from '../../../src-main/core/simulate/expand-campaign.ts'
import { SHIPPED } from '../../../src-main/core/simulate/known.ts'
import { readCampaign, readCampaignValue } from '../../../src-main/core/simulate/read-campaign.ts'
import { readScenario, readScenarioValue } from '../../../src-main/core/simulate/read-scenario.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'

const BED: CalibratedHost = {
  host: {
    ...{ sockets: 1, coresPerSocket: 3, coresPerLlc: 3, threadsPerCore: 1 },
    costs: { ipiNs: 14_000, wakeNs: 30_000 },
  },
  guest: { syscallNs: 1200 },
  switches: { ple: false, haltPolling: false },
  apps: { ep: { chunks: 7 } },
}
const known = { ...SHIPPED, calibrated: new Map([['bed', BED]]) }

const scenario = (host: string): string => `
kind: scenario
version: 1
name: calibrated
host: { ${host} }
vms: [{ vcpus: 2, workload: { app: ep } }]
`

const campaign = `
kind: campaign
version: 1
name: calibrated
host: { preset: "calibrated:bed" }
axes:
  scheme: [cfs, flexcore]
  app: [ep, barrier]
  mix: [{ name: one, vms: [{ vcpus: 2, workload: { app: $app } }] }]
seeds: { count: 1 }
baseline: cfs
`

const read = (text: string) => {
  const value = readScenario(text, known)
  if (!value.ok) throw new Error(JSON.stringify(value.error))
  return value.value
}

describe('a calibrated host', () => {
  test('gives a scenario its topology, costs, guest, switches and apps', () => {
    const found = read(scenario('preset: "calibrated:bed"'))
    expect(found.host).toMatchObject({ coresPerSocket: 3, costs: { ipiNs: 14_000 } })
    expect(found.guest).toEqual({ syscallNs: 1200 })
    expect(found.switches).toMatchObject({ ple: false, pvLocks: 'none' })
    expect(found.vms[0]!.workload.params).toEqual({ chunks: 7 })
  })

  test('gives way to what the file says', () => {
    const found = read(scenario('preset: "calibrated:bed", coresPerSocket: 2, costs: {ipiNs: 1}'))
    expect(found.host.costs).toEqual({ ipiNs: 1, wakeNs: 30_000 })
    expect(found.host.coresPerSocket).toBe(2)
  })

  test('is what the simulator runs on, without the library', () => {
    const found = read(scenario('preset: "calibrated:bed"'))
    const again = readScenarioValue(structuredClone(found))
    expect(again).toEqual({ ok: true, value: found })
    const spec = buildSpec(found)
    expect(spec.ok && spec.value.costs.ipiNs).toBe(14_000)
    expect(spec.ok && spec.value.topology.coresPerSocket).toBe(3)
    expect(simulate(found).timeNs).toBeGreaterThan(0)
  })

  test('is in each cell of a campaign, with its apps’ parameters', () => {
    const found = readCampaign(campaign, known)
    if (!found.ok) throw new Error(JSON.stringify(found.error))
    const cells = expandCampaign(found.value, known)
    if (!cells.ok) throw new Error(JSON.stringify(cells.error))
    expect(cells.value).toHaveLength(4)
    for (const { scenario: cell } of cells.value) expect(cell.host.costs['ipiNs']).toBe(14_000)
    const ep = cells.value.find(({ factors }) => factors.app === 'ep')!
    expect(ep.scenario.vms[0]!.workload.params).toEqual({ chunks: 7 })
    expect(readCampaignValue(structuredClone(found.value))).toEqual(found)
  })

  test('that the library lacks is refused, with the ones that there are', () => {
    const found = readScenario(scenario('preset: "calibrated:bad"'), known)
    expect(!found.ok && found.error[0]).toMatchObject({
      path: 'host.preset',
      message: 'this library holds no calibration "bad"',
      hint: 'did you mean "calibrated:bed"?',
    })
    const none = readScenario(scenario('preset: "calibrated:bed"'))
    expect(!none.ok && none.error[0]!.hint).toBe('make one: flexlab calibrate HOST')
  })

  test('stands in the catalogue with its costs and where they come from', () => {
    const host = catalogue(known).hosts.find(({ id }) => id === 'calibrated:bed')!
    expect(host).toMatchObject({ coresPerSocket: 3, title: 'bed, as calibrated' })
    const ipi = host.costs.find(({ key }) => key === 'ipiNs')!
    expect(ipi).toMatchObject({ value: 14_000, source: 'measured: calibration bed' })
  })

  test.each([
    'host: 3',
    'host: [1]',
    'host: { preset: 4 }',
    'host: { preset: "calibrated:bed", costs: 5 }',
  ])('leaves a malformed file to the schema: %s', (line) => {
    const text = scenario('').replace('host: {  }', line)
    expect(readScenario(text, known).ok).toBe(false)
  })
})
