/**
 * Trials: runs the situations of a validation under its seeds, on the pool or, with a policy that
 * is no scheme, here. Rows that ask for the same run share it.
 */
import { LabError } from '../../core/base/lab-error.ts'
import { formatIssue } from '../../core/base/result.ts'
import type { SimulatedResult } from '../../core/contract/result.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import type { Machine } from '../../core/model/machine.ts'
import type { Policy } from '../../core/model/policy.ts'
import { runMachine } from '../../core/model/run.ts'
import { buildSpec } from '../../core/simulate/build-spec.ts'
import type { SimulationTask, WorkerPool } from '../runner/pool.ts'
import { resultOf } from '../simulation.ts'
import { scenarioOf } from './situation.ts'
import type { Situation } from './situation.ts'

/** How thorough a validation is, and how it is followed. */
export type TrialOptions = {
  readonly seeds: number
  /** Length of the runs, 1: whole. */
  readonly scale: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((done: number, submitted: number) => void) | undefined
}

/** Runs what rows ask for. */
export class Trials {
  readonly seeds: readonly number[]
  readonly scale: number
  readonly #pool: WorkerPool
  readonly #options: TrialOptions
  readonly #known = new Map<string, Promise<SimulatedResult>>()
  readonly #tasks = new Set<SimulationTask>()
  #submitted = 0
  #done = 0

  constructor(pool: WorkerPool, options: TrialOptions) {
    this.#pool = pool
    this.#options = options
    this.scale = options.scale
    this.seeds = Array.from({ length: options.seeds }, (_, i) => i + 1)
  }

  /** Runs so far. */
  get runs(): number {
    return this.#done
  }

  /**
   * The situation under every seed, in their order, or under `times` as many. @throws LabError
   */
  run(situation: Situation, times = 1): Promise<readonly SimulatedResult[]> {
    const seeds = Array.from({ length: times * this.seeds.length }, (_, i) => i + 1)
    return Promise.all(seeds.map((seed) => this.#one(scenarioOf(situation, seed))))
  }

  /** The same on this thread under a policy of one's own; the machines at their ends. */
  async runHere(situation: Situation, policyOf: () => Policy): Promise<readonly Machine[]> {
    const machines: Machine[] = []
    for (const seed of this.seeds) {
      this.#submitted++
      // lets what the pool has finished be heard, and the run be cancelled
      await new Promise((resolve) => setImmediate(resolve))
      this.#options.signal?.throwIfAborted()
      machines.push(runMachine(specOf(scenarioOf(situation, seed)), policyOf()))
      this.#finished()
    }
    return machines
  }

  /** Ends all runs of the pool. */
  stop(): void {
    for (const task of this.#tasks) task.stop()
  }

  #one(scenario: Scenario): Promise<SimulatedResult> {
    const key = JSON.stringify(scenario)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const result = this.#submit(scenario)
    this.#known.set(key, result)
    return result
  }

  async #submit(scenario: Scenario): Promise<SimulatedResult> {
    this.#submitted++
    const task = this.#pool.submit(scenario)
    this.#tasks.add(task)
    const { result } = await resultOf(task).catch((error: unknown) => {
      throw named(error, scenario)
    })
    this.#tasks.delete(task)
    this.#finished()
    return result
  }

  #finished(): void {
    this.#done++
    this.#options.onProgress?.(this.#done, this.#submitted)
  }
}

/** An error that says which run it is of. */
function named(error: unknown, { vms, scheme, seed }: Scenario): unknown {
  if (!(error instanceof LabError) || error.code === 'cancelled') return error
  const apps = vms.map((vm) => vm.workload.app).join(', ')
  const run = `${apps} under ${JSON.stringify(scheme)}, seed ${seed}`
  return new LabError(error.code, `${run}: ${error.message}`, error.hint)
}

function specOf(scenario: Scenario) {
  const spec = buildSpec(scenario)
  if (!spec.ok) throw new LabError('bad-input', spec.error.map(formatIssue).join('; '))
  return spec.value
}
