/** From public ids to the integer keys inside the library; an unknown id is `not-found`. */
import { LabError } from '../core/base/lab-error.ts'
import type { Connection } from './connection.ts'

type Keyed = { readonly key: number }

/** The key of a campaign; LabError `not-found` when there is none. */
export function campaignKey(db: Connection, campaignId: string): number {
  const sql = 'SELECT campaign_key AS key FROM campaigns WHERE id = ?'
  const found = db.one<Keyed>(sql, campaignId)
  if (found !== undefined) return found.key
  throw new LabError(
    'not-found',
    `there is no campaign ${campaignId} in this library`,
    'list the campaigns to see their ids',
  )
}

/** The key of a run, in the trash or not; LabError `not-found` when there is none. */
export function runKey(db: Connection, runId: string): number {
  const found = db.one<Keyed>('SELECT run_key AS key FROM runs WHERE id = ?', runId)
  if (found !== undefined) return found.key
  throw new LabError(
    'not-found',
    `there is no run ${runId} in this library`,
    'it may have been deleted from the trash',
  )
}
