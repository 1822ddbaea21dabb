/** Use cases about a single scenario: read it, run it, keep it. */
import { assert } from '../core/base/assert.ts'
import type { RunResult, SimulatedResult } from '../core/contract/result.ts'
import type { Scenario } from '../core/contract/scenario.ts'
import type { PackedTrace } from '../core/trace/packed-trace.ts'
import { LabError } from '../core/base/lab-error.ts'
import { readScenario, readScenarioValue } from '../core/simulate/read-scenario.ts'
import type { LabContext } from './context.ts'
import { valueOf } from './input-error.ts'
import type { SimulationTask } from './runner/pool.ts'
import type { TaskProgress } from './runner/task-memory.ts'

/** What is changed in a scenario before it runs. */
export type ScenarioChanges = { readonly scheme?: string; readonly seed?: number }

/** How a single simulation is followed. */
export type SimulationHooks = {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: TaskProgress) => void
}

const PROGRESS_MS = 100

/** Reads, runs and keeps single scenarios. */
export class SimulationCases {
  readonly #context: LabContext

  constructor(context: LabContext) {
    this.#context = context
  }

  /** A scenario from a file's text, with changes. @throws InputError */
  read(text: string, changes: ScenarioChanges = {}): Scenario {
    const { known } = this.#context.userFiles
    const scenario = valueOf('the scenario file is refused', readScenario(text, known))
    requireSimulated(scenario)
    const { scheme, seed } = changes
    if (scheme === undefined && seed === undefined) return scenario
    const changed = {
      ...scenario,
      // The file's own scheme keeps the parameters that the file gives it.
      scheme:
        scheme === undefined || scheme === scenario.scheme.id
          ? scenario.scheme
          : { id: scheme, params: {} },
      seed: seed ?? scenario.seed,
    }
    return valueOf('the changed scenario is refused', readScenarioValue(changed, known))
  }

  /** Runs a scenario on a worker. @throws LabError `cancelled`, `budget`, or what went wrong */
  async run(scenario: Scenario, hooks: SimulationHooks = {}): Promise<SimulatedResult> {
    return (await this.#follow(this.#context.pool.submit(scenario), hooks)).result
  }

  /** Runs a scenario on a worker and records it. @throws as `run` */
  async record(scenario: Scenario, recordsMax: number, hooks: SimulationHooks = {}) {
    const task = this.#context.pool.submit(scenario, recordsMax)
    const { result, trace } = await this.#follow(task, hooks)
    assert(trace !== null, 'a recorded task gives back a trace')
    return { result, trace }
  }

  async #follow(task: SimulationTask, hooks: SimulationHooks): Promise<Finished> {
    const stop = (): void => task.stop()
    if (hooks.signal?.aborted === true) stop()
    hooks.signal?.addEventListener('abort', stop)
    const ticks = setInterval(() => hooks.onProgress?.(task.progress()), PROGRESS_MS)
    try {
      return await resultOf(task)
    } finally {
      clearInterval(ticks)
      hooks.signal?.removeEventListener('abort', stop)
    }
  }

  /** Keeps a run in the library. @returns its id */
  save(scenario: Scenario, result: RunResult): Promise<string> {
    const { store, machine } = this.#context
    return store.saveRun({ scenario, result, machine })
  }
}

/** @throws LabError `bad-input` for a scenario that is measured on a host */
export function requireSimulated({ measured }: Scenario): void {
  if (measured === undefined) return
  const message = `the scenario is measured on the host "${measured.host}", not simulated`
  const hint = 'leave out "measured" and name a scheme of the simulator to predict it'
  throw new LabError('bad-input', message, hint)
}

type Finished = { readonly result: SimulatedResult; readonly trace: PackedTrace | null }

/** The result of a task. @throws LabError `cancelled`, `budget`, or what went wrong */
export async function resultOf(task: SimulationTask): Promise<Finished> {
  const outcome = await task.done
  if (outcome.kind === 'finished') return outcome
  if (outcome.kind === 'failed') throw outcome.error
  throw new LabError('cancelled', 'the simulation was cancelled')
}
