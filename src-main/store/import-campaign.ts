/**
 * Taking over a campaign that was run elsewhere. A run is its id and the hash of its content: what
 * is there already is left as it is, so that importing twice adds nothing.
 */
import { LabError } from '../core/base/lab-error.ts'
import { campaignRow } from './campaigns.ts'
import { getCell, insertCell, linkRun } from './cells.ts'
import type { Connection } from './connection.ts'
import { runContentHash } from './identity.ts'
import type { CampaignBundle, ImportedCampaign } from './operations.ts'
import { tagRuns, trashRuns } from './run-marks.ts'
import { insertRun } from './run-writer.ts'

type BundledRun = CampaignBundle['runs'][number]
type Stored = { readonly contentHash: string }

/** See StoreOperations. */
export function importCampaign(db: Connection, bundle: CampaignBundle): ImportedCampaign {
  const key = knownKey(db, bundle.id) ?? addCampaign(db, bundle)
  const added = bundle.runs.filter((run) => importRun(db, bundle, key, run))
  const ids = bundle.runs.map(({ id }) => id)
  for (const tag of bundle.tags) tagRuns(db, ids, tag, true)
  const restored = trashRuns(db, ids, false).length
  return { row: campaignRow(db, bundle.id), added: added.length, restored }
}

function knownKey(db: Connection, id: string): number | undefined {
  const sql = 'SELECT campaign_key AS key FROM campaigns WHERE id = ?'
  return db.one<{ readonly key: number }>(sql, id)?.key
}

function addCampaign(db: Connection, { id, definition, createdAt, cells }: CampaignBundle): number {
  const key = db.insert(
    `INSERT INTO campaigns (id, name, definition, status, created_at)
      VALUES (?, ?, ?, 'finished', ?)`,
    id,
    definition.name,
    JSON.stringify(definition),
    createdAt,
  )
  for (const cell of cells) insertCell(db, key, cell)
  return key
}

/** Whether the run was added. LabError `conflict` where its id belongs to another content. */
function importRun(db: Connection, bundle: CampaignBundle, key: number, run: BundledRun): boolean {
  const { scenario } = bundle.cells[run.cellIndex]!
  const sql = 'SELECT content_hash AS contentHash FROM runs WHERE id = ?'
  const known = db.one<Stored>(sql, run.id)
  if (known !== undefined) {
    if (known.contentHash === runContentHash(scenario, run.result)) return false
    const hint = 'nothing was imported; the run that is there stays as it is'
    throw new LabError('conflict', `the run ${run.id} is here with another content`, hint)
  }
  const cell = getCell(db, key, run.cellIndex)
  if (cell.runId !== null) return false
  const { factors } = cell
  const { environment } = bundle
  const place = { factors, campaignKey: key, cellIndex: run.cellIndex }
  linkRun(db, key, run.cellIndex, insertRun(db, { ...run, scenario, environment, ...place }).key)
  return true
}
