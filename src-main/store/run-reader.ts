/** Reading runs: the detail of one, and what a comparison needs of a campaign's. */
import { TIME_CLASS_KEYS, type TimeByClassNs } from '../core/base/time-class.ts'
import type { Factors } from '../core/contract/campaign.ts'
import type { RunDetail } from '../core/contract/library.ts'
import { isLatency } from '../core/contract/measure.ts'
import type { Measure } from '../core/contract/measure.ts'
import type { RunKind, RunResult, VmResult } from '../core/contract/result.ts'
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

type VmRecord = Omit<VmResult, 'iterationNs' | 'attributionNs' | 'counters' | 'latency'> & {
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
  return { kind, makespanNs, timeNs, vms: readVms(db, key), counters, events, wallMs, traceHash }
}

function readVms(db: Connection, key: number): VmResult[] {
  const records = db.all<VmRecord>(
    `SELECT vm_index AS vmIndex, name, app, vcpus, threads, iteration_ns AS iterationNs,
      iterations_asked AS iterationsAsked, cpu_ns AS cpuNs
      FROM vm_results WHERE run_key = ? ORDER BY vm_index`,
    key,
  )
  return records.map(({ vmIndex, iterationNs, ...vm }) => ({
    ...vm,
    iterationNs: readJson<number[]>(iterationNs),
    attributionNs: readAttribution(db, key, vmIndex),
    ...splitMetrics(readMetrics(db, key, vmIndex)),
  }))
}

function readMetrics(db: Connection, key: number, vmIndex: number): (readonly [string, number])[] {
  const sql = 'SELECT key, value FROM metrics WHERE run_key = ? AND vm_index = ? ORDER BY key'
  const rows = db.all<{ key: string; value: number }>(sql, key, vmIndex)
  return rows.map((row) => [row.key, row.value] as const)
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
  const runs = db.all<Omit<CampaignRun, 'factors' | 'attributionNs' | 'timeNs'> & RunJoin>(
    `SELECT r.run_key AS runKey, r.id AS runId, k.cell_index AS cellIndex, k.seed, k.factors,
      ${columnOf(measure)} AS timeNs
      FROM cells k JOIN runs r USING (run_key)
      WHERE k.campaign_key = ? AND r.trashed_at IS NULL ORDER BY k.cell_index`,
    ...(isLatency(measure) ? [measure, key] : [key]),
  )
  return runs.map(({ runKey: ofRun, factors, timeNs, ...run }) => ({
    ...run,
    timeNs: timeNs ?? NaN,
    factors: readJson<Factors>(factors),
    attributionNs: timeByClass(classes.get(ofRun) ?? []),
  }))
}

type RunJoin = {
  readonly runKey: number
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

/** See StoreOperations. */
export function wallHistory(db: Connection, limit: number): WallHistory[] {
  const rows = db.all<{ app: string; scheme: string; wallMs: string }>(
    `SELECT app, scheme, json_group_array(wall_ms ORDER BY place) AS wallMs FROM (
      SELECT app, scheme, wall_ms,
        row_number() OVER (PARTITION BY app, scheme ORDER BY run_key DESC) AS place
      FROM runs WHERE trashed_at IS NULL AND kind = 'simulated'
    ) WHERE place <= ? GROUP BY app, scheme ORDER BY app, scheme`,
    limit,
  )
  return rows.map((row) => ({ ...row, wallMs: readJson<number[]>(row.wallMs) }))
}
