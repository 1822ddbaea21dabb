/** Campaigns: their definition and status. Their cells are in cells.ts. */
import type { Campaign } from '../core/contract/campaign.ts'
import type { CampaignDetail, CampaignRow, CampaignStatus } from '../core/contract/library.ts'
import { allCells, insertCell } from './cells.ts'
import type { Connection } from './connection.ts'
import { nowIso, uuidV7 } from './identity.ts'
import { campaignKey } from './keys.ts'
import type { CellPlan } from './operations.ts'
import type { RunnerLock } from './runner-lock.ts'
import { readJson } from './stored-json.ts'

const CAMPAIGN_ROW = `
  SELECT c.id, c.name, c.status, c.created_at AS createdAt,
    json_extract(c.definition, '$.measured.host') AS host,
    count(k.status) AS cells,
    count(*) FILTER (WHERE k.status = 'finished') AS finished,
    count(*) FILTER (WHERE k.status = 'failed') AS failed,
    count(*) FILTER (WHERE k.status = 'skipped') AS skipped
  FROM campaigns c LEFT JOIN cells k USING (campaign_key)`

/** See StoreOperations. */
export function createCampaign(
  db: Connection,
  definition: Campaign,
  cells: readonly CellPlan[],
): CampaignRow {
  const id = uuidV7()
  const key = db.insert(
    'INSERT INTO campaigns (id, name, definition, created_at) VALUES (?, ?, ?, ?)',
    id,
    definition.name,
    JSON.stringify(definition),
    nowIso(),
  )
  for (const cell of cells) insertCell(db, key, cell)
  return campaignRow(db, id)
}

/** See StoreOperations. */
export function listCampaigns(db: Connection): CampaignRow[] {
  return db.all(`${CAMPAIGN_ROW} GROUP BY c.campaign_key ORDER BY c.campaign_key DESC`)
}

/** See StoreOperations. */
export function getCampaign(db: Connection, campaignId: string): CampaignDetail {
  const key = campaignKey(db, campaignId)
  const sql = 'SELECT definition FROM campaigns WHERE campaign_key = ?'
  const { definition } = db.one<{ definition: string }>(sql, key)!
  return {
    row: campaignRow(db, campaignId),
    definition: readJson<Campaign>(definition),
    cells: allCells(db, key),
  }
}

/** See StoreOperations. The lock is held while any campaign runs. */
export function setCampaignStatus(
  db: Connection,
  lock: RunnerLock,
  campaignId: string,
  status: CampaignStatus,
): CampaignRow {
  const key = campaignKey(db, campaignId)
  if (status === 'running') lock.acquire()
  db.run('UPDATE campaigns SET status = ? WHERE campaign_key = ?', status, key)
  if (!isAnyRunning(db)) lock.release()
  return campaignRow(db, campaignId)
}

/**
 * Campaigns that were running when their process ended become `interrupted`, their running cells
 * pending. Left alone while another process holds the runner lock: its campaigns do run.
 */
export function markInterrupted(db: Connection, lock: RunnerLock): void {
  const hasCell = db.one("SELECT 1 FROM cells WHERE status = 'running'") !== undefined
  if (!(hasCell || isAnyRunning(db)) || !lock.tryAcquire()) return
  db.run("UPDATE cells SET status = 'pending' WHERE status = 'running'")
  db.run("UPDATE campaigns SET status = 'interrupted' WHERE status = 'running'")
  lock.release()
}

function isAnyRunning(db: Connection): boolean {
  return db.one("SELECT 1 FROM campaigns WHERE status = 'running'") !== undefined
}

/** A campaign's row in the list. */
export function campaignRow(db: Connection, campaignId: string): CampaignRow {
  return db.one<CampaignRow>(`${CAMPAIGN_ROW} WHERE c.id = ? GROUP BY c.campaign_key`, campaignId)!
}
