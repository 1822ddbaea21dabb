/** Use case: why is a run as slow as it is? Runs it again without its harms, on all workers. */
import { HARM_KEYS } from '../core/base/harm.ts'
import type { HarmKey } from '../core/base/harm.ts'
import { LabError } from '../core/base/lab-error.ts'
import { didYouMean } from '../core/base/did-you-mean.ts'
import type { ExplainProgress, ExplanationData } from '../core/contract/explanation.ts'
import type { SimulatedResult } from '../core/contract/result.ts'
import type { Scenario } from '../core/contract/scenario.ts'
import { hostPcpus } from '../core/simulate/build-spec.ts'
import { explain, planExplanation, runsOf, scenarioWithout } from '../core/stats/explain.ts'
import type { Explanation, ExplainRun } from '../core/stats/explain.ts'
import { ProgressQueue } from './calibrate/progress-queue.ts'
import type { LabContext } from './context.ts'
import { requireSimulated, resultOf } from './simulation.ts'

/** How thorough an explanation is, and how it is followed. */
export type ExplainOptions = {
  readonly harms?: readonly string[]
  readonly seeds: number
  readonly orders: number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, runs: number) => void
}

/** What is explained of the library, and how thoroughly. */
type FollowOrder = { readonly runId: string; readonly seeds: number; readonly orders: number }

/** Explains runs by counterfactual ones. */
export class ExplainCases {
  readonly #context: LabContext

  constructor(context: LabContext) {
    this.#context = context
  }

  /** As `run`, of a kept run: how far it is, and at last the explanation. */
  async *follow(
    { runId, seeds, orders }: FollowOrder,
    signal?: AbortSignal,
  ): AsyncGenerator<{ progress: ExplainProgress } | { explanation: ExplanationData }, void> {
    const { scenario } = await this.#context.store.getRun(runId)
    const ending = new AbortController()
    const end = () => ending.abort()
    if (signal?.aborted === true) end()
    signal?.addEventListener('abort', end)
    const feed = new ProgressQueue<ExplainProgress>()
    const onProgress = (done: number, of: number) => feed.put({ done, of })
    const run = this.run(scenario, { seeds, orders, signal: ending.signal, onProgress })
    void run.finally(() => feed.close()).catch(() => undefined)
    try {
      for await (const progress of feed) yield { progress }
      yield { explanation: dataOf(await run) }
    } finally {
      signal?.removeEventListener('abort', end)
      end()
      await run.catch(() => undefined)
    }
  }

  /** @throws LabError `bad-input`, `cancelled`, or what went wrong in a run */
  async run(scenario: Scenario, options: ExplainOptions): Promise<Explanation> {
    if (scenario.without.length > 0) {
      const hint = 'explain the run that it is a variant of'
      throw new LabError('bad-input', 'the run is counterfactual itself', hint)
    }
    requireSimulated(scenario)
    const plan = planExplanation(scenario, {
      ...options,
      harms: checkHarms(options.harms ?? []),
      pcpus: hostPcpus(scenario.host),
    })
    const runs = runsOf(plan)
    const results = new Map<string, SimulatedResult>()
    const tasks = runs.map((run) => this.#context.pool.submit(scenarioWithout(plan, run)))
    const stopAll = (): void => tasks.forEach((task) => task.stop())
    if (options.signal?.aborted === true) stopAll()
    options.signal?.addEventListener('abort', stopAll)
    try {
      await Promise.all(
        runs.map(async (run, i) => {
          results.set(keyOf(run), (await resultOf(tasks[i]!)).result)
          options.onProgress?.(results.size, runs.length)
        }),
      )
    } catch (error) {
      stopAll()
      throw error
    } finally {
      options.signal?.removeEventListener('abort', stopAll)
    }
    return explain(plan, (run) => results.get(keyOf(run))!)
  }
}

/** The explanation as it crosses a bridge. */
const dataOf = ({ seeds, harms, ...explanation }: Explanation): ExplanationData => ({
  ...explanation,
  seeds: [...seeds],
  harms: harms.map((harm) => ({ ...harm, classes: [...harm.classes] })),
})

const keyOf = ({ seed, mask }: ExplainRun): string => `${seed} ${mask}`

/** The harms that are named, in the order of the list; all where none is. */
function checkHarms(named: readonly string[]): readonly HarmKey[] {
  if (named.length === 0) return HARM_KEYS
  for (const name of named) {
    if ((HARM_KEYS as readonly string[]).includes(name)) continue
    throw new LabError('bad-input', `"${name}" is no harm`, didYouMean(name, HARM_KEYS))
  }
  return HARM_KEYS.filter((key) => named.includes(key))
}
