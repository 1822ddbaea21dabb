/**
 * Runner lock: at most one process runs campaigns of a library, while others may look on. A process
 * that dies must lose the lock, so it is a lock of the operating system, taken through SQLite on an
 * empty file beside the library.
 */
import Database from 'better-sqlite3'
import { LabError } from '../core/base/lab-error.ts'
import { sqliteCode } from './store-error.ts'

/** The lock of one library; without a file (a library in memory) it is always free. */
export class RunnerLock {
  readonly #file: string | null
  #holder: Database.Database | null = null

  constructor(libraryFile: string | null) {
    this.#file = libraryFile === null ? null : `${libraryFile}.runner`
  }

  /** Takes the lock, or keeps it; false when another process has it. */
  tryAcquire(): boolean {
    if (this.#file === null || this.#holder !== null) return true
    const holder = new Database(this.#file, { timeout: 0 })
    try {
      holder.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      holder.close()
      if (sqliteCode(error).startsWith('SQLITE_BUSY')) return false
      throw error
    }
    this.#holder = holder
    return true
  }

  /** Takes the lock, or keeps it; LabError `conflict` when another process has it. */
  acquire(): void {
    if (this.tryAcquire()) return
    throw new LabError(
      'conflict',
      'another FlexCore Lab is running campaigns of this library',
      'wait until it has finished, or use another library (--db FILE)',
    )
  }

  /** Gives the lock up; nothing happens without it. */
  release(): void {
    this.#holder?.close()
    this.#holder = null
  }
}
