/**
 * Host schemes: what the agent can do to the VMs of a real, unpatched host, described as the
 * simulated schemes are, and which simulated scheme stands for each, so that predicted and measured
 * can be put side by side.
 */
import { didYouMean } from '../base/did-you-mean.ts'
import type { Issue } from '../base/result.ts'
import { checkParams, VCPUS_MAX } from './check-params.ts'
import type { Ranges } from './check-params.ts'
import { pin as simulatedPin } from './pin.ts'
import { choiceParameter, numberParameter, resolveParams } from './scheme.ts'
import type { SchemeParameter, SchemeParams, SchemeText } from './scheme.ts'

/** A scheme by id and parameters, as scenarios, campaigns and requests name it. */
export type SchemeUse = { readonly id: string; readonly params: SchemeParams }

/** The fair class of a host's kernel: EEVDF from Linux 6.6 on. */
export type FairClass = 'cfs' | 'eevdf'

/** A scheme of the agent's. */
export type HostScheme = {
  readonly id: string
  readonly info: SchemeText
  /** The simulated scheme that stands for it; all parameters must be given. */
  readonly simulated: (params: SchemeParams, fairClass: FairClass) => SchemeUse
}

/** How a guest gets more or fewer vCPUs while it runs. */
export type ResizeMechanism = 'hotplug' | 'confinement'

const HOST_RANGES: Ranges = {
  // what a user-level loop can keep up with, and what would still follow a load
  ms: { min: 10, max: 1000, whole: false },
  periods: { min: 1, max: 1000, whole: true },
  vCPUs: { min: 0, max: VCPUS_MAX, whole: true },
  '': { min: 0, max: 1, whole: false },
}

/** A period that never ends within a run: the simulated controller then decides only once. */
const NEVER_NS = 1e12

const periodMs = (value: number, source: string): SchemeParameter =>
  numberParameter('periodMs', 'Period', value, 'ms', 'A', source)

const resize = choiceParameter(
  'resize',
  'How vCPUs come and go',
  ['hotplug', 'confinement'],
  'confinement',
  'hotplug: guest-set-vcpus of the guest agent, tens of ms and more under load; confinement: the ' +
    'guest keeps all vCPUs online and its processes are kept to some, milliseconds (agent.md)',
)

const text = (info: Partial<SchemeText> & Omit<SchemeText, 'note' | 'parameters'>): SchemeText => ({
  note: '',
  parameters: [],
  ...info,
})

const stock: HostScheme = {
  id: 'stock',
  info: text({
    id: 'stock',
    title: 'Stock KVM',
    summary: 'Nothing is changed: all vCPUs online, scheduled by the host as it likes.',
    fixes: 'Nothing: it is what the others are compared with.',
    breaks: 'Schedules twice: preempted lock holders, late IPIs, waits at barriers.',
    source: 'Linux, kernel/sched/fair.c',
    note: 'CFS or EEVDF, whichever the host’s kernel has.',
  }),
  simulated: (_params, fairClass) => ({ id: fairClass, params: {} }),
}

const pin: HostScheme = {
  id: 'pin',
  info: simulatedPin.info,
  simulated: () => ({ id: 'pin', params: {} }),
}

const balance: HostScheme = {
  id: 'balance',
  info: text({
    id: 'balance',
    title: 'Balance scheduling (user level)',
    summary: 'Sibling vCPUs are kept on disjoint sets of pCPUs, spread anew each period.',
    fixes: 'vCPU stacking.',
    breaks: 'Siblings are apart but not at the same time; the host balances within sets only.',
    source: 'Sukwong and Kim, Is co-scheduling too expensive for SMP VMs?, EuroSys 2011',
    note: 'The paper changes the kernel’s wake-up path; affinities come closest to that.',
    parameters: [periodMs(100, 'about the host’s own balancing interval')],
  }),
  simulated: () => ({ id: 'balance', params: {} }),
}

const vcpuBal: HostScheme = {
  id: 'vcpu-bal',
  info: text({
    id: 'vcpu-bal',
    title: 'VCPU-Bal',
    summary: 'A static number of vCPUs a VM, unpinned, together as many as the pCPUs.',
    fixes: 'Most double scheduling while all VMs are busy.',
    breaks: 'Does not follow demand; vCPUs still wander.',
    source: 'Song et al., Schedule processes, not VCPUs, APSys 2013',
    parameters: [
      numberParameter('vcpus', 'vCPUs of each VM (0: its share)', 0, 'vCPUs', 'A', 'share rule'),
      resize,
    ],
  }),
  simulated: ({ vcpus }) => ({ id: 'vcpu-bal', params: { vcpus: vcpus! } }),
}

const flexcore: HostScheme = {
  id: 'flexcore',
  info: text({
    id: 'flexcore',
    title: 'FlexCore (vCPU ballooning)',
    summary: 'One vCPU for each pCPU, pinned 1:1; the numbers follow what the VMs need.',
    fixes: 'Double scheduling: lock-holder preemption, stacking, IPI waits on preempted vCPUs.',
    breaks:
      'More threads than vCPUs share them in the guest, where spinning in user space wastes ' +
      'slices; resizes cost time.',
    source: 'Miao and Chen, FlexCore, Tsinghua Science and Technology 20(1), 2015',
    note: 'At user level, without the paper’s guest module; decides with the simulator’s own code.',
    parameters: [
      resize,
      {
        key: 'dynamic',
        label: 'Follow the load',
        value: true,
        unit: '',
        mark: 'A',
        source: 'false: shares by weight, decided once',
      },
      periodMs(50, 'design: 10–1000 ms'),
      numberParameter('hysteresis', 'Periods a change must persist', 2, 'periods', 'A', 'design'),
      numberParameter('idleFraction', 'Idle below this part of a pCPU', 0.05, '', 'A', 'design'),
    ],
  }),
  simulated: (params) => ({
    id: 'flexcore',
    params: {
      periodNs: params.dynamic === true ? Number(params.periodMs) * 1e6 : NEVER_NS,
      hysteresis: params.hysteresis!,
      idleFraction: params.idleFraction!,
      resize: params.resize!,
    },
  }),
}

const RFC = 'Linux RFC "steal monitor" (Hegde, 2025–26)'

const preferredCpus: HostScheme = {
  id: 'preferred-cpus',
  info: text({
    id: 'preferred-cpus',
    title: 'Preferred CPUs (steal monitor)',
    summary: 'Each guest is folded onto fewer vCPUs while it loses time, one a period.',
    fixes: 'Double scheduling between guests that take part.',
    breaks: 'Slow, never at rest, blind to weights.',
    source: RFC,
    note: 'The host’s run delay stands for steal, which emulated guests do not see.',
    parameters: [
      numberParameter('periodMs', 'Sampling period', 1000, 'ms', 'K', `${RFC}: each second`),
      numberParameter('high', 'Steal above which a core goes', 0.05, '', 'K', `${RFC}: 5 %`),
      numberParameter('low', 'Steal up to which a core comes', 0.02, '', 'K', `${RFC}: 2 %`),
    ],
  }),
  simulated: ({ periodMs: ms, high, low }) => ({
    id: 'preferred-cpus',
    params: { periodNs: Number(ms) * 1e6, high: high!, low: low! },
  }),
}

/** All schemes of the agent's, in the order in which they are shown. */
export const HOST_SCHEMES: readonly HostScheme[] = Object.freeze([
  stock,
  pin,
  balance,
  vcpuBal,
  flexcore,
  preferredCpus,
])

/** The host scheme of an id; undefined when there is none. */
export const findHostScheme = (id: string): HostScheme | undefined =>
  HOST_SCHEMES.find((scheme) => scheme.id === id)

/** What is wrong with a reference to a host scheme; paths relative to it: `id`, `params.resize`. */
export function checkHostScheme({ id, params }: SchemeUse): readonly Issue[] {
  const scheme = findHostScheme(id)
  if (scheme !== undefined) return checkParams(scheme.info, params, HOST_RANGES)
  const known = HOST_SCHEMES.map((s) => s.id)
  const message = `"${id}" is not a scheme for a real host`
  return [{ path: 'id', message, hint: didYouMean(id, known) }]
}

/** All parameters of a use, with defaults. @throws Error when there is no such scheme */
export function hostParams({ id, params }: SchemeUse): SchemeParams {
  return resolveParams(must(id).info, params)
}

/** The simulated scheme that stands for a use on such a host. @throws Error as `hostParams` */
export function simulatedScheme(use: SchemeUse, fairClass: FairClass): SchemeUse {
  return must(use.id).simulated(hostParams(use), fairClass)
}

function must(id: string): HostScheme {
  const scheme = findHostScheme(id)
  if (scheme === undefined) throw new Error(`${id} is no host scheme`)
  return scheme
}
