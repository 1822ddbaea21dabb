/**
 * Recovery: a damaged library is renamed, never deleted, together with its log; a backup then takes
 * its place.
 */
import { copyFileSync, existsSync, realpathSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import { LabError } from '../core/base/lab-error.ts'
import { backupFolder, fileStamp, listBackups, syncFile, type Backup } from './backups.ts'
import { nowIso } from './identity.ts'
import { probe } from './probe.ts'
import { RunnerLock } from './runner-lock.ts'

/** What a recovery did: the backup that is now the library, and where the damaged files are. */
export type Recovery = { readonly restored: Backup; readonly kept: readonly string[] }

/** SQLite's companions come first: without its log a renamed library is still whole. */
const PARTS = ['-wal', '-shm', '-journal', '']

/** Renames a library and SQLite's companions; gives back their new names. */
export function setAside(file: string, why: 'damaged' | 'replaced' = 'damaged'): string[] {
  const aside = freeName(`${file}.${why}-${fileStamp(nowIso())}`)
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

/**
 * Puts a backup, the latest sound one unless named, where the library belongs. Another process that
 * runs campaigns of the library is not pulled from under its feet: LabError `conflict`.
 */
export function restoreBackup(file: string, from?: string): Recovery {
  const sound = from === undefined ? latestSound(file) : named(file, path.resolve(from))
  const lock = new RunnerLock(file)
  lock.acquire()
  try {
    return putInPlace(file, sound)
  } finally {
    lock.release()
  }
}

function latestSound(file: string): Backup {
  const sound = listBackups(file).find((backup) => probe(backup.file).state === 'library')
  if (sound !== undefined) return sound
  throw new LabError(
    'not-found',
    `there is no backup of ${file} that can be restored`,
    `backups are kept in ${backupFolder(file)}; a copy made elsewhere can be named`,
  )
}

/** A backup of the folder, or any other file that holds a sound library. */
function named(file: string, from: string): Backup {
  if (!existsSync(from)) throw new LabError('not-found', `there is no file ${from}`)
  if (existsSync(file) && realpathSync(from) === realpathSync(file)) {
    throw new LabError('bad-input', `${from} is the library itself`)
  }
  if (probe(from).state !== 'library') {
    throw new LabError('bad-input', `${from} is damaged`, 'choose another copy')
  }
  if (existsSync(`${from}-wal`) && statSync(`${from}-wal`).size > 0) {
    const hint = 'close what uses it, or copy it with: flexlab library backup'
    throw new LabError('conflict', `${from} is in use`, hint)
  }
  const known = listBackups(file).find((backup) => path.resolve(backup.file) === from)
  return known ?? { file: from, takenAt: statSync(from).mtime.toISOString(), reason: 'copy' }
}

function putInPlace(file: string, sound: Backup): Recovery {
  const partial = `${file}.partial`
  copyFileSync(sound.file, partial)
  syncFile(partial)
  const kept = setAside(file, 'replaced')
  renameSync(partial, file)
  return { restored: sound, kept }
}
