/** Test fixture: report inputs around a synthetic comparison. The app never reads this file. */
import { catalogue } from '../../src-main/core/simulate/catalogue.ts'
import type { Campaign } from '../../src-main/core/contract/campaign.ts'
import type { ReportInput } from '../../src-main/report/report-input.ts'
import { syntheticComparison } from '../core/charts/synthetic-comparison.ts'
import type { SyntheticOptions } from '../core/charts/synthetic-comparison.ts'

/** The campaign that a synthetic comparison could have come from. */
export function syntheticCampaign(options: SyntheticOptions = {}): Campaign {
  const comparison = syntheticComparison(options)
  const vm = { vcpus: 12, weight: 1024, startNs: 0, iterations: 1, repeat: 'until-others' } as const
  const workload = { app: '$app', params: { scale: 0.25 } }
  return {
    kind: 'campaign',
    version: 1,
    name: comparison.campaignName,
    description: 'A fixture: two VMs share a host with as many cores as each has vCPUs.',
    host: { preset: 'intel-2x6-2014', costs: { vmExitNs: 700 } },
    guest: {},
    switches: { ple: true, haltPolling: false, cgroupFairness: false, pvLocks: 'none' },
    budget: { eventsMax: 2e9, simulatedNsMax: 3.6e12, wallMsMax: 600_000 },
    appParams: {},
    axes: {
      app: [...comparison.groups],
      scheme: [...comparison.schemes],
      mix: [
        {
          name: '2 × 12 vCPUs',
          vms: [
            { ...vm, name: 'left', workload },
            { ...vm, name: 'right', workload },
          ],
        },
      ],
      overcommit: [],
      vary: [],
    },
    seeds: { first: 1, count: options.repetitions ?? 5 },
    baseline: comparison.baseline,
    order: 'interleaved',
    equivalenceMargin: comparison.equivalenceMargin,
  }
}

/** A whole report input; `changes` replace its fields. */
export function syntheticReport(
  options: SyntheticOptions = {},
  changes: Partial<ReportInput> = {},
): ReportInput {
  return {
    comparison: syntheticComparison(options),
    campaign: syntheticCampaign(options),
    catalogue: catalogue(),
    environment: {
      id: 'environment-1',
      appVersion: '0.1.0',
      commit: '0123456789abcdef0123456789abcdef01234567',
      runtime: 'Node.js 24.21.0 (V8 13.6)',
      os: 'Linux 6.12 x64',
      host: null,
      cpu: 'A processor of the fixture',
      cpuCount: 8,
      memoryBytes: 16 * 2 ** 30,
      schemaVersion: 1,
    },
    appVersion: '0.1.0',
    date: '2026-01-02',
    command: 'npm run flexlab -- campaign run fixture --db fixture.sqlite',
    title: 'A synthetic report',
    authors: ['Ada Lovelace', 'Grace Hopper'],
    paper: 'a4',
    ...changes,
  }
}
