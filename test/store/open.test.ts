// Opening a library: what is checked, what is refused, what is kept, what a crash leaves behind.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { defaultMigrationsFolder } from '../../src-main/store/locations.ts'
import { LabError } from '../../src-main/core/base/lab-error.ts'
import { listBackups, recoverStore } from '../../src-main/store/index.ts'
import { APPLICATION_ID, headVersion, readMigrations } from '../../src-main/store/migrate.ts'
import { isAtLeast } from '../../src-main/store/open-database.ts'
import {
  ask,
  campaignOf,
  finish,
  finishedCampaign,
  open,
  planOf,
  withFile,
} from './library-fixture.ts'

/** Overwrites the pages after the first with a pattern that is no b-tree. */
function damage(file: string): void {
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.fill(0x5a, 4096, 40_960))
}

async function labError(failing: Promise<unknown>): Promise<LabError> {
  const error: unknown = await failing.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(LabError)
  return error as LabError
}

const makeLibrary = async (file: string, seeds = 1): Promise<void> => {
  const store = await open(file)
  await finishedCampaign(store, seeds)
  await store.close()
}

const migrations = readMigrations(defaultMigrationsFolder())
const head = headVersion(migrations)

describe('a new library', () => {
  test('is a WAL database with our mark and the schema of the last migration', () =>
    withFile(async (file) => {
      const store = await open(file)
      expect(store.opened).toEqual({
        file,
        schemaVersion: head,
        readOnly: false,
        migrated: migrations.map(({ version }) => version),
      })
      await store.close()
      const database = new Database(file, { readonly: true })
      expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
      expect(database.pragma('application_id', { simple: true })).toBe(APPLICATION_ID)
      expect(database.pragma('user_version', { simple: true })).toBe(head)
      expect(database.pragma('table_list')).toSatisfy(
        (tables: { name: string; type: string; strict: number }[]) =>
          tables.every(
            ({ name, type, strict }) =>
              strict === 1 || type === 'view' || /sqlite_|run_search/.test(name),
          ),
      )
      database.close()
    }))

  test('may be opened by several at once', () =>
    withFile(async (file) => {
      const stores = await Promise.all([open(file), open(file), open(file)])
      await Promise.all(stores.map((store) => finishedCampaign(store, 1)))
      for (const store of stores) expect((await store.info()).runs).toBe(12)
      await Promise.all(stores.map((store) => store.close()))
    }))

  test('makes the folders above it', () =>
    withFile(async (file) => {
      const store = await open(path.join(path.dirname(file), 'a', 'b', 'library.db'))
      expect((await store.info()).runs).toBe(0)
      await store.close()
    }))

  test('knows its own facts', () =>
    withFile(async (file) => {
      const store = await open(file)
      await finishedCampaign(store, 1)
      const info = await store.info()
      expect(info).toMatchObject({ file, schemaVersion: head, readOnly: false, runs: 4 })
      expect(info.campaigns).toBe(1)
      expect(isAtLeast(info.sqliteVersion, '3.51.3')).toBe(true)
      expect(info.bytes).toBeGreaterThan(0)
      await store.close()
    }))

  test('answers what was asked before it closes, and refuses what is asked after', () =>
    withFile(async (file) => {
      const store = await open(file)
      const before = store.createCampaign(campaignOf(1), planOf(1))
      const closing = store.close()
      await expect(before).resolves.toMatchObject({ cells: 4 })
      await closing
      await store.close()
      await expect(store.listCampaigns()).rejects.toMatchObject({ code: 'store' })
    }))
})

test('versions of SQLite compare by number, not by text', () => {
  expect(isAtLeast('3.51.3', '3.51.3')).toBe(true)
  expect(isAtLeast('3.51.10', '3.51.3')).toBe(true)
  expect(isAtLeast('3.6.23', '3.51.3')).toBe(false)
})

describe('an existing library', () => {
  test('comes back with everything in it', () =>
    withFile(async (file) => {
      await makeLibrary(file)
      const store = await open(file)
      expect(store.opened.migrated).toEqual([])
      expect((await store.queryRuns(ask())).total).toBe(4)
      await store.close()
    }))

  test('is backed up once a day, and only when it holds runs', () =>
    withFile(async (file) => {
      await (await open(file)).close()
      await (await open(file)).close()
      expect(listBackups(file)).toEqual([])
      await makeLibrary(file)
      await (await open(file)).close()
      await (await open(file)).close()
      expect(listBackups(file).map((backup) => backup.reason)).toEqual(['daily'])
    }))

  test('keeps its three latest daily backups and every one from before a migration', () =>
    withFile(async (file) => {
      await makeLibrary(file)
      mkdirSync(`${file}.backups`)
      const old = ['01 daily', '02 daily', '03 migration', '04 daily', '05 daily'].map((name) =>
        name.replace(/^(\d+) (.*)$/, '2020-01-$1T00-00-00.000Z $2.db'),
      )
      for (const name of old) copyFileSync(file, path.join(`${file}.backups`, name))
      writeFileSync(path.join(`${file}.backups`, 'half.db.partial'), 'left by a crash')
      await (await open(file)).close()
      const days = listBackups(file).map((backup) => backup.takenAt.slice(0, 10))
      expect(days.slice(1)).toEqual(['2020-01-05', '2020-01-04', '2020-01-03'])
      expect(readdirSync(`${file}.backups`)).toHaveLength(4)
    }))

  test('can be copied while it is open', () =>
    withFile(async (file) => {
      const store = await open(file)
      await finishedCampaign(store, 1)
      await store.backup(`${file}.copy`)
      await store.close()
      const copy = await open(`${file}.copy`)
      expect((await copy.info()).runs).toBe(4)
      await copy.close()
    }))

  test('from a newer app opens for reading only and is left as it is', () =>
    withFile(async (file) => {
      await makeLibrary(file)
      const database = new Database(file)
      database.pragma('user_version = 9990')
      database.close()
      const bytes = readFileSync(file)
      const store = await open(file)
      expect(store.opened).toMatchObject({ readOnly: true, schemaVersion: 9990, migrated: [] })
      expect((await store.queryRuns(ask())).total).toBe(4)
      const error = await labError(store.createCampaign(campaignOf(1), planOf(1)))
      expect(error).toMatchObject({ code: 'store' })
      expect(error.hint).toContain('update the app')
      await store.close()
      expect(readFileSync(file).equals(bytes)).toBe(true)
    }))
})

describe('a file of another program', () => {
  test('is refused and not touched when it is no database', () =>
    withFile(async (file) => {
      writeFileSync(file, 'Dear diary, today I compared schedulers.\n'.repeat(99))
      const error = await labError(open(file))
      expect(error.message).toContain('is not a FlexCore Lab library')
      expect(readdirSync(path.dirname(file))).toEqual(['library.db'])
    }))

  test('is refused and not touched when it is a database', () =>
    withFile(async (file) => {
      const other = new Database(file)
      other.exec('CREATE TABLE diary (entry TEXT)')
      other.close()
      const bytes = readFileSync(file)
      expect((await labError(open(file))).message).toContain('is not a FlexCore Lab library')
      expect(readFileSync(file).equals(bytes)).toBe(true)
    }))

  test('cannot be opened where there is no permission or no folder', () =>
    withFile(async (file) => {
      writeFileSync(file, '')
      const error = await labError(open(path.join(file, 'library.db')))
      expect(error).toMatchObject({ code: 'store' })
      expect((await labError(open(path.dirname(file)))).code).toBe('store')
    }))
})

describe('a damaged library', () => {
  test('is renamed aside, byte for byte, and the latest backup is offered', () =>
    withFile(async (file) => {
      await makeLibrary(file)
      await (await open(file)).close()
      damage(file)
      const bytes = readFileSync(file)
      const error = await labError(open(file))
      expect(error.code).toBe('store')
      expect(error.message).toContain('is damaged')
      expect(error.hint).toContain(listBackups(file)[0]!.takenAt)
      const aside = readdirSync(path.dirname(file)).find((name) => name.includes('.damaged-'))!
      expect(readFileSync(path.join(path.dirname(file), aside)).equals(bytes)).toBe(true)
      expect(existsSync(file)).toBe(false)
    }))

  test('takes its log with it', () =>
    withFile(async (file) => {
      const store = await open(file)
      await finishedCampaign(store, 1)
      const elsewhere = path.join(path.dirname(file), 'crashed.db')
      for (const part of ['', '-wal']) copyFileSync(file + part, elsewhere + part)
      await store.close()
      truncateSync(elsewhere, 0)
      const log = readFileSync(`${elsewhere}-wal`)
      expect((await labError(open(elsewhere))).message).toContain('it is empty')
      const names = readdirSync(path.dirname(file)).filter((name) => name.includes('.damaged-'))
      const kept = names.find((name) => name.endsWith('-wal'))!
      expect(readFileSync(path.join(path.dirname(file), kept)).equals(log)).toBe(true)
    }))

  test('is recovered from its latest sound backup', () =>
    withFile(async (file) => {
      await makeLibrary(file)
      await (await open(file)).close()
      damage(file)
      const bytes = readFileSync(file)
      const { restored, kept } = await recoverStore({ file })
      expect(restored).toEqual(listBackups(file)[0])
      expect(readFileSync(kept[0]!).equals(bytes)).toBe(true)
      const store = await open(file)
      expect((await store.info()).runs).toBe(4)
      await store.close()
    }))

  test('without a sound backup stays where it is', () =>
    withFile(async (file) => {
      await makeLibrary(file)
      await (await open(file)).close()
      damage(file)
      damage(listBackups(file)[0]!.file)
      const error = await labError(recoverStore({ file }))
      expect(error).toMatchObject({ code: 'not-found' })
      expect(existsSync(file)).toBe(true)
    }))
})

describe('a campaign that was running when its process ended', () => {
  test('is interrupted at the next start, its running cells pending again', () =>
    withFile(async (file) => {
      const store = await open(file)
      const { id } = await store.createCampaign(campaignOf(1), planOf(1))
      await store.setCampaignStatus(id, 'running')
      await finish(store, id, 0)
      await store.startCell(id, 1)
      await store.close()
      const again = await open(file)
      const { row, cells } = await again.getCampaign(id)
      expect(row.status).toBe('interrupted')
      expect(cells.map((cell) => cell.status)).toEqual(['finished', ...Array(3).fill('pending')])
      await again.close()
    }))

  test('is left alone while another process runs it, which alone may run campaigns', () =>
    withFile(async (file) => {
      const runner = await open(file)
      const { id } = await runner.createCampaign(campaignOf(1), planOf(1))
      await runner.setCampaignStatus(id, 'running')
      await runner.startCell(id, 1)
      const onlooker = await open(file)
      expect((await onlooker.getCampaign(id)).row.status).toBe('running')
      const other = await onlooker.createCampaign(campaignOf(1), planOf(1))
      const conflict = onlooker.setCampaignStatus(other.id, 'running')
      await expect(conflict).rejects.toMatchObject({ code: 'conflict' })
      await runner.setCampaignStatus(id, 'paused')
      expect((await onlooker.setCampaignStatus(other.id, 'running')).status).toBe('running')
      await Promise.all([runner.close(), onlooker.close()])
    }))
})
