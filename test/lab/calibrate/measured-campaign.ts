// A campaign that was "measured" on a simulated host with known costs, in a library.
import type { CalibratedHost } from '../../../src-main/core/contract/calibration.ts'
import type { RunResult, RunSeries } from '../../../src-main/core/contract/result.ts'
import type { Scenario } from '../../../src-main/core/contract/scenario.ts'
import { expandCampaign } from '../../../src-main/core/simulate/expand-campaign.ts'
import { predictedScenario } from '../../../src-main/core/simulate/predicted-scenario.ts'
import { readCampaign } from '../../../src-main/core/simulate/read-campaign.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import type { Store } from '../../../src-main/store/index.ts'
import { machine } from '../../store/library-fixture.ts'
import bed from '../../core/charts/fixtures/bed-series.json' with { type: 'json' }
import { COSTS } from './simulated-agent.ts'

/** Three apps under two schemes, on two VMs. */
export const CAMPAIGN = `
kind: campaign
version: 1
name: Bed
measured: { host: bed }
axes:
  app: [ring, ep, tlb]
  scheme: [stock, { id: flexcore, params: { dynamic: false } }]
  mix:
    - name: both
      vms:
        - { name: a, vcpus: 2, workload: { app: $app } }
        - { name: b, vcpus: 2, workload: { app: $app } }
appParams:
  ring: { threads: 2, iterations: 400 }
  ep: { threads: 2, iterations: 20, workNs: 1000000 }
  tlb: { threads: 2, iterations: 50 }
seeds: { count: 6 }
baseline: stock
`

/** The host that is measured: a simulated one with these costs. */
const TRUTH: CalibratedHost = {
  host: {
    ...{ sockets: 1, coresPerSocket: 2, coresPerLlc: 2, threadsPerCore: 1 },
    costs: { ...COSTS.host, l2Kib: 2048, llcKib: 32_768 },
  },
  guest: { ...COSTS.guest },
  switches: { ple: false, haltPolling: false },
  apps: { 'micro-ring': { pipeNs: COSTS.pipeNs }, 'micro-tlb': { ...COSTS.tlb } },
}

/** As a run on the bed was sampled. */
const SERIES: RunSeries = {
  endNs: bed.series.endNs,
  vms: bed.series.vms.map((vm, i) => ({ ...vm, name: ['a', 'b'][i]! })),
}

const HOST = { name: 'truth', stockScheme: 'eevdf', preset: TRUTH, pcpus: 2 } as const

function measure(scenario: Scenario): RunResult {
  const twin = predictedScenario(scenario, HOST)
  if (!twin.ok) throw new Error(twin.error)
  const result = simulate({ ...twin.value, seed: scenario.seed + 100 })
  const vms = result.vms.map((vm) => ({ ...vm, attributionNs: null }))
  return { ...result, vms, series: SERIES, kind: 'measured', events: 0, traceHash: '' }
}

/** Runs the campaign's cells on that host, and keeps them; gives back its id. */
export async function measuredCampaign(store: Store, text: string): Promise<string> {
  const campaign = readCampaign(text)
  if (!campaign.ok) throw new Error(JSON.stringify(campaign.error))
  const cells = expandCampaign(campaign.value)
  if (!cells.ok) throw new Error(JSON.stringify(cells.error))
  const { id } = await store.createCampaign(campaign.value, cells.value)
  for (const { index, scenario } of cells.value) {
    await store.startCell(id, index)
    await store.finishCell(id, index, scenario, measure(scenario), machine)
  }
  return id
}
