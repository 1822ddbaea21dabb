/**
 * How fast the two-level model is: events a CPU second on one thread, attribution on, tracing off.
 * An event stands for more or less work, so the operations of programs and the switches (of
 * threads, of vCPUs, wake-ups) that the events stand for are counted too.
 */
import { parse } from 'valibot'
import { LabError } from '../../core/base/lab-error.ts'
import { ScenarioSchema } from '../../core/contract/scenario.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import type { Machine } from '../../core/model/machine.ts'
import { runMachine } from '../../core/model/run.ts'
import { findScheme } from '../../core/schemes/registry.ts'
import { buildSpec } from '../../core/simulate/build-spec.ts'
import { cpuSecondsSince } from './hold.ts'
import { spread } from './spread.ts'
import type { Spread } from './spread.ts'

/** A situation that is timed, over its rounds; rates are per CPU second. */
export type ModelRate = Situation & {
  readonly pcpus: number
  readonly vcpus: number
  readonly events: number
  readonly rounds: number
  readonly eventRate: Spread
  readonly operationRate: number
  readonly switchRate: number
}

/** What is simulated. Sizes are what simulator.md §7 names. */
export type Situation = {
  readonly size: 'small' | 'large'
  readonly workload: string
  readonly scheme: string
}

/** How long to measure: events a round, rounds before that are not counted, rounds that are. */
export type ModelEffort = {
  readonly events: number
  readonly warmUps: number
  readonly rounds: number
}

/** Events a second that a situation at 12 pCPUs and 24 vCPUs is to reach. */
export const EVENT_RATE_TARGET = 4e6
/** CPU time an event at 256 pCPUs and 1,024 vCPUs is to cost at most, as a multiple of 12/24's. */
export const SCALING_TARGET = 2

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

/** Every situation: each workload alone, the mix, under stock KVM; one under another scheme. */
export const SITUATIONS: readonly Situation[] = [
  ...[...MIX, 'mix'].map((workload) => ({ size: 'small' as const, workload, scheme: 'cfs' })),
  { size: 'small', workload: 'streamcluster', scheme: 'flexcore' },
  { size: 'large', workload: 'streamcluster', scheme: 'cfs' },
  { size: 'large', workload: 'mix', scheme: 'cfs' },
]

/** Times one situation in this thread. @throws LabError `cancelled` */
export function measureModel(
  situation: Situation,
  { events, warmUps, rounds }: ModelEffort,
  signal: AbortSignal,
): ModelRate {
  const scenario = scenarioOf(situation, events)
  for (let i = 0; i < warmUps; i++) timeRound(scenario, signal)
  const timed = Array.from({ length: rounds }, () => timeRound(scenario, signal))
  const eventRate = spread(timed.map(({ cpuSeconds }) => events / cpuSeconds))
  const { machine } = timed[0]!
  const perEvent = eventRate.median / events
  return {
    ...situation,
    ...{ pcpus: machine.pcpus, vcpus: machine.vcpus, events, rounds, eventRate },
    operationRate: machine.operations * perEvent,
    switchRate: switchesOf(machine) * perEvent,
  }
}

const switchesOf = ({ counters }: Machine): number =>
  counters.contextSwitches + counters.guestSwitches + counters.wakeups

/** Runs until the event budget is used up: every round computes the same events. */
function timeRound(scenario: Scenario, signal: AbortSignal) {
  const spec = buildSpec(scenario)
  const scheme = findScheme(scenario.scheme.id)
  if (!spec.ok || scheme === undefined) throw new Error(`cannot bench ${scenario.name}`)
  let started: { machine: Machine; at: NodeJS.CpuUsage } | undefined
  try {
    runMachine(spec.value, scheme.create(spec.value, scenario.scheme.params), {
      onStart: (machine) => {
        started = { machine, at: process.threadCpuUsage() }
      },
      shouldStop: () => signal.aborted,
    })
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'budget') throw error
  }
  if (started === undefined) throw new Error(`${scenario.name} did not start`)
  return { machine: started.machine, cpuSeconds: cpuSecondsSince(started.at) }
}

/** The scenario of a situation: whole VMs until its vCPUs are used up. */
export function scenarioOf({ size, workload, scheme }: Situation, eventsMax: number): Scenario {
  const { host, vcpus, vcpusPerVm } = SIZES[size]
  const apps = workload === 'mix' ? MIX : [workload]
  const perVm = workload === 'mix' ? MIX_VCPUS_PER_VM : vcpusPerVm
  const vm = (at: number) => ({
    name: `vm${at + 1}`,
    vcpus: perVm,
    workload: { app: apps[at % apps.length]! },
    iterations: 1_000,
  })
  return parse(ScenarioSchema, {
    ...{ kind: 'scenario', version: 1, name: `bench ${workload} ${size}`, host },
    vms: Array.from({ length: vcpus / perVm }, (_, at) => vm(at)),
    scheme: { id: scheme },
    budget: { eventsMax, simulatedNsMax: 1e15 },
  })
}
