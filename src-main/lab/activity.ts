/** What this process does to hosts just now, for whoever is about to end it. */
import type { Activity } from '../core/contract/system.ts'
import type { LabContext } from './context.ts'
import type { HostCases } from './hosts/host-cases.ts'

/** Campaigns that run here and schemes that are held on hosts. */
export async function activityOf(context: LabContext, hosts: HostCases): Promise<Activity> {
  const { store, runner } = context
  const rows = await store.listCampaigns()
  const running = rows.filter(({ status }) => status === 'running')
  const states = await Promise.all(running.map(({ id }) => runner.progress(id)))
  const held = (await hosts.list()).flatMap(({ name, session }) =>
    session.applied === null ? [] : [{ host: name, scheme: session.applied.scheme }],
  )
  return {
    running: states.map(({ campaignId, name, host }) => ({ campaignId, name, host })),
    held,
  }
}
