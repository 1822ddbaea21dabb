// Costs that are no whole ns, as measurements and factors give them, end all the same.
import { expect, test } from 'vitest'
import { readScenarioValue } from '../../../src-main/core/simulate/read-scenario.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'

const run = (ipiNs: number, contextSwitchNs: number) => {
  const scenario = readScenarioValue({
    ...{ kind: 'scenario', version: 1, name: 'fractions' },
    host: { preset: 'bed-2', costs: { ipiNs, wakeNs: ipiNs } },
    guest: { contextSwitchNs, syscallNs: contextSwitchNs },
    vms: [0, 1].map(() => ({
      vcpus: 2,
      workload: { app: 'micro-ring', params: { iterations: 50 } },
    })),
    budget: { eventsMax: 1e5 },
  })
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.error))
  return simulate(scenario.value)
}

test('a run with costs of fractions of a ns ends, as with the nearest whole ones', () => {
  expect(run(14_031.807, 4507.8).traceHash).toBe(run(14_032, 4508).traceHash)
})
