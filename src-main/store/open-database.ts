/**
 * Opening a library: look before writing, refuse what is newer, keep what is damaged, back up and
 * migrate what is older (reliability.md, "SQLite").
 */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { assert } from '../core/base/assert.ts'
import { LabError } from '../core/base/lab-error.ts'
import { backupDaily, backupLibrary, listBackups } from './backups.ts'
import { headVersion, migrate, readMigrations, schemaVersion, type Migration } from './migrate.ts'
import { probe } from './probe.ts'
import { setAside } from './recover.ts'

/** The first SQLite without the WAL-reset bug. */
const SQLITE_OLDEST = '3.51.3'
const BUSY_TIMEOUT_MS = 5000
/** Holds what the library's table reads of 100,000 runs: the index, and a metric or two. */
const CACHE_KIB = 65_536

/** What the worker needs to open a library. `file` may be `:memory:`. */
export type OpenOptions = {
  readonly file: string
  readonly appVersion: string
  readonly commit: string | null
  readonly migrationsFolder: string
  /** Refuses to grow beyond this many pages of 4 KiB; for tests of a full disk. */
  readonly pagesMax?: number
}

/** An open library. `migrated` names the schema versions that were applied just now. */
export type OpenDatabase = {
  readonly database: Database.Database
  readonly readOnly: boolean
  readonly version: number
  readonly migrated: readonly number[]
}

/** Opens a library, made when it does not exist. LabError `store` when it is damaged or foreign. */
export async function openDatabase(options: OpenOptions): Promise<OpenDatabase> {
  const migrations = readMigrations(options.migrationsFolder)
  if (options.file === ':memory:') return openWritable(options, migrations)
  mkdirSync(path.dirname(options.file), { recursive: true })
  const found = probe(options.file)
  if (found.state === 'damaged') throw keepDamaged(options.file, found.problem)
  if (found.state === 'library' && found.version > headVersion(migrations)) {
    return openReadOnly(options.file, found.version)
  }
  return openWritable(options, migrations)
}

function keepDamaged(file: string, problem: string): LabError {
  const kept = setAside(file)
  const backup = listBackups(file)[0]
  const offer =
    backup === undefined
      ? 'there is no backup; opening it again starts an empty library'
      : `recover it from the backup of ${backup.takenAt}, or open it again to start an empty one`
  return new LabError(
    'store',
    `the library ${file} is damaged (${problem})`,
    `the damaged file is kept as ${kept.at(-1) ?? file}; ${offer}`,
  )
}

function openReadOnly(file: string, version: number): OpenDatabase {
  const database = new Database(file, { readonly: true, fileMustExist: true })
  database.pragma('trusted_schema = OFF')
  return { database, readOnly: true, version, migrated: [] }
}

async function openWritable(
  options: OpenOptions,
  migrations: readonly Migration[],
): Promise<OpenDatabase> {
  const database = new Database(options.file, { timeout: BUSY_TIMEOUT_MS })
  try {
    configure(database, options)
    const before = schemaVersion(database)
    const isOlder = before > 0 && before < headVersion(migrations)
    const isFile = options.file !== ':memory:'
    if (isOlder && isFile) await backupLibrary(database, options.file, 'migration')
    const migrated = migrate(database, migrations, options)
    if (isFile && before > 0 && hasRuns(database)) await backupDaily(database, options.file)
    return { database, readOnly: false, version: schemaVersion(database), migrated }
  } catch (error) {
    database.close()
    throw error
  }
}

function configure(database: Database.Database, options: OpenOptions): void {
  const version = database.prepare('SELECT sqlite_version()').pluck().get() as string
  assert(isAtLeast(version, SQLITE_OLDEST), `SQLite ${version} is older than ${SQLITE_OLDEST}`)
  const mode = database.pragma('journal_mode = WAL', { simple: true })
  assert(mode === 'wal' || database.memory, `journal mode is ${String(mode)}, not WAL`)
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  database.pragma('trusted_schema = OFF')
  database.pragma('cell_size_check = ON')
  database.pragma(`cache_size = -${CACHE_KIB}`)
  if (options.pagesMax !== undefined) database.pragma(`max_page_count = ${options.pagesMax}`)
}

/** Whether a dotted version is not older than another. */
export function isAtLeast(version: string, oldest: string): boolean {
  return version.localeCompare(oldest, 'en', { numeric: true }) >= 0
}

function hasRuns(database: Database.Database): boolean {
  return database.prepare('SELECT 1 FROM runs LIMIT 1').get() !== undefined
}
