/** What people add to runs: tags, notes, exclusions, and moving them into the trash. */
import { assert } from '../core/base/assert.ts'
import type { Connection } from './connection.ts'
import { nowIso } from './identity.ts'
import { runKey } from './keys.ts'
import { deleteOrphans } from './scenarios.ts'

const DAY_MS = 86_400_000
const NAMED = 'id IN (SELECT value FROM json_each(?))'

/** See StoreOperations. */
export function tagRuns(
  db: Connection,
  runIds: readonly string[],
  tag: string,
  on: boolean,
): number {
  const named = `SELECT run_key FROM runs WHERE ${NAMED}`
  const ids = JSON.stringify(runIds)
  if (!on) return db.run(`DELETE FROM run_tags WHERE tag = ? AND run_key IN (${named})`, tag, ids)
  return db.run(
    `INSERT INTO run_tags (run_key, tag) SELECT run_key, ? FROM runs WHERE ${NAMED}
      ON CONFLICT DO NOTHING`,
    tag,
    ids,
  )
}

/** See StoreOperations. */
export function noteRun(db: Connection, runId: string, note: string): number {
  const key = runKey(db, runId)
  return db.run('UPDATE runs SET note = ? WHERE run_key = ? AND note <> ?', note, key, note)
}

/** See StoreOperations. */
export function excludeRuns(
  db: Connection,
  runIds: readonly string[],
  reason: string | null,
): number {
  const ids = JSON.stringify(runIds)
  const named = `SELECT run_key FROM runs WHERE ${NAMED}`
  if (reason === null) return db.run(`DELETE FROM exclusions WHERE run_key IN (${named})`, ids)
  return db.run(
    `INSERT INTO exclusions (run_key, reason, excluded_at)
      SELECT run_key, ?, ? FROM runs WHERE ${NAMED}
      ON CONFLICT DO UPDATE SET reason = excluded.reason, excluded_at = excluded.excluded_at
        WHERE reason <> excluded.reason`,
    reason,
    nowIso(),
    ids,
  )
}

/** See StoreOperations. */
export function trashRuns(db: Connection, runIds: readonly string[], on: boolean): number {
  const ids = JSON.stringify(runIds)
  if (!on) {
    const restore = `UPDATE runs SET trashed_at = NULL WHERE trashed_at IS NOT NULL AND ${NAMED}`
    return db.run(restore, ids)
  }
  const sql = `UPDATE runs SET trashed_at = ? WHERE trashed_at IS NULL AND ${NAMED}`
  return db.run(sql, nowIso(), ids)
}

/** See StoreOperations. A cell whose run is deleted counts as skipped, so it is not run again. */
export function purgeTrash(db: Connection, days: number): number {
  assert(days >= 0, 'days must not be negative')
  const before = new Date(Date.now() - days * DAY_MS).toISOString()
  db.run(
    `UPDATE cells SET status = 'skipped', run_key = NULL, error = 'its run was deleted'
      WHERE run_key IN (SELECT run_key FROM runs WHERE trashed_at <= ?)`,
    before,
  )
  const deleted = db.run('DELETE FROM runs WHERE trashed_at <= ?', before)
  if (deleted > 0) deleteOrphans(db)
  return deleted
}
