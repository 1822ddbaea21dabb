/** probe-host: an attempt to reach a host, step by step; what worked is in the answer. */
import { LabError } from '../../core/base/lab-error.ts'
import type { HostProbe, HostRecord } from '../../core/contract/hosts.ts'
import { checkHostKey } from '../../remote/host-keys.ts'
import type { HostLinks, Reached } from './host-links.ts'

type Found = Omit<HostProbe, 'problem' | 'tookMs'>

/** Tries to reach a host. Never throws a LabError: that is the answer's `problem`. */
export async function probeHost(record: HostRecord, links: HostLinks): Promise<HostProbe> {
  const began = performance.now()
  const nothing = { resolved: null, key: null, agent: null, facts: null, vms: null }
  const found: Found = { name: record.name, at: new Date().toISOString(), ...nothing }
  const problem = await tryToReach(record, links, found)
  return { ...found, problem, tookMs: Math.round(performance.now() - began) }
}

/** Fills in what it finds; why it went no further, or null. */
async function tryToReach(
  record: HostRecord,
  links: HostLinks,
  found: Found,
): Promise<HostProbe['problem']> {
  try {
    const reached = await links.reach(record)
    if (reached !== null) {
      const { hostname: hostName, user, port } = reached.host.resolved
      found.resolved = { hostName, user, port }
      const problem = await lookAtKey(reached, record, found)
      if (problem !== null) return problem
    }
    const link = links.of(record.name)
    const session = await link.session()
    const { appVersion, agentSha256: sha256, node, pid } = await session.opened
    found.agent = { appVersion, sha256, node, pid }
    found.facts = await session.call('facts', {})
    found.vms = await session.call('vms', {})
    link.requireClean()
    return null
  } catch (error) {
    return problemOf(error)
  }
}

async function lookAtKey(
  { ssh, host }: Reached,
  { name }: HostRecord,
  found: Found,
): Promise<HostProbe['problem']> {
  try {
    const state = await checkHostKey(ssh, host)
    if (state.state === 'known') {
      found.key = { state: 'known' }
      return null
    }
    const { type: algorithm, fingerprint } = state.key
    found.key = { state: 'unknown', algorithm, fingerprint }
    const message = `the key of "${name}" is not known yet: ${algorithm} ${fingerprint}`
    const hint = `compare it with the host's own, then: flexlab host trust ${name}`
    return { code: 'conflict', message, hint }
  } catch (error) {
    if (error instanceof LabError && error.code === 'conflict') found.key = { state: 'refused' }
    return problemOf(error)
  }
}

/** @throws what is no LabError: a bug of ours */
function problemOf(error: unknown): NonNullable<HostProbe['problem']> {
  if (!(error instanceof LabError)) throw error
  const { code, message, hint } = error
  return { code, message, hint }
}
