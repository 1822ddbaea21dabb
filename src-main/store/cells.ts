/** Cells: the units of a campaign, each run once, and the states they go through. */
import { LabError } from '../core/base/lab-error.ts'
import type { Factors } from '../core/contract/campaign.ts'
import type { Cell, CellStatus } from '../core/contract/library.ts'
import type { Scenario } from '../core/contract/scenario.ts'
import type { Connection } from './connection.ts'
import { campaignKey } from './keys.ts'
import type { CellPlan } from './operations.ts'
import { scenarioKey } from './scenarios.ts'
import { readJson } from './stored-json.ts'

type CellRecord = Omit<Cell, 'factors'> & { readonly factors: string }

const CELL = `
  SELECT k.cell_index AS "index", k.factors, k.seed, k.repetition, k.status, r.id AS runId, k.error
  FROM cells k LEFT JOIN runs r USING (run_key)`

const readCell = (record: CellRecord): Cell => ({
  ...record,
  factors: readJson<Factors>(record.factors),
})

/** Adds a pending cell with its scenario. */
export function insertCell(db: Connection, key: number, cell: CellPlan): void {
  db.run(
    `INSERT INTO cells (campaign_key, cell_index, factors, seed, repetition, scenario_key)
      VALUES (?, ?, ?, ?, ?, ?)`,
    key,
    cell.index,
    JSON.stringify(cell.factors),
    cell.seed,
    cell.repetition,
    scenarioKey(db, cell.scenario),
  )
}

/** The cells of a campaign in run order. */
export function allCells(db: Connection, key: number): Cell[] {
  const sql = `${CELL} WHERE k.campaign_key = ? ORDER BY k.cell_index`
  return db.all<CellRecord>(sql, key).map(readCell)
}

/** See StoreOperations. */
export function pendingCells(db: Connection, campaignId: string): Cell[] {
  const sql = `${CELL} WHERE k.campaign_key = ? AND k.status = 'pending' ORDER BY k.cell_index`
  return db.all<CellRecord>(sql, campaignKey(db, campaignId)).map(readCell)
}

/** One cell; LabError `not-found` when the campaign has no such cell. */
export function getCell(db: Connection, key: number, cellIndex: number): Cell {
  const sql = `${CELL} WHERE k.campaign_key = ? AND k.cell_index = ?`
  const record = db.one<CellRecord>(sql, key, cellIndex)
  if (record !== undefined) return readCell(record)
  throw new LabError('not-found', `the campaign has no cell ${cellIndex}`)
}

/** See StoreOperations. */
export function cellScenario(db: Connection, campaignId: string, cellIndex: number): Scenario {
  const key = campaignKey(db, campaignId)
  getCell(db, key, cellIndex)
  const { json } = db.one<{ json: string }>(
    `SELECT json FROM cells JOIN scenarios USING (scenario_key)
      WHERE campaign_key = ? AND cell_index = ?`,
    key,
    cellIndex,
  )!
  return readJson<Scenario>(json)
}

/** See StoreOperations. */
export function startCell(db: Connection, campaignId: string, cellIndex: number): boolean {
  return changeCell(db, campaignId, cellIndex, 'running', ['pending'], null)
}

/** See StoreOperations. */
export function failCell(
  db: Connection,
  campaignId: string,
  cellIndex: number,
  error: string,
): boolean {
  const from: CellStatus[] = ['pending', 'running', 'failed', 'skipped']
  return changeCell(db, campaignId, cellIndex, 'failed', from, error)
}

function changeCell(
  db: Connection,
  campaignId: string,
  cellIndex: number,
  to: CellStatus,
  from: readonly CellStatus[],
  error: string | null,
): boolean {
  const key = campaignKey(db, campaignId)
  if (!from.includes(getCell(db, key, cellIndex).status)) return false
  db.run(
    'UPDATE cells SET status = ?, error = ? WHERE campaign_key = ? AND cell_index = ?',
    to,
    error,
    key,
    cellIndex,
  )
  return true
}

/** Links a cell with its run. */
export function linkRun(db: Connection, key: number, cellIndex: number, runKey: number): void {
  db.run(
    `UPDATE cells SET status = 'finished', error = NULL, run_key = ?
      WHERE campaign_key = ? AND cell_index = ?`,
    runKey,
    key,
    cellIndex,
  )
}

/** See StoreOperations. */
export function releaseCells(db: Connection, campaignId: string): number {
  return db.run(
    "UPDATE cells SET status = 'pending' WHERE campaign_key = ? AND status = 'running'",
    campaignKey(db, campaignId),
  )
}

/** See StoreOperations. */
export function skipCells(
  db: Connection,
  campaignId: string,
  cellIndexes: readonly number[],
  reason: string | null,
): number {
  return db.run(
    `UPDATE cells SET status = 'skipped', error = ?
      WHERE campaign_key = ? AND status IN ('pending', 'running', 'failed')
        AND cell_index IN (SELECT value FROM json_each(?))`,
    reason,
    campaignKey(db, campaignId),
    JSON.stringify(cellIndexes),
  )
}

/** See StoreOperations. */
export function resetCells(
  db: Connection,
  campaignId: string,
  cellIndexes: readonly number[],
): number {
  const key = campaignKey(db, campaignId)
  const reset = "UPDATE cells SET status = 'pending', error = NULL, run_key = NULL"
  if (cellIndexes.length === 0) {
    return db.run(`${reset} WHERE campaign_key = ? AND status = 'failed'`, key)
  }
  return db.run(
    `${reset} WHERE campaign_key = ? AND cell_index IN (SELECT value FROM json_each(?))
      AND (status IN ('failed', 'skipped')
        OR run_key IN (SELECT run_key FROM runs WHERE trashed_at IS NOT NULL))`,
    key,
    JSON.stringify(cellIndexes),
  )
}
