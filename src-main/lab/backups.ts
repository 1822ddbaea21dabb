/** Copies of a library's file; they need no open library, which may be damaged. */
import { LabError } from '../core/base/lab-error.ts'
import { listBackups, manualBackup, recoverStore } from '../store/index.ts'
import type { Backup, Recovery, Store } from '../store/index.ts'

export type { Backup, Recovery }

/** The copies that are made by themselves, newest first. */
export const backupsOf = (databaseFile: string): Backup[] => listBackups(databaseFile)

/**
 * Puts the latest sound copy, or the named one, in the library's place; what is there is renamed.
 * @throws LabError `not-found` without a copy
 */
export const restoreLibrary = (databaseFile: string, from?: string): Promise<Recovery> =>
  recoverStore({ file: databaseFile, ...(from === undefined ? {} : { from }) })

/**
 * Copies an open library into its folder of backups.
 * @throws LabError `bad-input` for a library that is only in memory
 */
export async function backUpNow(store: Store, databaseFile: string): Promise<Backup> {
  if (databaseFile === ':memory:') {
    throw new LabError('bad-input', 'a library in memory has no backups', 'open one in a file')
  }
  const backup = manualBackup(databaseFile)
  await store.backup(backup.file)
  return backup
}
