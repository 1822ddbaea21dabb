/** Use case: do the statistics do what they say? Coverage by simulation, and the null campaign. */
import { LabError } from '../../core/base/lab-error.ts'
import type { LabContext } from '../context.ts'
import { describeMachine, sourceCommit } from '../environment.ts'
import { coverageOf, DISTRIBUTIONS, SIZES } from './coverage.ts'
import type { Coverage } from './coverage.ts'
import { count, noCounts } from './null-counts.ts'
import type { NullCase, NullCounts } from './null-counts.ts'
import { nullRepeats } from './null-runs.ts'

/** How thoroughly it is tried. */
export type StatisticsOptions = {
  /** Repeats of the null campaign. */
  readonly repeats: number
  /** Samples of each distribution and size. */
  readonly samples: number
  readonly signal?: AbortSignal
  readonly onProgress?: (text: string) => void
}

/** What came out. */
export type StatisticsFigures = {
  readonly commit: string | null
  readonly machine: ReturnType<typeof describeMachine>
  readonly repeats: number
  readonly samples: number
  readonly runs: number
  readonly wallMs: number
  readonly nulls: readonly NullCounts[]
  readonly coverage: readonly Coverage[]
}

/** Pairs of a repeat. */
const PAIRS = 16

const STOP = { min: 6, ciWidth: 0.04 }

/** The ways in which the null campaign is judged; all of the same runs. */
export const NULL_CASES: readonly NullCase[] = [
  { name: '8 pairs, no margin', pairs: 8, margin: 0 },
  { name: '16 pairs, no margin', pairs: PAIRS, margin: 0 },
  { name: '16 pairs, margin 2 %', pairs: PAIRS, margin: 0.02 },
  { name: 'stopping rule (4 %, 6 … 16 pairs), no margin', pairs: PAIRS, margin: 0, stop: STOP },
]

/** Tries the statistics. */
export class StatisticsCases {
  readonly #context: LabContext

  constructor(context: LabContext) {
    this.#context = context
  }

  /** @throws LabError `cancelled` */
  async run(options: StatisticsOptions): Promise<StatisticsFigures> {
    const started = performance.now()
    const { repeats, samples, signal } = options
    try {
      const { nulls, runs } = await this.#nulls(options)
      const coverage = await coverages(options)
      const wallMs = Math.round(performance.now() - started)
      const by = { commit: sourceCommit(), machine: describeMachine() }
      return { ...by, repeats, samples, runs, wallMs, nulls, coverage }
    } catch (error) {
      if (signal?.aborted === true) throw new LabError('cancelled', 'it was cancelled')
      throw error
    }
  }

  async #nulls({ repeats, signal, onProgress }: StatisticsOptions) {
    let nulls = NULL_CASES.map(noCounts)
    let [done, runs] = [0, 0]
    for await (const repeat of nullRepeats(this.#context.pool, { repeats, pairs: PAIRS }, signal)) {
      nulls = nulls.map((one) => count(one, repeat))
      runs += repeat.runs.length
      onProgress?.(`null campaign: ${++done} of ${repeats} repeats`)
    }
    return { nulls, runs }
  }
}

async function coverages({ samples, signal, onProgress }: StatisticsOptions): Promise<Coverage[]> {
  const all: Coverage[] = []
  for (const distribution of DISTRIBUTIONS) {
    for (const n of SIZES) {
      // lets an interrupt be heard
      await new Promise((resolve) => setImmediate(resolve))
      signal?.throwIfAborted()
      onProgress?.(`coverage: ${distribution.name}, n = ${n}`)
      all.push(coverageOf(distribution, n, samples))
    }
  }
  return all
}
