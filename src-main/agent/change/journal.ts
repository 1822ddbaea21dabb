/**
 * The journal: a file for each apply, on the disk before the first change, so that whoever comes
 * next can put the host back whatever happened to us. For one user; readable by nobody else.
 */
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { LabError } from '../../core/base/lab-error.ts'
import type { JournalEntry } from '../../core/contract/agent/change.ts'
import {
  entryOf,
  formatRecord,
  parseJournal,
  type Journal,
  type JournalBegin,
  type JournalRecord,
} from './journal-format.ts'

/** Journals that are kept once they are restored. */
const KEPT_MAX = 1000

/** Where an agent keeps its state, by the XDG base directory specification. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env['XDG_STATE_HOME'] ?? ''
  const home = path.isAbsolute(base) ? base : path.join(os.homedir(), '.local', 'state')
  return path.join(home, 'flexlab')
}

/** A journal that may be damaged: then only its name and what is wrong are known. */
export type Found = {
  readonly id: string
  readonly journal: Journal | null
  readonly damage: string
}

/** The journals of this user on this host. */
export class JournalFolder {
  readonly folder: string

  constructor(state: string) {
    this.folder = path.join(state, 'journal')
  }

  /**
   * Begins a journal; when this returns, it is on the disk.
   *
   * @throws LabError `unavailable` when it cannot be kept: then nothing may be changed
   */
  begin(begin: Omit<JournalBegin, 'record' | 'version' | 'id'>): string {
    this.#makeFolder()
    const at = begin.startedAt.replace(/[-:]|\.\d+/g, '')
    const id = `${at}-${randomBytes(3).toString('hex')}`
    this.#write(id, { record: 'begin', version: 1, id, ...begin }, 'wx')
    this.#prune()
    return id
  }

  /** Adds a record; when this returns, it is on the disk. */
  append(id: string, record: JournalRecord): void {
    this.#write(id, record, 'a')
  }

  /** A journal. @throws LabError when there is none, or it is damaged */
  read(id: string): Journal {
    const found = this.#find(id)
    if (found !== null && found.journal !== null) return found.journal
    throw new LabError('not-found', `journal ${id} cannot be read: ${found?.damage ?? 'no file'}`)
  }

  /** All journals, the latest first. Of those that nothing came of, no more is heard. */
  all(): readonly Found[] {
    return this.#ids()
      .sort()
      .reverse()
      .flatMap((id) => this.#find(id) ?? [])
  }

  /** What is shown of them, the latest first. */
  entries(limit: number): JournalEntry[] {
    return this.all().slice(0, limit).map(entryOfFound)
  }

  /** Where a journal is, for people. */
  fileOf(id: string): string {
    return path.join(this.folder, `${id}.journal`)
  }

  #ids(): string[] {
    try {
      const names = readdirSync(this.folder)
      return names.flatMap((name) => /^(.+)\.journal$/.exec(name)?.[1] ?? [])
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  }

  #makeFolder(): void {
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 })
      if (statSync(this.folder).uid !== process.getuid?.())
        throw new Error('it belongs to another user')
      chmodSync(this.folder, 0o700)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new LabError('unavailable', `the journal cannot be kept in ${this.folder}: ${why}`)
    }
  }

  #find(id: string): Found | null {
    try {
      const parsed = parseJournal(readFileSync(this.fileOf(id), 'utf8'))
      if (!parsed.ok) return { id, journal: null, damage: parsed.error }
      return parsed.value && { id, journal: parsed.value, damage: '' }
    } catch (error) {
      return { id, journal: null, damage: error instanceof Error ? error.message : String(error) }
    }
  }

  #write(id: string, record: JournalRecord, flag: 'wx' | 'a'): void {
    const fd = openSync(this.fileOf(id), flag, 0o600)
    try {
      writeSync(fd, formatRecord(record))
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    if (flag === 'wx') this.#syncFolder()
  }

  /** A new file is there after a crash only if its folder was written too. */
  #syncFolder(): void {
    const fd = openSync(this.folder, 'r')
    try {
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
  }

  #prune(): void {
    for (const { id, journal } of this.all().slice(KEPT_MAX))
      if (journal?.end?.state === 'restored') unlinkSync(this.fileOf(id))
  }
}

function entryOfFound({ id, journal, damage }: Found): JournalEntry {
  if (journal !== null) return entryOf(journal)
  const differences = [`the journal is damaged: ${damage}; what it changed is not known`]
  const none = { startedAt: '', scheme: '', vms: [], changes: [], restoredBy: null, endedAt: null }
  return { id, ...none, state: 'dirty', differences }
}
