/**
 * Recovery: a damaged library is renamed, never deleted, together with its log; a backup then takes
 * its place.
 */
import { copyFileSync, existsSync, renameSync } from 'node:fs'
import path from 'node:path'
import { LabError } from '../core/base/lab-error.ts'
import { backupFolder, fileStamp, listBackups, syncFile, type Backup } from './backups.ts'
import { nowIso } from './identity.ts'
import { probe } from './probe.ts'

/** What a recovery did: the backup that is now the library, and where the damaged files are. */
export type Recovery = { readonly restored: Backup; readonly kept: readonly string[] }

/** SQLite's companions come first: without its log a renamed library is still whole. */
const PARTS = ['-wal', '-shm', '-journal', '']

/** Renames a library and SQLite's companions; gives back their new names. */
export function setAside(file: string): string[] {
  const aside = freeName(`${file}.damaged-${fileStamp(nowIso())}`)
  const present = PARTS.filter((part) => existsSync(file + part))
  for (const part of present) renameSync(file + part, aside + part)
  return present.map((part) => aside + part)
}

function freeName(wanted: string): string {
  const isFree = (name: string) => PARTS.every((part) => !existsSync(name + part))
  let name = wanted
  for (let count = 2; !isFree(name); count += 1) name = `${wanted}-${count}`
  return name
}

/** Puts a backup, the latest sound one unless named, where the library belongs. */
export function restoreBackup(file: string, from?: string): Recovery {
  const offered = listBackups(file).filter(
    (backup) => from === undefined || path.resolve(from) === path.resolve(backup.file),
  )
  const sound = offered.find((backup) => probe(backup.file).state === 'library')
  if (sound === undefined) {
    throw new LabError(
      'not-found',
      `there is no backup of ${file} that can be restored`,
      `backups are kept in ${backupFolder(file)}`,
    )
  }
  const partial = `${file}.partial`
  copyFileSync(sound.file, partial)
  syncFile(partial)
  const kept = setAside(file)
  renameSync(partial, file)
  return { restored: sound, kept }
}
