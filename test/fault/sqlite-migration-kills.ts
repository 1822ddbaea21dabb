/**
 * kill -9 during a migration: the library must have the old schema or the new one, with all its
 * runs, and open again. Each migration is struck `count` times.
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { readMigrations, type Migration } from '../../src-main/store/migrate.ts'
import { defaultMigrationsFolder } from '../../src-main/store/locations.ts'
import { machine, open, resultOf, scenarioOf, withFile } from '../store/library-fixture.ts'
import { schemaOf } from '../store/schema-text.ts'
import { collect, draws, faultOptions, inspect, isSound, start } from './fault-script.ts'

/** Enough runs for a migration to take a while. */
const RUNS = 1000

const { count, seed } = faultOptions()
const draw = draws(seed, 2)
const totals = { seed, kills: 0, old: 0, new: 0, mixed: 0, lost: 0, unsound: 0, reopened: 0 }

type Case = {
  readonly template: string
  readonly folder: string
  readonly oldSchema: string
  readonly newSchema: string
  readonly openMs: number
}

function folderOf(migrations: readonly Migration[], beside: string): string {
  const folder = `${beside}-migrations-${migrations.length}`
  mkdirSync(folder, { recursive: true })
  for (const { file } of migrations) {
    copyFileSync(path.join(defaultMigrationsFolder(), file), path.join(folder, file))
  }
  return folder
}

/** A library of today's schema with runs. */
async function fullLibrary(file: string): Promise<string> {
  const store = await open(file)
  const seeds = Array.from({ length: RUNS }, (_, index) => index + 1)
  const save = (at: number) =>
    store.saveRun({ scenario: scenarioOf('vips', 'cfs', at), result: resultOf(at), machine })
  await Promise.all(seeds.map(save))
  await store.close()
  return file
}

/** A library of an older schema with the rows of `full`, as far as it has their columns. */
async function fill(file: string, migrationsFolder: string, full: string): Promise<void> {
  const store = await open(file, { migrationsFolder })
  await store.close()
  const database = new Database(file)
  database.pragma('foreign_keys = OFF')
  database.prepare('ATTACH ? AS source').run(full)
  for (const table of tablesOf(database)) {
    const columns = columnsOf(database, 'main', table)
    const known = new Set(columnsOf(database, 'source', table))
    const list = columns.filter((name) => known.has(name)).join(', ')
    database.exec(`INSERT INTO main.${table} (${list}) SELECT ${list} FROM source.${table}`)
  }
  database.close()
}

/** Tables that hold what users keep; what is derived from them is kept by triggers. */
function tablesOf(database: Database.Database): string[] {
  const sql = `SELECT name FROM pragma_table_list
    WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'
      AND name NOT IN ('schema_history', 'settings', 'metric_names', 'run_metrics')
    ORDER BY name`
  return database.prepare(sql).pluck().all() as string[]
}

function columnsOf(database: Database.Database, schema: string, table: string): string[] {
  const sql = 'SELECT name FROM pragma_table_info(?, ?)'
  return database.prepare(sql).pluck().all(table, schema) as string[]
}

/** A library of the schema before the last of `migrations`, and what it becomes. */
async function prepare(
  migrations: readonly Migration[],
  beside: string,
  full: string,
): Promise<Case> {
  const template = `${beside}-${migrations.length}.db`
  await fill(template, folderOf(migrations.slice(0, -1), beside), full)
  const folder = folderOf(migrations, beside)
  const target = `${template}.new`
  copyFileSync(template, target)
  const { text } = await collect(start('sqlite-migrator.ts', [target, folder]))
  const openMs = Number(/opened (\S+)/.exec(text)![1])
  return { template, folder, oldSchema: schemaOf(template), newSchema: schemaOf(target), openMs }
}

async function killOnce(work: Case): Promise<void> {
  const file = `${work.template}.victim`
  for (const name of readdirSync(path.dirname(file))) {
    const place = path.join(path.dirname(file), name)
    if (place.startsWith(file)) rmSync(place, { recursive: true })
  }
  copyFileSync(work.template, file)
  const child = start('sqlite-migrator.ts', [file, work.folder])
  const ended = collect(child)
  const delayMs = draw() * work.openMs
  child.stdout!.once('data', () => setTimeout(() => child.kill('SIGKILL'), delayMs))
  const { code } = await ended
  if (code !== null && code !== 0) throw new Error(`the migrator ended by itself with ${code}`)
  totals.kills += 1
  judge(file, work)
  await reopen(file, work)
}

function judge(file: string, work: Case): void {
  const schema = schemaOf(file)
  if (schema === work.oldSchema) totals.old += 1
  else if (schema === work.newSchema) totals.new += 1
  else totals.mixed += 1
  inspect(file, (database) => {
    if (!isSound(database)) totals.unsound += 1
    const runs = database.prepare('SELECT count(*) FROM runs').pluck().get() as number
    totals.lost += RUNS - runs
  })
}

async function reopen(file: string, work: Case): Promise<void> {
  const store = await open(file, { migrationsFolder: work.folder })
  const { runs } = await store.info()
  await store.close()
  if (schemaOf(file) === work.newSchema && runs === RUNS) totals.reopened += 1
}

await withFile(async (beside) => {
  const migrations = readMigrations(defaultMigrationsFolder())
  const full = await fullLibrary(`${beside}-full.db`)
  for (let length = 2; length <= migrations.length; length += 1) {
    const work = await prepare(migrations.slice(0, length), beside, full)
    for (let kill = 0; kill < count; kill += 1) await killOnce(work)
  }
})
console.log(JSON.stringify(totals))
