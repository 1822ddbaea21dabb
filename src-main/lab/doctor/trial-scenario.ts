/** The smallest scenario that exercises the whole simulator, for a trial run. */
import { parse } from 'valibot'
import { ScenarioSchema } from '../../core/contract/scenario.ts'
import type { Scenario } from '../../core/contract/scenario.ts'

/** One VM with two vCPUs that computes for a moment. */
export const trialScenario = (): Scenario =>
  parse(ScenarioSchema, {
    kind: 'scenario',
    version: 1,
    name: 'trial run',
    host: { sockets: 1, coresPerSocket: 2, threadsPerCore: 1 },
    vms: [{ vcpus: 2, workload: { app: 'ep' } }],
  })
