/** Bookmarks: places in the traces of runs that the user named. */
import type { Bookmark } from '../core/contract/trace.ts'
import type { Connection } from './connection.ts'
import { runKey } from './keys.ts'

/** See StoreOperations. */
export const listBookmarks = (db: Connection, runId: string): Bookmark[] =>
  db.all<Bookmark>(
    `SELECT id, name, from_ns AS fromNs, to_ns AS toNs, track FROM trace_bookmarks
      WHERE run_key = ? ORDER BY from_ns, to_ns, id`,
    runKey(db, runId),
  )

/** See StoreOperations. */
export function saveBookmark(db: Connection, runId: string, bookmark: Bookmark): number {
  const { id, name, fromNs, toNs, track } = bookmark
  const sql = 'INSERT OR REPLACE INTO trace_bookmarks VALUES (?, ?, ?, ?, ?, ?)'
  return db.run(sql, runKey(db, runId), id, name, fromNs, toNs, track)
}

/** See StoreOperations. */
export const deleteBookmark = (db: Connection, runId: string, id: string): number =>
  db.run('DELETE FROM trace_bookmarks WHERE run_key = ? AND id = ?', runKey(db, runId), id)
