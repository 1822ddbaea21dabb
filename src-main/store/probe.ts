/**
 * Probe: looks at a file before anything may write to it. Read-only, so that a damaged library or
 * one from a newer app stays byte for byte as it was.
 */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { LabError } from '../core/base/lab-error.ts'
import { APPLICATION_ID, schemaVersion } from './migrate.ts'
import { isDamage, sqliteCode } from './store-error.ts'

/** What a file is. `version` is its schema; `damaged` says what is wrong with it. */
export type Probe =
  | { readonly state: 'absent' }
  | { readonly state: 'library'; readonly version: number }
  | { readonly state: 'damaged'; readonly problem: string }

const HEADER_BYTES = 100
const APPLICATION_ID_OFFSET = 68
const MAGIC = 'SQLite format 3\0'

/** Tells what a file is. LabError `store` when it belongs to another program. */
export function probe(file: string): Probe {
  if (!existsSync(file)) return { state: 'absent' }
  const bytes = statSync(file).size
  // SQLite would throw away the log of an empty database, and with it what can still be saved.
  const hasLog = existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0
  if (bytes === 0) {
    return hasLog ? { state: 'damaged', problem: 'it is empty' } : { state: 'absent' }
  }
  if (!looksLikeOurs(file)) throw foreign(file)
  try {
    return check(file)
  } catch (error) {
    if (isDamage(error)) return { state: 'damaged', problem: (error as Error).message }
    // An unfinished rollback journal of the first start; a writing connection completes it.
    if (sqliteCode(error) === 'SQLITE_READONLY_ROLLBACK') return { state: 'library', version: 0 }
    throw error
  }
}

/** A flipped byte may hit one of the two marks, so either is enough. */
function looksLikeOurs(file: string): boolean {
  const header = Buffer.alloc(HEADER_BYTES)
  const handle = openSync(file, 'r')
  try {
    readSync(handle, header, 0, HEADER_BYTES, 0)
  } finally {
    closeSync(handle)
  }
  const hasMagic = header.toString('latin1', 0, MAGIC.length) === MAGIC
  return hasMagic || header.readUInt32BE(APPLICATION_ID_OFFSET) === APPLICATION_ID
}

function check(file: string): Probe {
  const database = new Database(file, { readonly: true, fileMustExist: true })
  try {
    const version = schemaVersion(database)
    const problem = database.pragma('quick_check(1)', { simple: true }) as string
    if (problem !== 'ok') return { state: 'damaged', problem }
    if (!isOurs(database, version)) throw foreign(file)
    return { state: 'library', version }
  } finally {
    database.close()
  }
}

/** A library has our mark; one whose first migration never committed has nothing at all. */
function isOurs(database: Database.Database, version: number): boolean {
  if (database.pragma('application_id', { simple: true }) === APPLICATION_ID) return true
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()
  return version === 0 && tables === 0
}

function foreign(file: string): LabError {
  return new LabError(
    'store',
    `${file} is not a FlexCore Lab library`,
    'choose another file; this one was left as it is',
  )
}
