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
): string[] {
  const tagged = 'EXISTS (SELECT 1 FROM run_tags t WHERE t.run_key = runs.run_key AND tag = ?)'
  const sql = `SELECT id FROM runs WHERE ${NAMED} AND ${on ? 'NOT ' : ''}${tagged}`
  const changing = db.column<string>(sql, JSON.stringify(runIds), tag)
  const keys = `SELECT run_key FROM runs WHERE ${NAMED}`
  const ids = JSON.stringify(changing)
  if (on) db.run(`INSERT INTO run_tags (run_key, tag) SELECT run_key, ? FROM (${keys})`, tag, ids)
  else db.run(`DELETE FROM run_tags WHERE tag = ? AND run_key IN (${keys})`, tag, ids)
  return changing
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
export function noteLine(
  db: Connection,
  runIds: readonly string[],
  line: string,
  on: boolean,
): string[] {
  const ids = JSON.stringify(runIds)
  if (on) {
    const added = "note || iif(note = '', '', char(10)) || ?"
    return db.column(`UPDATE runs SET note = ${added} WHERE ${NAMED} RETURNING id`, line, ids)
  }
  return db.column(
    `UPDATE runs SET note = substr(note, 1, max(0, length(note) - length(line) - 1))
      FROM (SELECT ? AS line)
      WHERE (note = line OR substr(note, -length(line) - 1) = char(10) || line) AND ${NAMED}
      RETURNING id`,
    line,
    ids,
  )
}

/** See StoreOperations. */
export function trashRuns(db: Connection, runIds: readonly string[], on: boolean): string[] {
  const ids = JSON.stringify(runIds)
  if (!on) {
    const restore = `UPDATE runs SET trashed_at = NULL WHERE trashed_at IS NOT NULL AND ${NAMED}`
    return db.column(`${restore} RETURNING id`, ids)
  }
  const sql = `UPDATE runs SET trashed_at = ? WHERE trashed_at IS NULL AND ${NAMED} RETURNING id`
  return db.column(sql, nowIso(), ids)
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
