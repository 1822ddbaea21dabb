/** What the bench simulates: hosts of the two sizes that simulator.md §7 names, and their VMs. */
import { parse } from 'valibot'
import { ScenarioSchema } from '../../core/contract/scenario.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import { SCHEMES } from '../../core/schemes/registry.ts'

/** What is simulated. */
export type Situation = {
  readonly size: 'small' | 'large'
  readonly workload: string
  readonly scheme: string
}

const SIZES = {
  small: { host: { sockets: 2, coresPerSocket: 6, threadsPerCore: 1 }, vcpus: 24, vcpusPerVm: 12 },
  large: {
    host: { sockets: 4, coresPerSocket: 64, threadsPerCore: 1 },
    vcpus: 1024,
    vcpusPerVm: 16,
  },
}
const MIX = ['streamcluster', 'bodytrack', 'spin', 'mutex']
/** The same VMs at both sizes, so that the cost of an event can be compared. */
const MIX_VCPUS_PER_VM = 4
const ITERATIONS_UNREACHED = 1000

/** Each workload alone and all of them mixed, under stock KVM, on the small host and the large. */
export const GROWTH: readonly Situation[] = (['small', 'large'] as const).flatMap((size) =>
  [...MIX, 'mix'].map((workload) => ({ size, workload, scheme: 'cfs' })),
)

/** Every scheme with much to schedule, and with much to compute. */
export const BY_SCHEME: readonly Situation[] = SCHEMES.flatMap(({ id }) =>
  ['streamcluster', 'mix'].map((workload) => ({ size: 'small', workload, scheme: id })),
)

/** The scenario of a situation: whole VMs until its vCPUs are used up. */
export function scenarioOf(
  { size, workload, scheme }: Situation,
  eventsMax: number,
  iterations = ITERATIONS_UNREACHED,
): Scenario {
  const { host, vcpus, vcpusPerVm } = SIZES[size]
  const apps = workload === 'mix' ? MIX : [workload]
  const perVm = workload === 'mix' ? MIX_VCPUS_PER_VM : vcpusPerVm
  const vm = (at: number) => ({
    name: `vm${at + 1}`,
    vcpus: perVm,
    workload: { app: apps[at % apps.length]! },
    iterations,
  })
  return parse(ScenarioSchema, {
    ...{ kind: 'scenario', version: 1, name: `bench ${workload} ${size}`, host },
    vms: Array.from({ length: vcpus / perVm }, (_, at) => vm(at)),
    scheme: { id: scheme },
    budget: { eventsMax, simulatedNsMax: 1e15 },
  })
}
