/** How fast the two-level model is: events a second on one thread, attribution on, tracing off. */
import { parse } from 'valibot'
import { LabError } from '../../core/base/lab-error.ts'
import { ScenarioSchema } from '../../core/contract/scenario.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import { simulate } from '../../core/simulate/simulate.ts'

/** One situation that is timed: rates in events a second, median and range of the rounds. */
export type ModelRate = {
  readonly name: string
  readonly pcpus: number
  readonly vcpus: number
  readonly app: string
  readonly scheme: string
  readonly eventsPerRound: number
  readonly rounds: number
  readonly rateMedian: number
  readonly rateMin: number
  readonly rateMax: number
}

type Situation = {
  readonly name: string
  readonly host: { sockets: number; coresPerSocket: number; threadsPerCore: number }
  readonly vms: number
  readonly vcpusPerVm: number
  readonly app: string
  readonly scheme: string
}

const SMALL = { sockets: 2, coresPerSocket: 6, threadsPerCore: 1 }
const LARGE = { sockets: 4, coresPerSocket: 64, threadsPerCore: 1 }

const SITUATIONS: readonly Situation[] = [
  ...(['streamcluster', 'fluidanimate', 'dedup'] as const).flatMap((app) =>
    ['cfs', 'flexcore'].map((scheme) => {
      return { name: '12/24', host: SMALL, vms: 2, vcpusPerVm: 12, app, scheme }
    }),
  ),
  { name: '256/1,024', host: LARGE, vms: 64, vcpusPerVm: 16, app: 'streamcluster', scheme: 'cfs' },
]

const EVENTS_PER_ROUND = 400_000
const ROUNDS = 5
const MS_PER_SECOND = 1000

/** Times every situation, in this thread; each has one round before that is not counted. */
export function* measureModel(signal?: AbortSignal): Generator<ModelRate> {
  for (const situation of SITUATIONS) {
    const scenario = scenarioOf(situation)
    timeRound(scenario, signal)
    const rounds = Array.from({ length: ROUNDS }, () => timeRound(scenario, signal))
    const rates = rounds.map((round) => round.rate).sort((a, b) => a - b)
    const { name, vms, vcpusPerVm, app, scheme, host } = situation
    yield {
      name,
      pcpus: host.sockets * host.coresPerSocket * host.threadsPerCore,
      vcpus: vms * vcpusPerVm,
      app,
      scheme,
      eventsPerRound: rounds[0]?.events ?? 0,
      rounds: ROUNDS,
      rateMedian: rates[Math.floor(ROUNDS / 2)] ?? 0,
      rateMin: rates[0] ?? 0,
      rateMax: rates[ROUNDS - 1] ?? 0,
    }
  }
}

/** Runs until the event budget is used up: every round computes the same events. */
function timeRound(scenario: Scenario, signal?: AbortSignal): { rate: number; events: number } {
  const startMs = performance.now()
  const events = eventsOf(scenario, signal)
  return { rate: (events / (performance.now() - startMs)) * MS_PER_SECOND, events }
}

function eventsOf(scenario: Scenario, signal?: AbortSignal): number {
  try {
    const shouldStop = (): boolean => signal?.aborted === true
    return simulate(scenario, { shouldStop, nowMs: () => performance.now() }).events
  } catch (error) {
    if (error instanceof LabError && error.code === 'budget') return EVENTS_PER_ROUND
    throw error
  }
}

function scenarioOf({ name, host, vms, vcpusPerVm, app, scheme }: Situation): Scenario {
  const vm = (at: number) => ({
    name: `vm${at + 1}`,
    vcpus: vcpusPerVm,
    workload: { app },
    iterations: 1_000,
  })
  return parse(ScenarioSchema, {
    kind: 'scenario',
    version: 1,
    name: `bench ${name}`,
    host,
    vms: Array.from({ length: vms }, (_, at) => vm(at)),
    scheme: { id: scheme },
    budget: { eventsMax: EVENTS_PER_ROUND, simulatedNsMax: 1e15 },
  })
}
