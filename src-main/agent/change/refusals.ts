/** Why a plan cannot be applied: what we could not do, and what we could not put back. */
import { formatCpus } from '../../core/base/cpu-list.ts'
import type { VmFacts } from '../../core/contract/agent/facts.ts'
import type { ResizeMechanism } from '../../core/schemes/host-schemes.ts'
import { emptiedGroups, hasOwnGroup, OWN_GROUP } from './cpusets.ts'
import type { Goal } from './scheme-goals.ts'
import type { SeenVm } from './see-vm.ts'

/** What is asked of one VM. */
export type Asked = {
  readonly facts: VmFacts
  readonly seen: SeenVm | null
  readonly goal: Goal
  readonly mechanism: ResizeMechanism | null
  /** The fewest guest CPUs that it may come to. */
  readonly least: readonly number[]
  /** Whether its threads' affinity is, or may be, changed. */
  readonly pins: boolean
}

/** Why this VM cannot be changed so; empty when it can. */
export function refusalsOf(asked: Asked): readonly string[] {
  const { facts, seen } = asked
  const say = (text: string): string => `${facts.name}: ${text}`
  if (facts.state !== 'running') return [say(`it is ${facts.state}; only a running VM is changed`)]
  if (seen === null) return [say(facts.problem ?? 'its vCPU threads cannot be seen')]
  return [...pinRefusals(asked, seen), ...guestRefusals(asked, seen)].map(say)
}

function pinRefusals({ facts, pins }: Asked, { snapshot }: SeenVm): readonly string[] {
  if (!pins) return []
  const unseen = snapshot.affinity.flatMap((cpus, vcpu) => (cpus.length === 0 ? [vcpu] : []))
  if (snapshot.affinity.length === 0 || snapshot.affinity.length < facts.vcpus.length)
    return ['its vCPU threads cannot be seen, so they cannot be pinned']
  if (unseen.length === 0) return []
  return [`the threads of vCPUs ${formatCpus(unseen)} cannot be seen, so they cannot be pinned`]
}

function guestRefusals(asked: Asked, seen: SeenVm): readonly string[] {
  const { facts, mechanism, least } = asked
  if (mechanism === null) return []
  const { online } = seen.snapshot
  if (online === null || facts.guest === null)
    return [`its guest agent does not answer (${seen.guestProblem ?? facts.problem ?? 'no reply'})`]
  const [first] = online
  if (first === undefined || !least.includes(first))
    return ['it would have no CPU left, and the first cannot go']
  const refusals =
    mechanism === 'hotplug' ? hotplugRefusals(facts) : confinementRefusals(facts, seen)
  return [...refusals, ...emptiedRefusals(seen, least)]
}

const hotplugRefusals = ({ guest }: VmFacts): readonly string[] =>
  guest?.canResize === true ? [] : ['its guest agent does not allow guest-set-vcpus']

function confinementRefusals({ guest }: VmFacts, seen: SeenVm): readonly string[] {
  if (guest?.canExec !== true) return ['its guest agent does not allow guest-exec']
  const { cpusets } = seen.snapshot
  if (cpusets === null) return [seen.cpusetProblem ?? 'its cpusets cannot be read']
  if (!hasOwnGroup(cpusets)) return []
  return [`the guest has a cgroup ${OWN_GROUP} that no journal tells of; remove it there first`]
}

/** v1 moves the processes of an emptied cpuset to its parent, and no one knows which they were. */
function emptiedRefusals({ snapshot }: SeenVm, least: readonly number[]): readonly string[] {
  if (snapshot.cpusets === null) return []
  const emptied = emptiedGroups(snapshot.cpusets, least)
  if (emptied.length === 0) return []
  return [`its cpusets ${emptied.slice(0, 5).join(', ')} would have no CPU left`]
}
