/**
 * Use case: is the model right? Runs the rows of simulator.md §6 and says of each how the model's
 * figures stand beside its source's.
 */
import { LabError } from '../../core/base/lab-error.ts'
import type { LabContext } from '../context.ts'
import { describeMachine, sourceCommit } from '../environment.ts'
import { ROWS } from './rows.ts'
import type { Figure, Row } from './row.ts'
import { Trials } from './trials.ts'
import { worstOf } from './verdict.ts'
import type { Verdict } from './verdict.ts'

/** Which rows are run, how thoroughly, and how that is followed. */
export type ValidateOptions = {
  /** Ids of rows; empty: all. */
  readonly only: readonly number[]
  /** Runs of each situation. */
  readonly seeds: number
  /** Shorter runs, for a look. */
  readonly quick: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, submitted: number) => void
  readonly onRow?: (row: RowReport) => void
}

/** A row with its figures. */
export type RowReport = Omit<Row, 'measure'> & {
  readonly figures: readonly Figure[]
  readonly verdict: Verdict
}

/** A whole validation. */
export type Validation = {
  readonly kind: 'simulated'
  readonly commit: string | null
  readonly machine: ReturnType<typeof describeMachine>
  readonly seeds: readonly number[]
  readonly quick: boolean
  readonly runs: number
  readonly wallMs: number
  readonly rows: readonly RowReport[]
}

/** Fewest seeds that give an interval. */
export const SEEDS_MIN = 2

/** Length of the runs of a quick validation. */
const QUICK_SCALE = 0.05

/** Runs validations. */
export class ValidateCases {
  readonly #context: LabContext

  constructor(context: LabContext) {
    this.#context = context
  }

  /** @throws LabError `bad-input`, `cancelled`, or what went wrong in a run */
  async run(options: ValidateOptions): Promise<Validation> {
    const started = performance.now()
    const rows = chosen(options.only)
    const { signal } = options
    const trials = new Trials(this.#context.pool, {
      ...{ seeds: options.seeds, scale: options.quick ? QUICK_SCALE : 1 },
      ...{ signal, onProgress: options.onProgress },
    })
    const stop = (): void => trials.stop()
    signal?.addEventListener('abort', stop)
    try {
      const reports = await Promise.all(rows.map((row) => reportOf(row, trials, options)))
      return {
        ...{ kind: 'simulated', commit: sourceCommit(), machine: describeMachine() },
        ...{ seeds: trials.seeds, quick: options.quick, runs: trials.runs },
        ...{ wallMs: Math.round(performance.now() - started), rows: reports },
      }
    } catch (error) {
      trials.stop()
      if (signal?.aborted === true) throw new LabError('cancelled', 'the validation was cancelled')
      throw error
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }
}

async function reportOf(row: Row, trials: Trials, options: ValidateOptions): Promise<RowReport> {
  const { measure, ...rest } = row
  const figures = await measure(trials)
  const report = { ...rest, figures, verdict: worstOf(figures.map(({ verdict }) => verdict)) }
  options.onRow?.(report)
  return report
}

function chosen(ids: readonly number[]): readonly Row[] {
  for (const id of ids) {
    if (ROWS.some((row) => row.id === id)) continue
    const hint = `there are ${ROWS.map((row) => row.id).join(', ')}`
    throw new LabError('bad-input', `there is no row ${id}`, hint)
  }
  return ids.length === 0 ? ROWS : ROWS.filter((row) => ids.includes(row.id))
}
