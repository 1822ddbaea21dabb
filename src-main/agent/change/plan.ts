/** The plan: from a host as it is and a scheme asked for to every change, or why it cannot be. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../core/base/canonical-json.ts'
import { formatCpus } from '../../core/base/cpu-list.ts'
import { LabError } from '../../core/base/lab-error.ts'
import type { HostPlan, SchemeRequest } from '../../core/contract/agent/change.ts'
import type { HostFacts, VmFacts } from '../../core/contract/agent/facts.ts'
import { schemeLabel } from '../../core/contract/scheme-label.ts'
import { checkHostScheme, hostParams } from '../../core/schemes/host-schemes.ts'
import { coresOf, type Cores } from './cores.ts'
import { changesTo } from './describe.ts'
import { refusalsOf, type Asked } from './refusals.ts'
import { schemeAtWork, type SchemeAtWork, type Subject } from './scheme-goals.ts'
import type { SeenVm } from './see-vm.ts'

/** A VM as the back-end describes it and as it was read; null: it could not be. */
export type PlannedVm = { readonly facts: VmFacts; readonly seen: SeenVm | null }

/** A plan with what applying it takes. */
export type Plan = { readonly shown: HostPlan; readonly work: SchemeAtWork }

/** Whether a scheme touches guests, so that they have to be asked. */
export const touchesGuests = ({ scheme }: SchemeRequest): boolean =>
  scheme.id === 'preferred-cpus' || 'resize' in hostParams(scheme)

/** @throws LabError `bad-input` when the scheme or its parameters are wrong, or a VM comes twice */
export function checkRequest({ scheme, vms }: SchemeRequest): void {
  const [issue] = checkHostScheme(scheme)
  if (issue !== undefined)
    throw new LabError('bad-input', `scheme ${issue.path}: ${issue.message}`, issue.hint)
  if (new Set(vms).size < vms.length) throw new LabError('bad-input', 'a VM is named twice')
}

/** The plan for these VMs, which are the request's in its order. Pure. */
export function planScheme(
  request: SchemeRequest,
  host: Pick<HostFacts, 'pcpus' | 'allowedCpus'>,
  vms: readonly PlannedVm[],
): Plan {
  checkRequest(request)
  const { scheme } = request
  const cores = coresOf(host.pcpus, request.pcpus ?? host.allowedCpus)
  const subjects = vms.map(subjectOf)
  const work = schemeAtWork(scheme.id, hostParams(scheme), subjects, cores)
  const refusals = [
    ...hostRefusals(request, host),
    ...vms.flatMap((vm, i) => refusalsOf(askedOf(vm, subjects[i]!, work, i))),
  ]
  const changes = vms.flatMap(({ facts, seen }, i) =>
    seen === null ? [] : changesTo(work.start[i]!, seen.snapshot, work.mechanism, facts),
  )
  const { controller } = work
  const told = {
    scheme: schemeLabel(scheme),
    changes,
    counts: work.start.map(({ cpus }) => cpus.length),
    controller: controller && { periodMs: controller.periodMs, changes: [...controller.changes] },
    refusals,
    warnings: warningsOf(request, vms, subjects, cores, work),
  }
  return { shown: { id: idOf(request, told), ...told }, work }
}

function idOf(request: SchemeRequest, told: Omit<HostPlan, 'id'>): string {
  const { changes, controller } = told
  return createHash('sha256').update(canonicalJson({ request, changes, controller })).digest('hex')
}

function subjectOf({ facts, seen }: PlannedVm): Subject {
  const { name, weight, vcpus } = facts
  const affinity = seen?.snapshot.affinity ?? vcpus.map((vcpu) => vcpu.affinity)
  const all = affinity.map((_, vcpu) => vcpu)
  return { name, weight, affinity, online: seen?.snapshot.online ?? all }
}

function askedOf(vm: PlannedVm, subject: Subject, work: SchemeAtWork, i: number): Asked {
  const { controller, mechanism, start } = work
  const goal = start[i]!
  const pins = goal.affinity.some((cpus, vcpu) => {
    return formatCpus(cpus) !== formatCpus(subject.affinity[vcpu]!)
  })
  const least = controller === null ? goal.cpus : subject.online.slice(0, 1)
  return { ...vm, goal, mechanism, least, pins: pins || mechanism === null }
}

function hostRefusals(
  { pcpus }: SchemeRequest,
  { allowedCpus }: Pick<HostFacts, 'allowedCpus'>,
): readonly string[] {
  if (pcpus?.length === 0) return ['no pCPU is named']
  const foreign = (pcpus ?? []).filter((pcpu) => !allowedCpus.includes(pcpu))
  if (foreign.length === 0) return []
  return [
    `pCPUs ${formatCpus(foreign)} are not the agent’s to use: it has ${formatCpus(allowedCpus)}`,
  ]
}

function warningsOf(
  { scheme }: SchemeRequest,
  vms: readonly PlannedVm[],
  subjects: readonly Subject[],
  { ids }: Cores,
  { mechanism }: SchemeAtWork,
): string[] {
  const warnings: string[] = []
  const all = formatCpus([...ids].sort((a, b) => a - b))
  subjects.forEach(({ name, affinity, online }, i) => {
    const isPinned = affinity.some((cpus) => formatCpus(cpus) !== all)
    if (scheme.id === 'stock' && isPinned) warnings.push(`${name} is pinned already, and stays so`)
    if (online.length < affinity.length)
      warnings.push(`${name} has only guest CPUs ${formatCpus(online)} online, and gets no others`)
    const problem = vms[i]!.seen?.cpusetProblem ?? null
    if (mechanism === 'hotplug' && problem !== null)
      warnings.push(
        `${name}: its cpusets cannot be read (${problem}); those of cgroup v1 would lose ` +
          'for good the CPUs that go offline',
      )
  })
  if (mechanism !== null)
    warnings.push('programs started in a guest with fewer CPUs see fewer: give thread counts')
  if (scheme.id === 'flexcore' && subjects.length > ids.length)
    warnings.push('more VMs than pCPUs: some share')
  return warnings
}
