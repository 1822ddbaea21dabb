/**
 * Migrations: numbered SQL files. All pending ones and `user_version` share one transaction, so a
 * process that dies in between leaves the old schema or the new one, never a mixture.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Database } from 'better-sqlite3'
import { assert } from '../core/base/assert.ts'
import { LabError } from '../core/base/lab-error.ts'
import { nowIso } from './identity.ts'

/** Marks a SQLite file as a library of this app: "FlxL" in the header's application id. */
export const APPLICATION_ID = 0x466c784c

/** One file of migrations/: `0010-library.sql` is version 10. */
export type Migration = { readonly version: number; readonly file: string; readonly sql: string }

/** Who migrates; kept in the library's schema_history. */
export type Writer = { readonly appVersion: string; readonly commit: string | null }

/** The migrations of a folder, in order. LabError `store` when there is none. */
export function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder).filter((name) => /^\d{4}-.+\.sql$/.test(name))
  if (names.length === 0) {
    throw new LabError('store', `${folder} holds no migrations`, 'install the app again')
  }
  return names.sort().map((name) => ({
    version: Number.parseInt(name, 10),
    file: name,
    sql: readFileSync(path.join(folder, name), 'utf8'),
  }))
}

/** The version that a library has after all migrations. */
export const headVersion = (migrations: readonly Migration[]): number =>
  migrations.at(-1)?.version ?? 0

/** The schema version of an open library; 0 for an empty file. */
export const schemaVersion = (database: Database): number =>
  database.pragma('user_version', { simple: true }) as number

/** Applies what is pending; gives back the versions that it applied. Throws SqliteError. */
export function migrate(
  database: Database,
  migrations: readonly Migration[],
  writer: Writer,
): number[] {
  // Rebuilding a table would otherwise delete the rows that refer to it; checked before the commit.
  database.pragma('foreign_keys = OFF')
  try {
    return database.transaction(() => applyPending(database, migrations, writer)).immediate()
  } finally {
    database.pragma('foreign_keys = ON')
  }
}

function applyPending(
  database: Database,
  migrations: readonly Migration[],
  writer: Writer,
): number[] {
  // Read inside the transaction: another process may have migrated while this one waited.
  const from = schemaVersion(database)
  const pending = migrations.filter((migration) => migration.version > from)
  for (const migration of pending) apply(database, migration, writer)
  const broken = database.pragma('foreign_key_check') as unknown[]
  assert(broken.length === 0, 'a migration left rows that refer to nothing')
  return pending.map((migration) => migration.version)
}

function apply(database: Database, migration: Migration, writer: Writer): void {
  database.exec(migration.sql)
  assert(database.inTransaction, `${migration.file} must not end the transaction`)
  database
    .prepare('INSERT INTO schema_history VALUES (?, ?, ?, ?)')
    .run(migration.version, nowIso(), writer.appVersion, writer.commit)
  database.pragma(`user_version = ${migration.version}`)
  database.pragma(`application_id = ${APPLICATION_ID}`)
}
