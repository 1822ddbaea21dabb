/**
 * How fast the two-level model is, and how much memory it takes: events a CPU second on one thread,
 * attribution on, tracing off. An event stands for more or less work, so the operations of programs
 * and the switches (of threads, of vCPUs, wake-ups) that the events stand for are counted too.
 */
import { assert } from '../../core/base/assert.ts'
import { LabError } from '../../core/base/lab-error.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import type { Machine } from '../../core/model/machine.ts'
import { runMachine } from '../../core/model/run.ts'
import type { EngineHooks } from '../../core/sim/engine.ts'
import { findScheme } from '../../core/schemes/registry.ts'
import { buildSpec } from '../../core/simulate/build-spec.ts'
import { cpuSeconds } from './cpu-clock.ts'
import { scenarioOf } from './situations.ts'
import type { Situation } from './situations.ts'
import { spread } from './spread.ts'
import type { Spread } from './spread.ts'

/** A situation that was timed, over its rounds; rates are per CPU second. */
export type ModelRate = Situation & {
  readonly pcpus: number
  readonly vcpus: number
  readonly events: number
  readonly rounds: number
  readonly eventRate: Spread
  readonly operationRate: number
  readonly switchRate: number
}

/** Memory of one run, bytes. */
export type ModelMemory = {
  /** Typed arrays of a machine that is about to start. */
  readonly arrayBytes: number
  /** Its other objects, and what V8 made of the code that builds it. */
  readonly heapBytes: number
  /** What the process grew by from before the machine was built until the run's end. */
  readonly rssBytes: number
}

/** How long to measure: events a round, rounds before that are not counted, rounds that are. */
export type ModelEffort = {
  readonly events: number
  readonly warmUps: number
  readonly rounds: number
}

/** Times one situation in this thread. @throws LabError `cancelled` */
export function measureRate(
  situation: Situation,
  { events, warmUps, rounds }: ModelEffort,
  signal: AbortSignal,
): ModelRate {
  const scenario = scenarioOf(situation, events)
  for (let i = 0; i < warmUps; i++) timeRound(scenario, signal)
  const timed = Array.from({ length: rounds }, () => timeRound(scenario, signal))
  const eventRate = spread(timed.map((round) => events / round.cpuSeconds))
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
  let started: { machine: Machine; at: number } | undefined
  runToBudget(scenario, signal, (machine) => {
    started = { machine, at: cpuSeconds() }
  })
  assert(started !== undefined, `${scenario.name} started`)
  return { machine: started.machine, cpuSeconds: cpuSeconds() - started.at }
}

/** Memory of a run of so many events. To be called before anything else was simulated here. */
export function measureMemory(
  situation: Situation,
  events: number,
  signal: AbortSignal,
): ModelMemory {
  const scenario = scenarioOf(situation, events)
  const before = settledMemory()
  let built = before
  runToBudget(scenario, signal, () => {
    built = settledMemory()
  })
  return {
    arrayBytes: built.arrayBuffers - before.arrayBuffers,
    heapBytes: built.heapUsed - before.heapUsed,
    rssBytes: process.memoryUsage().rss - before.rss,
  }
}

/** Memory after a collection of garbage; Node must run with --expose-gc. */
function settledMemory(): NodeJS.MemoryUsage {
  assert(globalThis.gc !== undefined, 'garbage can be collected on demand')
  globalThis.gc()
  // The buffers of arrays that were collected are counted until the next collection.
  globalThis.gc()
  return process.memoryUsage()
}

/** Runs a scenario to its end, or its event budget. @throws LabError `cancelled` */
export function runToBudget(
  scenario: Scenario,
  signal: AbortSignal,
  onStart: (machine: Machine) => void,
  hooks: EngineHooks = {},
): void {
  const spec = buildSpec(scenario)
  const scheme = findScheme(scenario.scheme.id)
  if (!spec.ok || scheme === undefined) throw new Error(`cannot bench ${scenario.name}`)
  try {
    const shouldStop = (): boolean => signal.aborted
    const policy = scheme.create(spec.value, scenario.scheme.params)
    runMachine(spec.value, policy, { onStart, shouldStop, hooks })
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'budget') throw error
  }
}
