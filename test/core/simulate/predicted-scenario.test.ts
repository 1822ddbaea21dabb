// A measured scenario as the simulator would run it, or why it cannot.
import { describe, expect, test } from 'vitest'
import type { CalibratedHost } from '../../../src-main/core/contract/calibration.ts'
import type { Scenario, ScenarioInput } from '../../../src-main/core/contract/scenario.ts'
import { predictedScenario } from '../../../src-main/core/simulate/predicted-scenario.ts'
import { readScenarioValue } from '../../../src-main/core/simulate/read-scenario.ts'

const preset: CalibratedHost = {
  host: {
    ...{ sockets: 1, coresPerSocket: 2, coresPerLlc: 2, threadsPerCore: 1 },
    costs: { ipiNs: 14_000 },
  },
  guest: { syscallNs: 700 },
  switches: { ple: false, haltPolling: false },
  apps: { 'micro-ring': { pipeNs: 900 } },
}
const host = { name: 'bed', stockScheme: 'eevdf', preset, pcpus: 2 } as const

type Workload = ScenarioInput['vms'][number]['workload']

function measured(workload: Workload, more: Partial<ScenarioInput> = {}): Scenario {
  const read = readScenarioValue({
    ...{ kind: 'scenario', version: 1, name: 'one' },
    vms: [{ name: 'a', vcpus: 2, iterations: 3, workload }],
    scheme: { id: 'stock' },
    measured: { host: 'bed' },
    ...more,
  })
  if (!read.ok) throw new Error(JSON.stringify(read.error))
  return read.value
}

const ring: Workload = { app: 'ring', params: { threads: 2, iterations: 50, loopsPerUs: 9 } }

describe('a measured scenario', () => {
  test('is simulated by the mode’s model, with the same options and the calibrated ones', () => {
    const made = predictedScenario(measured(ring), host)
    expect(made.ok && made.value.vms[0]).toMatchObject({
      ...{ name: 'a', vcpus: 2, iterations: 3 },
      workload: { app: 'micro-ring', params: { threads: 2, iterations: 50, pipeNs: 900 } },
    })
    expect(made.ok && made.value.vms[0]!.workload.params).not.toHaveProperty('loopsPerUs')
  })

  test('runs on the calibrated host, under what stands for its scheme', () => {
    const made = predictedScenario(measured(ring), host)
    expect(made.ok && made.value).toMatchObject({
      host: { preset: 'calibrated:bed', costs: { ipiNs: 14_000 } },
      guest: { syscallNs: 700 },
      scheme: { id: 'eevdf' },
      switches: { ple: false },
    })
    expect(made.ok && made.value.measured).toBeUndefined()
  })

  test('of a command is simulated by the app of that name, if there is one', () => {
    const program: Workload['program'] = {
      kind: 'command',
      argv: ['/bin/dedup'],
      output: { kind: 'elapsed' },
    }
    const known = predictedScenario(measured({ app: 'dedup', program }), host)
    expect(known.ok && known.value.vms[0]!.workload.app).toBe('dedup')
    const unknown = predictedScenario(measured({ app: 'mysql', program }), host)
    expect(unknown).toEqual({ ok: false, error: 'the simulator has no model of "mysql"' })
  })

  test('on some of the host’s pCPUs cannot be simulated', () => {
    const some = measured(ring, { measured: { host: 'bed', pcpus: [0] } })
    const made = predictedScenario(some, host)
    expect(!made.ok && made.error).toMatch(/^it used 1 of the 2 pCPUs/)
  })
})
