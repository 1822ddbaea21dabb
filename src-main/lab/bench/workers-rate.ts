/**
 * How a campaign scales with workers: the same cells on pools of 1 … as many workers as there are
 * CPUs, the pool as campaigns use it. Wall time, from an empty pool to the last result.
 */
import { availableParallelism } from 'node:os'
import type { Scenario } from '../../core/contract/scenario.ts'
import { SCHEMES } from '../../core/schemes/registry.ts'
import { WorkerPool } from '../runner/pool.ts'
import { simulationWorkerEntry } from '../runner/worker-entry.ts'
import { scenarioOf } from './situations.ts'
import { mid, spread } from './spread.ts'
import type { Spread } from './spread.ts'

/** A pool's figures over the rounds; rates are per second of wall time. */
export type WorkersRate = {
  readonly workers: number
  readonly cellRate: Spread
  readonly eventRate: Spread
  /** Its throughput as a multiple of one worker's: the median of the rounds' quotients. */
  readonly speedup: number
}

/** The figures of all pools; `cells` were the same for each. */
export type WorkersFigures = {
  readonly cells: number
  readonly events: number
  readonly rounds: number
  readonly pools: readonly WorkersRate[]
}

/** How long to measure: a cell for each app and scheme. */
export type WorkersEffort = { readonly apps: readonly string[]; readonly rounds: number }

const EVENTS_MAX = 20_000_000

/** Pool sizes that are measured with so many CPUs: the powers of two, and all of them. */
export function poolSizes(cpus: number): number[] {
  const sizes = [cpus]
  for (let size = 1; size < cpus; size *= 2) sizes.push(size)
  return sizes.sort((a, b) => a - b)
}

/** Measures the pools, one after the other in each round. @throws Error when `signal` aborts */
export async function measureWorkers(
  { apps, rounds }: WorkersEffort,
  signal: AbortSignal,
  sizes: readonly number[] = poolSizes(availableParallelism()),
): Promise<WorkersFigures> {
  const scenarios = campaignOf(apps)
  const seconds = sizes.map(() => [] as number[])
  let events = 0
  for (let round = 0; round < rounds; round++) {
    for (const [at, size] of sizes.entries()) {
      const run = await runCampaign(scenarios, size, signal)
      seconds[at]!.push(run.seconds)
      events = run.events
    }
  }
  const pools = sizes.map((workers, at) => ({
    workers,
    cellRate: spread(seconds[at]!.map((s) => scenarios.length / s)),
    eventRate: spread(seconds[at]!.map((s) => events / s)),
    speedup: mid(seconds[at]!.map((s, round) => seconds[0]![round]! / s)),
  }))
  return { cells: scenarios.length, events, rounds, pools }
}

const campaignOf = (apps: readonly string[]): Scenario[] =>
  apps.flatMap((workload) =>
    SCHEMES.map(({ id }) => scenarioOf({ size: 'small', workload, scheme: id }, EVENTS_MAX, 1)),
  )

async function runCampaign(scenarios: readonly Scenario[], size: number, signal: AbortSignal) {
  signal.throwIfAborted()
  const start = performance.now()
  const pool = new WorkerPool({ size, entry: simulationWorkerEntry() })
  const tasks = scenarios.map((scenario) => pool.submit(scenario))
  const stop = (): void => tasks.forEach((task) => task.stop())
  signal.addEventListener('abort', stop, { once: true })
  try {
    let events = 0
    for (const { done } of tasks) {
      const outcome = await done
      signal.throwIfAborted()
      if (outcome.kind === 'failed') throw outcome.error
      if (outcome.kind === 'finished') events += outcome.result.events
    }
    return { events, seconds: (performance.now() - start) / 1000 }
  } finally {
    signal.removeEventListener('abort', stop)
    await pool.close()
  }
}
