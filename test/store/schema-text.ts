/** A database's schema as text, to compare two of them. */
import Database from 'better-sqlite3'

/** Every table, index, view and trigger of a database, without SQLite's own and FTS5's parts. */
export function schemaOf(file: string): string {
  const database = new Database(file, { readonly: true })
  try {
    const objects = database
      .prepare(
        `SELECT sql FROM sqlite_schema
          WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
            AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
          ORDER BY rowid`,
      )
      .pluck()
      .all() as string[]
    const version = database.pragma('user_version', { simple: true }) as number
    const head = '-- The schema after all migrations. Written by `vitest -u`, never by hand.'
    return [head, ...objects.map((sql) => `${sql};`), `PRAGMA user_version = ${version};`, '']
      .join('\n\n')
      .trimEnd()
      .concat('\n')
  } finally {
    database.close()
  }
}
