/** Saved views of the library: questions under a name. */
import type { LibraryView, SavedView } from '../core/contract/library-view.ts'
import type { Connection } from './connection.ts'
import { nowIso } from './identity.ts'
import { readJson } from './stored-json.ts'

type ViewRecord = Omit<SavedView, 'state'> & { readonly state: string }

/** See StoreOperations. */
export function listViews(db: Connection): SavedView[] {
  const sql = 'SELECT name, state, saved_at AS savedAt FROM library_views ORDER BY name'
  return db
    .all<ViewRecord>(sql)
    .map((view) => ({ ...view, state: readJson<SavedView['state']>(view.state) }))
}

/** See StoreOperations. */
export function saveView(db: Connection, view: LibraryView): SavedView {
  const savedAt = nowIso()
  db.run(
    `INSERT INTO library_views (name, state, saved_at) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET state = excluded.state, saved_at = excluded.saved_at`,
    view.name,
    JSON.stringify(view.state),
    savedAt,
  )
  return { ...view, savedAt }
}

/** See StoreOperations. */
export const removeView = (db: Connection, name: string): number =>
  db.run('DELETE FROM library_views WHERE name = ?', name)
