/** Use case: how many repetitions a question needs, from a campaign of the library as its pilot. */
import type { PowerPlan, PowerQuery } from '../core/contract/power.ts'
import { planFromPilot } from '../core/stats/pilot.ts'
import type { CompareCases } from './compare.ts'
import type { LabContext } from './context.ts'
import { runQuery } from './library.ts'

/** Runs from which the cost of a cell is known. */
const RUNS_MAX = 1000

/** Plans repetitions. */
export class PowerCases {
  readonly #context: LabContext
  readonly #compare: CompareCases

  constructor(context: LabContext, compare: CompareCases) {
    this.#context = context
    this.#compare = compare
  }

  /** The repetitions that find an effect, and their cost. @throws LabError `not-found` */
  async plan(query: PowerQuery): Promise<PowerPlan> {
    const { store, runner } = this.#context
    const pilot = await this.#compare.get(query.pilotId)
    const { definition, cells } = await store.getCampaign(query.pilotId)
    const { rows } = await store.queryRuns(
      runQuery({ campaignIds: [query.pilotId], limit: RUNS_MAX }),
    )
    const wallMs = rows.reduce((total, row) => total + row.wallMs, 0)
    return planFromPilot(pilot, query, {
      cells: cells.length / definition.seeds.count,
      cellMs: rows.length === 0 ? null : wallMs / rows.length,
      workers: definition.measured === undefined ? runner.workers : 1,
    })
  }
}
