// The views for other tools: every column is documented, every snippet runs, figures are the app's.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ask,
  finishedCampaign,
  machine,
  newFolder,
  open,
  resultOf,
  scenarioOf,
} from '../store/library-fixture.ts'
import { measuredHost, measuredResultOf, onHost } from '../store/measured-fixture.ts'
import { PYTHON_PATH } from '../support/requires.ts'

const DOCUMENT = readFileSync('docs/sql.md', 'utf8')
const folder = newFolder()
const file = path.join(folder, 'library.sqlite')
let database: Database.Database

const snippets = (language: string): string[] =>
  [...DOCUMENT.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1]!,
  )

/** Every SELECT that a snippet hands to the database, in quotes or alone. */
const queriesOf = (snippet: string): string[] =>
  [...snippet.matchAll(/"""([\s\S]*?)"""|"(\s*SELECT[\s\S]*?)"/g)].map(
    (match) => match[1] ?? match[2]!,
  )

const all = (sql: string): Record<string, unknown>[] =>
  database.prepare(sql).all() as Record<string, unknown>[]

const viewNames = (): string[] =>
  all("SELECT name FROM sqlite_schema WHERE type = 'view' AND name GLOB 'v_*' ORDER BY name").map(
    ({ name }) => name as string,
  )

beforeAll(async () => {
  const store = await open(file)
  await finishedCampaign(store, 3)
  const scenario = onHost(scenarioOf('ring', 'flexcore', 1), 'bed')
  const on = { ...machine, host: measuredHost('bed') }
  await store.saveRun({ scenario, result: measuredResultOf(1), machine: on })
  const { rows } = await store.queryRuns(ask({ schemes: ['flexcore'], apps: ['dedup'] }))
  await store.tagRuns([rows[0]!.id], 'keep', true)
  await store.excludeRuns([rows[0]!.id], 'a backup ran')
  const trashed = await store.queryRuns(ask({ schemes: ['cfs'], apps: ['streamcluster'] }))
  await store.trashRuns([trashed.rows[0]!.id], true)
  await store.close()
  database = new Database(file, { readonly: true })
})

afterAll(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the views for other tools', () => {
  test('are all documented, with each of their columns', () => {
    expect(viewNames()).toHaveLength(7)
    for (const view of viewNames()) {
      const from = DOCUMENT.indexOf(`### ${view}:`)
      expect(from, view).toBeGreaterThan(0)
      const section = DOCUMENT.slice(from, DOCUMENT.indexOf('\n##', from + 1))
      for (const { name } of all(`SELECT name FROM pragma_table_info('${view}')`)) {
        expect(section, `${view}.${name as string}`).toContain(`\`${name as string}\``)
      }
    }
  })

  test('hold no run of the trash, and say of each whether it is excluded', () => {
    const [count] = all('SELECT count(*) AS runs, count(excluded) AS excluded FROM v_runs')
    expect(count).toEqual({ runs: 12, excluded: 1 })
    const [measured] = all("SELECT * FROM v_runs WHERE kind = 'measured'")
    expect(measured).toMatchObject({ host: 'bed', accel: 'tcg', campaign: null, app: 'ring' })
    const settings = all("SELECT DISTINCT settings ->> '$.sliceNs' AS slice FROM v_runs ORDER BY 1")
    expect(settings.map(({ slice }) => slice)).toEqual([null, 3e6])
  })

  test('give the metrics of a run as it was stored: summed, by VM, or why not', () => {
    const of = (view: string, metric: string) =>
      all(
        `SELECT vm.value FROM ${view} vm JOIN v_runs r USING (run_id)
          WHERE metric = '${metric}' AND r.app = 'dedup' AND r.scheme = 'cfs' AND r.seed = 2`,
      ).map(({ value }) => value)
    expect(of('v_metrics', 'wakeups')).toEqual([82])
    expect(of('v_vm_metrics', 'wakeups')).toEqual([41, 41])
    const reasons = all("SELECT vm, reason FROM v_not_observable WHERE metric = 'exits'")
    expect(reasons).toEqual([{ vm: null, reason: 'debugfs is not mounted' }])
  })

  test('attribute exactly threads × makespan, in shares that sum to one', () => {
    const sums = all('SELECT sum(share) AS share FROM v_attribution GROUP BY run_id, vm')
    expect(sums).toHaveLength(22)
    for (const { share } of sums) expect(share).toBeCloseTo(1, 12)
    const [vm] = all("SELECT * FROM v_vms WHERE app = 'dedup' LIMIT 1")
    const { iterationNs } = resultOf(1).vms[0]!
    expect(vm).toMatchObject({ vm_name: 'a', iterations_done: iterationNs.length, threads: 12 })
  })

  test('pair each run with the baseline’s of the same seed, without what is left out', () => {
    const pairs = all('SELECT * FROM v_comparison_pairs ORDER BY app, seed')
    expect(pairs.map(({ app, scheme, baseline, seed }) => [app, scheme, baseline, seed])).toEqual([
      ['dedup', 'flexcore', 'cfs', 1],
      ['dedup', 'flexcore', 'cfs', 2],
      ['streamcluster', 'flexcore', 'cfs', 1],
      ['streamcluster', 'flexcore', 'cfs', 2],
    ])
    for (const { ratio } of pairs) expect(ratio).toBe(1)
  })

  test('cannot be written to through a read-only connection', () => {
    expect(() => database.exec("UPDATE runs SET note = 'x'")).toThrow(/readonly/)
  })
})

describe('the snippets of docs/sql.md', () => {
  test('ask only what there is, and find something', () => {
    const queries = [
      ...snippets('python').flatMap(queriesOf),
      ...snippets('r').flatMap(queriesOf),
      ...snippets('sql'),
    ]
    expect(queries).toHaveLength(4)
    for (const query of queries) expect(all(query).length, query).toBeGreaterThan(0)
  })

  test.runIf(existsSync(PYTHON_PATH))('can be asked by the SQLite that Debian’s Python has', () => {
    const program = `import sqlite3
library = sqlite3.connect("file:library.sqlite?mode=ro", uri=True)
for view in ${JSON.stringify(viewNames())}:
    print(view, len(library.execute("SELECT * FROM " + view).fetchall()))`
    const printed = execFileSync(PYTHON_PATH, ['-c', program], { cwd: folder, encoding: 'utf8' })
    for (const view of viewNames()) expect(printed).toMatch(new RegExp(`^${view} [1-9]`, 'm'))
  })

  const hasPandas = (): boolean => {
    try {
      execFileSync(PYTHON_PATH, ['-c', 'import pandas'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  }

  test.runIf(hasPandas())('run in Python with pandas as they stand', () => {
    const [snippet] = snippets('python')
    const printed = execFileSync(PYTHON_PATH, ['-c', snippet!], { cwd: folder, encoding: 'utf8' })
    expect(printed).toMatch(/simulated\s+dedup\s+flexcore\s+2\s+1\.0/)
    expect(printed).toMatch(/lhp/)
  })
})
