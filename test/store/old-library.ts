/** A run written as the first released schema has it, so that migrations are tested on old rows. */
import { createHash } from 'node:crypto'
import Database from 'better-sqlite3'
import { canonicalJson } from '../../src-main/core/base/canonical-json.ts'
import type { RunResult } from '../../src-main/core/contract/result.ts'
import type { Scenario } from '../../src-main/core/contract/scenario.ts'
import { runContentHash } from '../../src-main/store/identity.ts'
import { machine } from './library-fixture.ts'

/** Inserts a run by the columns of schema 10; later schemas have them all. */
export function writeOldRun(file: string, id: string, scenario: Scenario, result: RunResult): void {
  const database = new Database(file)
  database.transaction(() => {
    insert(database, 'scenarios', { scenario_key: 1, hash: 'a', json: canonicalJson(scenario) })
    insert(database, 'environments', environment())
    insert(database, 'runs', runColumns(id, scenario, result))
    for (const [key, value] of Object.entries(result.counters)) {
      insert(database, 'metrics', { run_key: 1, vm_index: -1, key, value })
    }
    result.vms.forEach((vm, index) => writeVm(database, index, vm))
  })()
  database.close()
}

function environment(): Record<string, string | number> {
  const { runtime, os, cpu, cpuCount, memoryBytes } = machine
  const facts = { appVersion: '0.1.0', commit: null, ...machine, schemaVersion: 10 }
  const id = createHash('sha256').update(canonicalJson(facts)).digest('hex')
  const columns = { id, app_version: '0.1.0', runtime, os, cpu, cpu_count: cpuCount }
  return { environment_key: 1, ...columns, memory_bytes: memoryBytes, schema_version: 10 }
}

function runColumns(id: string, scenario: Scenario, result: RunResult) {
  const { kind, timeNs, makespanNs, events, wallMs, traceHash } = result
  return {
    run_key: 1,
    id,
    kind,
    content_hash: runContentHash(scenario, result),
    scenario_key: 1,
    environment_key: 1,
    ...{ name: scenario.name, app: 'dedup', scheme: scenario.scheme.id, mix: 'pair' },
    ...{ seed: scenario.seed, time_ns: timeNs, makespan_ns: makespanNs, events, wall_ms: wallMs },
    ...{ trace_hash: traceHash, created_at: '2026-01-01T00:00:00.000Z' },
  }
}

function writeVm(database: Database.Database, index: number, vm: RunResult['vms'][number]): void {
  const { name, app, vcpus, threads, iterationNs, iterationsAsked, cpuNs } = vm
  const at = { run_key: 1, vm_index: index }
  const figures = { iteration_ns: JSON.stringify(iterationNs), iterations_asked: iterationsAsked }
  insert(database, 'vm_results', { ...at, name, app, vcpus, threads, ...figures, cpu_ns: cpuNs })
  for (const [key, value] of Object.entries(vm.counters)) {
    insert(database, 'metrics', { ...at, key, value })
  }
  for (const [timeClass, ns] of Object.entries(vm.attributionNs ?? {})) {
    if (ns > 0) insert(database, 'attribution', { ...at, class: timeClass, ns })
  }
}

function insert(database: Database.Database, table: string, row: Record<string, unknown>): void {
  const names = Object.keys(row)
  const marks = names.map(() => '?').join(', ')
  const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks})`
  database.prepare(sql).run(...Object.values(row))
}
