/** Writing a run: one row for the library's table, and the result taken apart into its figures. */
import type { NotObservable } from '../core/contract/agent/names.ts'
import type { Factors } from '../core/contract/campaign.ts'
import type { Environment } from '../core/contract/library.ts'
import type { RunResult, RunSeries, VmResult } from '../core/contract/result.ts'
import type { Scenario } from '../core/contract/scenario.ts'
import { getCell, linkRun } from './cells.ts'
import type { Connection, SqlValue } from './connection.ts'
import { nowIso, runContentHash, uuidV7 } from './identity.ts'
import { campaignKey } from './keys.ts'
import { latencyMetrics } from './latency-metrics.ts'
import type { FinishedCell, SingleRun } from './operations.ts'
import { scenarioFactors } from './scenario-factors.ts'
import { environmentKey, scenarioKey } from './scenarios.ts'

/** vm_index of the host's counters. */
export const HOST_INDEX = -1

/** An environment whose id is still to be computed. */
export type EnvironmentFacts = Omit<Environment, 'id'>

type NewRun = {
  readonly scenario: Scenario
  readonly result: RunResult
  readonly environment: EnvironmentFacts
  readonly factors: Factors
  readonly campaignKey: number | null
  readonly cellIndex: number | null
  /** Of a run that was made elsewhere; a new one gets its own. */
  readonly id?: string
  readonly createdAt?: string
}

/** See StoreOperations. */
export function finishCell(
  db: Connection,
  campaignId: string,
  cellIndex: number,
  scenario: Scenario,
  result: RunResult,
  environment: EnvironmentFacts,
): FinishedCell {
  const key = campaignKey(db, campaignId)
  const cell = getCell(db, key, cellIndex)
  if (cell.runId !== null) return { runId: cell.runId, added: false }
  const { factors } = cell
  const run = { scenario, result, environment, factors, campaignKey: key, cellIndex }
  const added = insertRun(db, run)
  linkRun(db, key, cellIndex, added.key)
  return { runId: added.id, added: true }
}

/** See StoreOperations. */
export function saveRun(db: Connection, run: SingleRun, environment: EnvironmentFacts): string {
  const { scenario, result } = run
  const factors = run.factors ?? scenarioFactors(scenario)
  const alone = { campaignKey: null, cellIndex: null }
  return insertRun(db, { scenario, result, environment, factors, ...alone }).id
}

/** Adds a run with everything that belongs to it. */
export function insertRun(
  db: Connection,
  run: NewRun,
): { readonly id: string; readonly key: number } {
  const id = run.id ?? uuidV7()
  const columns = runColumns(db, id, run)
  const names = Object.keys(columns)
  const marks = names.map(() => '?').join(', ')
  const sql = `INSERT INTO runs (${names.join(', ')}) VALUES (${marks})`
  const key = db.insert(sql, ...Object.values(columns))
  run.result.vms.forEach((vm, index) => {
    insertVm(db, key, index, vm)
  })
  insertMetrics(db, key, HOST_INDEX, run.result.counters)
  insertReasons(db, key, HOST_INDEX, run.result.notObservable ?? {})
  insertSeries(db, key, run.result.series)
  return { id, key }
}

function runColumns(db: Connection, id: string, run: NewRun): Record<string, SqlValue> {
  const { scenario, result, factors } = run
  return {
    id,
    kind: result.kind,
    content_hash: runContentHash(scenario, result),
    scenario_key: scenarioKey(db, scenario),
    environment_key: environmentKey(db, run.environment),
    campaign_key: run.campaignKey,
    cell_index: run.cellIndex,
    factors: JSON.stringify(factors),
    name: scenario.name,
    app: factors.app,
    scheme: factors.scheme,
    mix: factors.mix,
    overcommit: factors.overcommit,
    seed: scenario.seed,
    time_ns: result.timeNs,
    makespan_ns: result.makespanNs,
    events: result.events,
    wall_ms: result.wallMs,
    trace_hash: result.traceHash,
    created_at: run.createdAt ?? nowIso(),
  }
}

function insertVm(db: Connection, runKey: number, vmIndex: number, vm: VmResult): void {
  db.run(
    `INSERT INTO vm_results (run_key, vm_index, name, app, vcpus, threads, iteration_ns,
      iterations_asked, cpu_ns) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    runKey,
    vmIndex,
    vm.name,
    vm.app,
    vm.vcpus,
    vm.threads,
    JSON.stringify(vm.iterationNs),
    vm.iterationsAsked,
    vm.cpuNs,
  )
  insertMetrics(db, runKey, vmIndex, { ...vm.counters, ...latencyMetrics(vm.latency) })
  insertReasons(db, runKey, vmIndex, vm.notObservable ?? {})
  for (const [timeClass, ns] of Object.entries(vm.attributionNs ?? {})) {
    if (ns === 0) continue
    const sql = 'INSERT INTO attribution (run_key, vm_index, class, ns) VALUES (?, ?, ?, ?)'
    db.run(sql, runKey, vmIndex, timeClass, ns)
  }
}

function insertMetrics(
  db: Connection,
  runKey: number,
  vmIndex: number,
  counters: Readonly<Record<string, number>>,
): void {
  const sql = 'INSERT INTO metrics (run_key, vm_index, key, value) VALUES (?, ?, ?, ?)'
  for (const [key, value] of Object.entries(counters)) db.run(sql, runKey, vmIndex, key, value)
}

function insertReasons(
  db: Connection,
  runKey: number,
  vmIndex: number,
  reasons: NotObservable,
): void {
  const sql = 'INSERT INTO not_observable (run_key, vm_index, key, reason) VALUES (?, ?, ?, ?)'
  for (const [key, reason] of Object.entries(reasons)) db.run(sql, runKey, vmIndex, key, reason)
}

function insertSeries(db: Connection, runKey: number, series: RunSeries | undefined): void {
  if (series === undefined) return
  const sql = 'INSERT INTO run_series (run_key, series) VALUES (?, ?)'
  db.run(sql, runKey, JSON.stringify(series))
}
