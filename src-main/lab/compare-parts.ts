/** What the Compare screen asks for beside the comparison: co-runners, and settings that differ. */
import type { Corunners } from '../core/contract/corunners.ts'
import type { Environment } from '../core/contract/library.ts'
import type { Scenario } from '../core/contract/scenario.ts'
import type { SettingsDiff } from '../core/contract/settings.ts'
import { hostPcpus } from '../core/simulate/build-spec.ts'
import { corunnersOf } from '../core/stats/corunners.ts'
import { diffSettings, SettingsCollector } from '../core/stats/settings-diff.ts'
import type { CampaignSettings, CampaignVms } from '../store/index.ts'
import type { LabContext } from './context.ts'
import { schemeDefaults } from './scheme-defaults.ts'

/** The co-runners of a campaign, against its baseline or another scheme. */
export async function corunners(
  { store }: LabContext,
  campaignId: string,
  baseline?: string,
): Promise<Corunners> {
  const { definition, cells } = await store.getCampaign(campaignId)
  const runs = await store.campaignVms(campaignId)
  const isMeasured = definition.measured !== undefined
  return corunnersOf({
    campaignId,
    kind: isMeasured ? 'measured' : 'simulated',
    baseline: baseline ?? definition.baseline,
    cells,
    runs: runs.map((run) => ({ ...run, idleShare: (isMeasured ? seenIdle : countedIdle)(run) })),
  })
}

/** The simulator counts idle time. */
function countedIdle({ idlePcpuNs, makespanNs, host }: CampaignVms): number | null {
  const allNs = makespanNs * hostPcpus(host)
  return idlePcpuNs === null || allNs <= 0 ? null : idlePcpuNs / allNs
}

/** On a real host it is what neither the VMs nor anybody else used of the named pCPUs. */
function seenIdle({ pcpus, foreignCpuNs, makespanNs, vms }: CampaignVms): number | null {
  if (pcpus === null || foreignCpuNs === null || makespanNs <= 0) return null
  const usedNs = vms.reduce((sum, vm) => sum + vm.cpuNs, foreignCpuNs)
  return Math.max(0, 1 - usedNs / (makespanNs * pcpus.length))
}

/** Settings that differ between the schemes of one campaign, or between campaigns. */
export async function settings(
  context: LabContext,
  campaignIds: readonly string[],
): Promise<SettingsDiff> {
  const all = await Promise.all(
    campaignIds.map(async (id) => ({
      name: (await context.store.getCampaign(id)).row.name,
      seen: await context.store.campaignSettings(id),
    })),
  )
  const [first] = all
  if (all.length === 1 && first !== undefined) return diffSettings(bySchemes(context, first.seen))
  return diffSettings(all.map(({ name, seen }) => collect(context, seen, () => true).column(name)))
}

function bySchemes(context: LabContext, seen: CampaignSettings) {
  const schemes = [...new Set(seen.scenarios.map(({ scheme }) => scheme))]
  return schemes.map((scheme) => collect(context, seen, (one) => one === scheme).column(scheme))
}

function collect(
  { userFiles }: LabContext,
  { scenarios, environments }: CampaignSettings,
  isOwn: (scheme: string) => boolean,
): SettingsCollector {
  const collector = new SettingsCollector()
  for (const { scheme, scenario } of scenarios) {
    if (!isOwn(scheme)) continue
    collector.add('scenario', settingsOf(scenario))
    collector.add('scheme', schemeDefaults(userFiles.known, scenario))
  }
  for (const { scheme, environment } of environments) {
    if (!isOwn(scheme)) continue
    const { host, ...own } = withoutId(environment)
    collector.add('environment', own)
    if (host !== null) collector.add('host', host)
  }
  return collector
}

/** What a scenario sets; its names, its seed and the scheme, which has a part of its own, aside. */
function settingsOf(scenario: Scenario): unknown {
  const { host, guest, vms, switches, without, budget, measured } = scenario
  return { host, guest, vms, switches, without, budget, measured }
}

const withoutId = ({ id: _, ...rest }: Environment): Omit<Environment, 'id'> => rest
