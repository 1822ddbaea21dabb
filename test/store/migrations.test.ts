// Migrations: every way to the newest schema ends in the same schema, with nothing lost on the way.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { listBackups, type Store } from '../../src-main/store/index.ts'
import { defaultMigrationsFolder } from '../../src-main/store/locations.ts'
import { headVersion, readMigrations } from '../../src-main/store/migrate.ts'
import { ask, machine, open, resultOf, scenarioOf, withFile } from './library-fixture.ts'
import { writeOldRun } from './old-library.ts'
import { schemaOf } from './schema-text.ts'

const migrations = readMigrations(defaultMigrationsFolder())
const snapshot = path.join(defaultMigrationsFolder(), 'schema.sql')

/** A folder that holds the migrations up to a version, and perhaps one more. */
function folderUpTo(version: number, beside: string, more?: { name: string; sql: string }): string {
  const folder = path.join(path.dirname(beside), `migrations-${version}`)
  mkdirSync(folder, { recursive: true })
  for (const migration of migrations.filter((known) => known.version <= version)) {
    const source = path.join(defaultMigrationsFolder(), migration.file)
    copyFileSync(source, path.join(folder, migration.file))
  }
  if (more !== undefined) writeFileSync(path.join(folder, more.name), more.sql)
  return folder
}

const save = (store: Store, seed: number) =>
  store.saveRun({ scenario: scenarioOf('dedup', 'cfs', seed), result: resultOf(seed), machine })

describe('the schema', () => {
  test('of a new library equals the snapshot (vitest -u writes it)', () =>
    withFile(async (file) => {
      await (await open(file)).close()
      await expect(schemaOf(file)).toMatchFileSnapshot(snapshot)
    }))

  test('numbers its migrations upwards, without doubles', () => {
    const versions = migrations.map((migration) => migration.version)
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
  })

  for (const [index, { file: name, version }] of migrations.entries()) {
    if (index === 0) continue
    test(`migrates from the predecessor of ${name} to the newest, with its runs`, () =>
      withFile(async (file) => {
        const before = migrations[index - 1]!.version
        const old = await open(file, { migrationsFolder: folderUpTo(before, file) })
        expect(old.opened.schemaVersion).toBe(before)
        await old.close()
        const id = '01900000-0000-7000-8000-000000000003'
        writeOldRun(file, id, scenarioOf('dedup', 'cfs', 3), resultOf(3))
        const store = await open(file)
        expect(store.opened.migrated[0]).toBe(version)
        const run = await store.getRun(id)
        expect(run.result).toEqual(resultOf(3))
        expect(run.row).toMatchObject({ host: null, accel: null })
        expect(run.environment.host).toBeNull()
        expect((await store.queryRuns(ask({ search: 'dedup' }))).total).toBe(1)
        await store.close()
        expect(listBackups(file).map((backup) => backup.reason)).toContain('migration')
        await expect(schemaOf(file)).toMatchFileSnapshot(snapshot)
      }))
  }

  test('records which version of the app made each step', () =>
    withFile(async (file) => {
      await (await open(file, { appVersion: '7.8.9', commit: null })).close()
      const database = new Database(file, { readonly: true })
      const rows = database.prepare('SELECT version, app_version FROM schema_history').all()
      database.close()
      expect(rows).toEqual(migrations.map(({ version }) => ({ version, app_version: '7.8.9' })))
    }))
})

describe('a migration that fails', () => {
  const failing = (file: string, sql: string) =>
    open(file, {
      migrationsFolder: folderUpTo(headVersion(migrations), file, { name: '0990-broken.sql', sql }),
    })

  test('leaves the library as it was, and it opens again', () =>
    withFile(async (file) => {
      const store = await open(file)
      await save(store, 1)
      await store.close()
      const before = schemaOf(file)
      const sql = 'CREATE TABLE half (a INTEGER) STRICT; SELECT * FROM no_such_table;'
      await expect(failing(file, sql)).rejects.toMatchObject({ code: 'store' })
      expect(schemaOf(file)).toBe(before)
      const again = await open(file)
      expect((await again.info()).runs).toBe(1)
      await again.close()
    }))

  test('because rows would refer to nothing is rolled back', () =>
    withFile(async (file) => {
      const store = await open(file)
      await save(store, 1)
      await store.close()
      await expect(failing(file, 'DELETE FROM scenarios;')).rejects.toThrow('refer to nothing')
      const again = await open(file)
      expect((await again.queryRuns(ask())).total).toBe(1)
      await again.close()
    }))

  test('because it commits by itself is found out', () =>
    withFile(async (file) => {
      await (await open(file)).close()
      await expect(failing(file, 'COMMIT;')).rejects.toThrow('must not end the transaction')
    }))
})
