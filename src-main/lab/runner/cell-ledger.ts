/** What a running campaign reads and writes down: the store's side of its cells, and no more. */
import { assert } from '../../core/base/assert.ts'
import { NOT_NEEDED } from '../../core/contract/library.ts'
import type { CampaignStatus, Cell } from '../../core/contract/library.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import { decideStop } from '../../core/stats/stopping.ts'
import type { StopDecision } from '../../core/stats/stopping.ts'
import type { Machine, Store } from '../../store/index.ts'
import type { TaskResult } from './task.ts'

/** The record of one campaign's cells. Every promise resolves after the commit. */
export type CellLedger = {
  readonly scenario: (cell: Cell) => Promise<Scenario>
  /** @returns false when the cell is not to run any more */
  readonly begin: (cell: Cell) => Promise<boolean>
  readonly finish: (cell: Cell, scenario: Scenario, done: TaskResult) => Promise<void>
  readonly fail: (cell: Cell, error: string) => Promise<void>
  /** Cells that were begun and not ended are pending again. */
  readonly release: () => Promise<void>
  readonly setStatus: (status: CampaignStatus) => Promise<void>
  /** Asks the stopping rule before a repetition and leaves out the cells that it does without. */
  readonly decideStop: (repetition: number) => Promise<StopDecision>
}

/** The ledger of a campaign in the library. */
export function storeLedger(store: Store, campaignId: string, machine: Machine): CellLedger {
  return {
    scenario: (cell) => store.cellScenario(campaignId, cell.index),
    begin: (cell) => store.startCell(campaignId, cell.index),
    async finish(cell, scenario, { result, host }) {
      const on = host === undefined ? machine : { ...machine, host }
      await store.finishCell(campaignId, cell.index, scenario, result, on)
    },
    async fail(cell, error) {
      await store.failCell(campaignId, cell.index, error)
    },
    async release() {
      await store.releaseCells(campaignId)
    },
    decideStop: (repetition) => askStop(store, campaignId, repetition),
    async setStatus(status) {
      await store.setCampaignStatus(campaignId, status)
    },
  }
}

async function askStop(
  store: Store,
  campaignId: string,
  repetition: number,
): Promise<StopDecision> {
  const { definition, cells } = await store.getCampaign(campaignId)
  const { stop, measure = 'time' } = definition
  assert(stop !== undefined, 'only a campaign with a stopping rule asks it')
  const runs = await store.campaignRuns(campaignId, measure)
  const decision = decideStop(definition, stop, { cells, runs }, repetition)
  if (decision.notNeeded.length > 0) {
    await store.skipCells(campaignId, decision.notNeeded, NOT_NEEDED)
  }
  return decision
}
