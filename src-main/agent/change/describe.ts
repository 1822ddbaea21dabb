/** Changes for people: what is, what would be, how it is done and how it is put back. */
import { formatCpus } from '../../core/base/cpu-list.ts'
import type { Change, VmSnapshot } from '../../core/contract/agent/change.ts'
import type { VmFacts } from '../../core/contract/agent/facts.ts'
import type { ResizeMechanism } from '../../core/schemes/host-schemes.ts'
import { confinedTo, cpusText } from './confinement.ts'
import { cpusFile, OWN_GROUP } from './cpusets.ts'
import type { Goal } from './scheme-goals.ts'

type Told = Pick<VmFacts, 'backend' | 'vcpus'>

/** Every change between a VM as it is and a goal. */
export function changesTo(
  goal: Goal,
  from: VmSnapshot,
  mechanism: ResizeMechanism | null,
  told: Told,
): Change[] {
  const online = from.online ?? []
  const isSame = formatCpus(goal.cpus) === formatCpus(online)
  const resize = mechanism === null || from.online === null || isSame
  return [
    ...affinityChanges(goal, from, told),
    ...(resize || mechanism !== 'hotplug' ? [] : [onlineChange(goal, from.name, online, told)]),
    ...(resize || mechanism !== 'confinement' ? [] : cpusetChanges(goal, from)),
  ]
}

function affinityChanges(goal: Goal, { name, affinity }: VmSnapshot, told: Told): Change[] {
  return affinity.flatMap((now, vcpu): Change[] => {
    const [from, to] = [formatCpus(now), formatCpus(goal.affinity[vcpu]!)]
    if (from === to) return []
    const tid = told.vcpus[vcpu]?.tid ?? null
    const command = (cpus: string): string =>
      told.backend === 'libvirt'
        ? `virsh vcpupin ${name} ${vcpu} ${cpus} --live`
        : `taskset -p -c ${cpus} ${tid ?? '?'}`
    const target = tid === null ? `vCPU ${vcpu}` : `vCPU ${vcpu} (thread ${tid})`
    const kind = 'affinity'
    return [{ vm: name, kind, target, from, to, command: command(to), revert: command(from) }]
  })
}

function onlineChange(
  { cpus }: Goal,
  name: string,
  online: readonly number[],
  { backend }: Told,
): Change {
  const off = formatCpus(online.filter((cpu) => !cpus.includes(cpu)))
  const command = (isOn: boolean): string =>
    backend === 'libvirt'
      ? `virsh guestvcpus ${name} --${isOn ? 'enable' : 'disable'} --cpulist ${off}`
      : `guest-set-vcpus ${off} ${isOn ? 'online' : 'offline'}`
  return {
    vm: name,
    kind: 'online',
    target: 'guest CPUs',
    from: formatCpus(online),
    to: formatCpus(cpus),
    command: command(false),
    revert: command(true),
  }
}

function cpusetChanges({ cpus }: Goal, { name, cpusets }: VmSnapshot): Change[] {
  if (cpusets === null) return []
  const { root, groups } = cpusets
  const before = new Map(groups.map((group) => [group.path, group.cpus]))
  const own = `${root}/${OWN_GROUP}`
  return confinedTo(cpusets, cpus).groups.flatMap((group): Change[] => {
    const file = cpusFile(root, group.path)
    const had = before.get(group.path)
    if (had === group.cpus) return []
    const [from, to] = [had === undefined ? 'none' : cpusText(had), group.cpus]
    const isOwn = group.path === OWN_GROUP
    const command = isOwn
      ? `in the guest: mkdir ${own}; tee ${file} ← ${to}; the root’s processes → cgroup.procs`
      : `in the guest: tee ${file} ← ${to}`
    const revert = isOwn
      ? `in the guest: its processes → ${root}/cgroup.procs; rmdir ${own}`
      : `in the guest: tee ${file} ← ${had === '' ? '(empty)' : had}`
    return [{ vm: name, kind: 'cpuset', target: file, from, to, command, revert }]
  })
}
