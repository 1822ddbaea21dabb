/** What comparisons ask of a campaign beside its runs' times: VMs, settings, environments. */
import type { Factors } from '../core/contract/campaign.ts'
import type { Environment } from '../core/contract/library.ts'
import type { Scenario } from '../core/contract/scenario.ts'
import type { Connection } from './connection.ts'
import { campaignKey } from './keys.ts'
import type { CampaignSettings, CampaignVms } from './operations.ts'
import { HOST_INDEX } from './run-writer.ts'
import { getEnvironment } from './scenarios.ts'
import { readJson } from './stored-json.ts'

type VmRecord = {
  readonly runKey: number
  readonly seed: number
  readonly factors: string
  readonly makespanNs: number
  readonly host: string
  readonly pcpus: string | null
  readonly name: string
  readonly app: string
  readonly vcpus: number
  readonly cpuNs: number
  readonly iterationNs: string
  readonly iterationsAsked: number
  readonly workload: string
}

/** See StoreOperations. */
export function campaignVms(db: Connection, campaignId: string): CampaignVms[] {
  const key = campaignKey(db, campaignId)
  const records = db.all<VmRecord>(
    `SELECT r.run_key AS runKey, k.seed, k.factors, r.makespan_ns AS makespanNs,
      json_extract(s.json, '$.host') AS host, json_extract(s.json, '$.measured.pcpus') AS pcpus,
      v.name, v.app, v.vcpus, v.cpu_ns AS cpuNs, v.iteration_ns AS iterationNs,
      v.iterations_asked AS iterationsAsked,
      json_extract(s.json, '$.vms[' || v.vm_index || '].workload') AS workload
      FROM cells k JOIN runs r USING (run_key)
      JOIN scenarios s ON s.scenario_key = r.scenario_key JOIN vm_results v USING (run_key)
      WHERE k.campaign_key = ? AND r.trashed_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM exclusions x WHERE x.run_key = r.run_key)
      ORDER BY k.cell_index, v.vm_index`,
    key,
  )
  const counters = Map.groupBy(hostCounters(db, key), (counter) => counter.runKey)
  return [...Map.groupBy(records, ({ runKey }) => runKey)].map(([runKey, vms]) => {
    const { seed, factors, makespanNs, host, pcpus } = vms[0]!
    const own = counters.get(runKey)
    const counter = (name: string) => own?.find((one) => one.key === name)?.value ?? null
    return {
      ...{ seed, makespanNs, factors: readJson<Factors>(factors) },
      host: readJson<Scenario['host']>(host),
      pcpus: pcpus === null ? null : readJson<number[]>(pcpus),
      idlePcpuNs: counter('idlePcpuNs'),
      foreignCpuNs: counter('foreignCpuNs'),
      vms: vms.map(({ name, app, vcpus, cpuNs, workload, iterationNs, iterationsAsked }) => {
        const iterations = { iterationNs: readJson<number[]>(iterationNs), iterationsAsked }
        return { name, app, vcpus, cpuNs, workload, ...iterations }
      }),
    }
  })
}

function hostCounters(db: Connection, campaign: number) {
  return db.all<{ runKey: number; key: string; value: number }>(
    `SELECT m.run_key AS runKey, m.key, m.value FROM cells JOIN metrics m USING (run_key)
      WHERE campaign_key = ? AND m.vm_index = ${HOST_INDEX}
      AND m.key IN ('idlePcpuNs', 'foreignCpuNs')`,
    campaign,
  )
}

/** See StoreOperations. */
export function campaignSettings(db: Connection, campaignId: string): CampaignSettings {
  const key = campaignKey(db, campaignId)
  const scenarios = db.all<{ scheme: string; json: string }>(
    `SELECT json_extract(k.factors, '$.scheme') AS scheme, s.json
      FROM cells k JOIN scenarios s USING (scenario_key)
      WHERE k.campaign_key = ? AND k.repetition = 0 ORDER BY k.cell_index`,
    key,
  )
  const environments = db.all<{ scheme: string; environment: number }>(
    `SELECT DISTINCT json_extract(k.factors, '$.scheme') AS scheme,
      r.environment_key AS environment
      FROM cells k JOIN runs r USING (run_key)
      WHERE k.campaign_key = ? AND r.trashed_at IS NULL ORDER BY k.cell_index`,
    key,
  )
  const read = new Map<number, Environment>()
  for (const { environment } of environments) {
    if (!read.has(environment)) read.set(environment, getEnvironment(db, environment))
  }
  return {
    scenarios: scenarios.map(({ scheme, json }) => ({ scheme, scenario: readJson(json) })),
    environments: environments.map(({ scheme, environment }) => {
      return { scheme, environment: read.get(environment)! }
    }),
  }
}
