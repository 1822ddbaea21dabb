/**
 * Backups: whole copies of the library in a folder beside it, made before a migration and once a
 * day. Free of better-sqlite3, so that listing them loads nothing native.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import path from 'node:path'
import type { Database } from 'better-sqlite3'
import { LabError } from '../core/base/lab-error.ts'
import { nowIso } from './identity.ts'

/**
 * Why a backup was made. Only the routine ones are ever deleted, the oldest first. A `copy` is a
 * file that the user made and named; it is never in the folder.
 */
export type BackupReason = 'daily' | 'migration' | 'manual' | 'copy'

/** One backup; `takenAt` is ISO 8601 UTC. */
export type Backup = {
  readonly file: string
  readonly takenAt: string
  readonly reason: BackupReason
}

const DAILY_KEPT = 3
const DAY_MS = 86_400_000
/** The folder of a library's backups. */
export const backupFolder = (file: string): string => `${file}.backups`

/** `2026-11-23T12-40-00.000Z`: an ISO time that is a file name on every system. */
export const fileStamp = (iso: string): string => iso.replaceAll(':', '-')

/** The backups of a library, newest first. */
export function listBackups(file: string): Backup[] {
  const folder = backupFolder(file)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .flatMap((name) => parseBackup(folder, name))
    .sort((a, b) => (a.takenAt < b.takenAt ? 1 : -1))
}

function parseBackup(folder: string, name: string): Backup[] {
  const parts = /^(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-([\d.]+Z) (daily|migration|manual)\.db$/.exec(
    name,
  )
  if (parts === null) return []
  const takenAt = `${parts[1]!}${parts[2]!}:${parts[3]!}:${parts[4]!}`
  return [{ file: path.join(folder, name), takenAt, reason: parts[5] as BackupReason }]
}

/**
 * Copies an open database into a file, whole or not at all.
 * @throws LabError `bad-input` where the copy cannot lie
 */
export async function backupTo(database: Database, target: string): Promise<void> {
  refuseTarget(database, target)
  const partial = `${target}.partial`
  rmSync(partial, { force: true })
  await database.backup(partial)
  syncFile(partial)
  renameSync(partial, target)
}

function refuseTarget(database: Database, target: string): void {
  const folder = path.dirname(path.resolve(target))
  if (!existsSync(folder)) throw new LabError('bad-input', `there is no folder ${folder}`)
  if (!existsSync(target)) return
  if (statSync(target).isDirectory()) throw new LabError('bad-input', `${target} is a folder`)
  const isItself = !database.memory && realpathSync(target) === realpathSync(database.name)
  // The copy would take the place of the file that is open, and what is written next be lost.
  if (isItself) throw new LabError('bad-input', `${target} is the library itself`)
}

/** Where a backup that a user asks for now will lie; makes the folder. */
export function manualBackup(file: string): Backup {
  mkdirSync(backupFolder(file), { recursive: true })
  const takenAt = nowIso()
  return {
    file: path.join(backupFolder(file), `${fileStamp(takenAt)} manual.db`),
    takenAt,
    reason: 'manual',
  }
}

/** Adds a backup to the library's folder. */
export async function backupLibrary(
  database: Database,
  file: string,
  reason: BackupReason,
): Promise<Backup> {
  const folder = backupFolder(file)
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.partial'))) {
    rmSync(path.join(folder, name))
  }
  const takenAt = nowIso()
  const target = path.join(folder, `${fileStamp(takenAt)} ${reason}.db`)
  await backupTo(database, target)
  return { file: target, takenAt, reason }
}

/** Makes a routine backup when the newest one is a day old; keeps the last few of them. */
export async function backupDaily(database: Database, file: string): Promise<void> {
  const newest = listBackups(file)[0]
  if (newest !== undefined && Date.now() - Date.parse(newest.takenAt) < DAY_MS) return
  await backupLibrary(database, file, 'daily')
  const daily = listBackups(file).filter((backup) => backup.reason === 'daily')
  for (const old of daily.slice(DAILY_KEPT)) rmSync(old.file)
}

/** Waits until a file's bytes are on the disk. */
export function syncFile(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
