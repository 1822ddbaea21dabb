/** Pairs of a scheme's runs with the baseline's, by seed. */
import type { ComparedRun, Series } from './collect-series.ts'
import { runsBySeed } from './collect-series.ts'

/** Pairs in order of the seeds; all arrays are as long as `seeds`. */
export type Pairs = {
  readonly seeds: readonly number[]
  readonly timesNs: Float64Array
  readonly baselineNs: Float64Array
  /** log(T / T_baseline). */
  readonly logRatios: Float64Array
}

/** A series with its pairs. */
export type PairedSeries = Pairs & { readonly series: Series }

/** Pairs the seeds that have a run in both; the others are dropped and counted by the caller. */
export function pairBySeed(series: Series, baseline: Series | undefined): PairedSeries {
  const pairs: { run: ComparedRun; base: ComparedRun }[] = []
  for (const run of runsBySeed(series)) {
    const base = baseline?.runs.get(run.seed)
    if (base !== undefined) pairs.push({ run, base })
  }
  return {
    series,
    seeds: pairs.map(({ run }) => run.seed),
    timesNs: Float64Array.from(pairs, ({ run }) => run.timeNs),
    baselineNs: Float64Array.from(pairs, ({ base }) => base.timeNs),
    logRatios: Float64Array.from(pairs, ({ run, base }) => Math.log(run.timeNs / base.timeNs)),
  }
}
