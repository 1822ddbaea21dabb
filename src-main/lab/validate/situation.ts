/** Situations of the validation: scenarios in short, programs in a line, hosts without costs. */
import * as v from 'valibot'
import { ScenarioSchema } from '../../core/contract/scenario.ts'
import type { Scenario, ScenarioInput } from '../../core/contract/scenario.ts'
import { GUEST_COSTS, HOST_COSTS } from '../../core/model/parameters.ts'

/** A scenario but for its seed. */
export type Situation = Omit<ScenarioInput, 'kind' | 'version' | 'name' | 'seed'>
/** A VM of a situation. */
export type VmInput = ScenarioInput['vms'][number]
/** A step of a program, as a workload file has it. */
export type Step = Readonly<Record<string, unknown>>
type Costs = Readonly<Record<string, number>>

/** The situation under a seed, every default filled in. */
export const scenarioOf = (situation: Situation, seed: number): Scenario =>
  v.parse(ScenarioSchema, { kind: 'scenario', version: 1, name: 'validation', seed, ...situation })

/** A host of one socket. */
export const oneSocket = (coresPerSocket: number): Situation['host'] => ({
  sockets: 1,
  coresPerSocket,
})

/** An inline workload whose memory costs nothing; `parts`: fields of a workload file. */
export function inline(parts: Readonly<Record<string, unknown>>): VmInput['workload'] {
  const definition = {
    ...{ kind: 'workload', version: 1, id: 'inline', title: 'Inline', suite: 'user' },
    summary: 'Of the validation.',
    memory: { privateKib: 0, sharedKib: 0, missPenalty: 0, remotePenalty: 0, sharedFraction: 0 },
    ...parts,
  }
  return { app: 'inline', definition }
}

/** A role: `count` threads that run the steps. */
export const role = (name: string, count: number, program: readonly Step[]) => ({
  ...{ name, count, program },
})

/** Threads that compute `ns` each and are done, `threads` of them on as many vCPUs. */
export function computing(ns: number, rest: Partial<VmInput> = {}, threads = 1): VmInput {
  const chunks = Math.max(1, Math.round(ns / 1e7))
  const work = { op: 'loop', times: chunks, body: [{ op: 'compute', ns: ns / chunks }] }
  const workload = inline({ roles: [role('worker', threads, [work])] })
  return { vcpus: threads, repeat: 'stop', workload, ...rest }
}

/** Constants of schedulers and hardware; all other costs are overheads, and can be 0. */
const CONSTANTS =
  /^(cfs|tick(Ns|Skew)|balance|imbalance|ple|haltPoll|clock|llc|l2|refill|smt|tas|pv|spinLoop)/

const zeroed = (costs: Readonly<Record<string, unknown>>): Costs =>
  Object.fromEntries(
    Object.keys(costs).flatMap((key) => (CONSTANTS.test(key) ? [] : [[key, 0] as const])),
  )

/** Host costs of a machine on which switching, exits, wake-ups and cold caches cost nothing. */
export const FREE_HOST: Costs = {
  ...zeroed(HOST_COSTS),
  ...{ refillLlcNsPerKib: 0, refillMemoryNsPerKib: 0 },
}
/** Guest costs of a kernel that works in no time. */
export const FREE_GUEST: Costs = zeroed(GUEST_COSTS)

/** Scheduler constants so small that CFS comes close to processor sharing. */
export const FINE_GRAIN: Costs = {
  ...{ cfsLatencyNs: 20e3, cfsMinGranularityNs: 5e3, cfsWakeupGranularityNs: 5e3, tickNs: 20e3 },
}

/** A situation on one socket where nothing but work takes time. */
export const frictionless = (
  cores: number,
  vms: readonly VmInput[],
  constants: Costs = {},
): Situation => ({
  host: { ...oneSocket(cores), costs: { ...FREE_HOST, ...constants } },
  guest: { ...FREE_GUEST, ...constants },
  vms: [...vms],
})
