/** Reading runs: the detail of one, and what a comparison needs of a campaign's. */
import { TIME_CLASS_KEYS, type TimeByClassNs } from '../core/base/time-class.ts'
import type { NotObservable } from '../core/contract/agent/names.ts'
import type { Factors } from '../core/contract/campaign.ts'
import type { RunDetail } from '../core/contract/library.ts'
import { isLatency } from '../core/contract/measure.ts'
import type { Measure } from '../core/contract/measure.ts'
import type { RunKind, RunResult, RunSeries, VmResult } from '../core/contract/result.ts'
import type { Scenario } from '../core/contract/scenario.ts'
import type { Connection } from './connection.ts'
import { campaignKey, runKey } from './keys.ts'
import { splitMetrics } from './latency-metrics.ts'
import type { CampaignRun, WallHistory } from './operations.ts'
import { runRow } from './run-query.ts'
import { HOST_INDEX } from './run-writer.ts'
import { getEnvironment } from './scenarios.ts'
import { readJson } from './stored-json.ts'

type RunRecord = {
  readonly kind: RunKind
  readonly makespanNs: number
  readonly timeNs: number
  readonly events: number
  readonly wallMs: number
  readonly traceHash: string
  readonly factors: string | null
  readonly environmentKey: number
  readonly scenario: string
}

type VmRecord = Pick<
  VmResult,
  'name' | 'app' | 'vcpus' | 'threads' | 'iterationsAsked' | 'cpuNs'
> & {
  readonly vmIndex: number
  readonly iterationNs: string
}

type ClassRecord = { readonly key: number; readonly class: string; readonly ns: number }

/** See StoreOperations. */
export function getRun(db: Connection, runId: string): RunDetail {
  const key = runKey(db, runId)
  const record = db.one<RunRecord>(
    `SELECT kind, makespan_ns AS makespanNs, time_ns AS timeNs, events, wall_ms AS wallMs,
      trace_hash AS traceHash, factors, environment_key AS environmentKey, json AS scenario
      FROM runs JOIN scenarios USING (scenario_key) WHERE run_key = ?`,
    key,
  )!
  return {
    row: runRow(db, key),
    factors: record.factors === null ? null : readJson<Factors>(record.factors),
    scenario: readJson<Scenario>(record.scenario),
    result: readResult(db, key, record),
    environment: getEnvironment(db, record.environmentKey),
  }
}

function readResult(db: Connection, key: number, record: RunRecord): RunResult {
  const { kind, makespanNs, timeNs, events, wallMs, traceHash } = record
  const counters = Object.fromEntries(readMetrics(db, key, HOST_INDEX))
  const vms = readVms(db, key, kind)
  const simulated = { kind, makespanNs, timeNs, vms, counters, events, wallMs, traceHash }
  if (kind !== 'measured') return simulated
  const series = readSeries(db, key)
  const notObservable = readReasons(db, key, HOST_INDEX)
  return { ...simulated, notObservable, ...(series === null ? {} : { series }) }
}

function readVms(db: Connection, key: number, kind: RunKind): VmResult[] {
  const records = db.all<VmRecord>(
    `SELECT vm_index AS vmIndex, name, app, vcpus, threads, iteration_ns AS iterationNs,
      iterations_asked AS iterationsAsked, cpu_ns AS cpuNs
      FROM vm_results WHERE run_key = ? ORDER BY vm_index`,
    key,
  )
  return records.map(({ vmIndex, iterationNs, ...vm }) => ({
    ...vm,
    iterationNs: readJson<number[]>(iterationNs),
    attributionNs: kind === 'measured' ? null : readAttribution(db, key, vmIndex),
    ...splitMetrics(readMetrics(db, key, vmIndex)),
    ...(kind === 'measured' ? { notObservable: readReasons(db, key, vmIndex) } : {}),
  }))
}

function readMetrics(db: Connection, key: number, vmIndex: number): (readonly [string, number])[] {
  const sql = 'SELECT key, value FROM metrics WHERE run_key = ? AND vm_index = ? ORDER BY key'
  const rows = db.all<{ key: string; value: number }>(sql, key, vmIndex)
  return rows.map((row) => [row.key, row.value] as const)
}

function readReasons(db: Connection, key: number, vmIndex: number): NotObservable {
  const sql =
    'SELECT key, reason FROM not_observable WHERE run_key = ? AND vm_index = ? ORDER BY key'
  const rows = db.all<{ key: string; reason: string }>(sql, key, vmIndex)
  return Object.fromEntries(rows.map((row) => [row.key, row.reason]))
}

function readSeries(db: Connection, key: number): RunSeries | null {
  const sql = 'SELECT series FROM run_series WHERE run_key = ?'
  const row = db.one<{ series: string }>(sql, key)
  return row === undefined ? null : readJson<RunSeries>(row.series)
}

function readAttribution(db: Connection, key: number, vmIndex: number): TimeByClassNs {
  const sql =
    'SELECT vm_index AS key, class, ns FROM attribution WHERE run_key = ? AND vm_index = ?'
  return timeByClass(db.all<ClassRecord>(sql, key, vmIndex))
}

/** Classes without a row took no time. */
function timeByClass(records: readonly ClassRecord[]): TimeByClassNs {
  const zeros = TIME_CLASS_KEYS.map((key) => [key, 0] as const)
  const charged = records.map((record) => [record.class, record.ns] as const)
  const all: Record<string, number> = Object.fromEntries([...zeros, ...charged])
  return all as TimeByClassNs
}

/** See StoreOperations. */
export function campaignRuns(db: Connection, campaignId: string, measure: Measure): CampaignRun[] {
  const key = campaignKey(db, campaignId)
  const classes = Map.groupBy(summedAttribution(db, key), (record) => record.key)
  const counters = Map.groupBy(summedCounters(db, key), (record) => record.runKey)
  const reasons = Map.groupBy(allReasons(db, key), (record) => record.runKey)
  const runs = db.all<Pick<CampaignRun, 'runId' | 'cellIndex' | 'seed' | 'excluded'> & RunJoin>(
    `SELECT r.run_key AS runKey, r.kind, r.id AS runId, k.cell_index AS cellIndex, k.seed,
      k.factors, ${columnOf(measure)} AS timeNs, x.reason AS excluded
      FROM cells k JOIN runs r USING (run_key) LEFT JOIN exclusions x USING (run_key)
      WHERE k.campaign_key = ? AND r.trashed_at IS NULL ORDER BY k.cell_index`,
    ...(isLatency(measure) ? [measure, key] : [key]),
  )
  return runs.map(({ runKey: ofRun, kind, factors, timeNs, ...run }) => ({
    ...run,
    timeNs: timeNs ?? NaN,
    factors: readJson<Factors>(factors),
    attributionNs: kind === 'measured' ? null : timeByClass(classes.get(ofRun) ?? []),
    counters: kind === 'measured' ? byKey(counters.get(ofRun)) : null,
    notObservable: byKey(reasons.get(ofRun)),
  }))
}

type OfRun<T> = { readonly runKey: number; readonly key: string; readonly value: T }

const byKey = <T>(rows: readonly OfRun<T>[] = []): Record<string, T> =>
  Object.fromEntries(rows.map(({ key, value }) => [key, value]))

type RunJoin = {
  readonly runKey: number
  readonly kind: RunKind
  readonly factors: string
  readonly timeNs: number | null
}

const columnOf = (measure: Measure): string =>
  isLatency(measure) ? LATENCY : measure === 'makespan' ? 'r.makespan_ns' : 'r.time_ns'

const LATENCY =
  '(SELECT avg(value) FROM metrics WHERE metrics.run_key = r.run_key AND metrics.key = ?)'

function summedAttribution(db: Connection, key: number): ClassRecord[] {
  return db.all(
    `SELECT run_key AS key, class, sum(ns) AS ns FROM cells JOIN attribution USING (run_key)
      WHERE campaign_key = ? GROUP BY run_key, class`,
    key,
  )
}

/** Counters of the measured runs, each summed over VMs and host. */
function summedCounters(db: Connection, key: number): OfRun<number>[] {
  return db.all(
    `SELECT run_key AS runKey, m.key, sum(m.value) AS value
      FROM cells JOIN runs r USING (run_key) JOIN metrics m USING (run_key)
      WHERE cells.campaign_key = ? AND r.kind = 'measured' GROUP BY run_key, m.key`,
    key,
  )
}

function allReasons(db: Connection, key: number): OfRun<string>[] {
  return db.all(
    `SELECT run_key AS runKey, o.key, min(o.reason) AS value
      FROM cells JOIN not_observable o USING (run_key)
      WHERE campaign_key = ? GROUP BY run_key, o.key`,
    key,
  )
}

/** See StoreOperations. */
export function wallHistory(db: Connection, limit: number, kind: RunKind): WallHistory[] {
  const rows = db.all<{ app: string; scheme: string; wallMs: string }>(
    `SELECT app, scheme, json_group_array(wall_ms ORDER BY place) AS wallMs FROM (
      SELECT app, scheme, wall_ms,
        row_number() OVER (PARTITION BY app, scheme ORDER BY run_key DESC) AS place
      FROM runs WHERE trashed_at IS NULL AND kind = ?
    ) WHERE place <= ? GROUP BY app, scheme ORDER BY app, scheme`,
    kind,
    limit,
  )
  return rows.map((row) => ({ ...row, wallMs: readJson<number[]>(row.wallMs) }))
}
