/** Copies of a library's file; they need no open library, which may be damaged. */
import { listBackups, recoverStore } from '../store/index.ts'
import type { Backup, Recovery } from '../store/index.ts'

export type { Backup, Recovery }

/** The copies that are made by themselves, newest first. */
export const backupsOf = (databaseFile: string): Backup[] => listBackups(databaseFile)

/**
 * Puts the latest sound copy, or the named one, in the library's place; what is there is renamed.
 * @throws LabError `not-found` without a copy
 */
export const restoreLibrary = (databaseFile: string, from?: string): Promise<Recovery> =>
  recoverStore({ file: databaseFile, ...(from === undefined ? {} : { from }) })
