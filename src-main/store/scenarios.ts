/** Scenarios and environments: stored once, however many cells and runs refer to them. */
import { canonicalJson } from '../core/base/canonical-json.ts'
import type { Environment, MeasuredHost } from '../core/contract/library.ts'
import type { Scenario } from '../core/contract/scenario.ts'
import type { Connection } from './connection.ts'
import { contentId, sha256 } from './identity.ts'
import { readJson } from './stored-json.ts'

type Keyed = { readonly key: number }

/** The key of a scenario, which is added when it is new. */
export function scenarioKey(db: Connection, scenario: Scenario): number {
  const json = canonicalJson(scenario)
  const hash = sha256(json)
  const known = db.one<Keyed>('SELECT scenario_key AS key FROM scenarios WHERE hash = ?', hash)
  if (known !== undefined) return known.key
  return db.insert('INSERT INTO scenarios (hash, json) VALUES (?, ?)', hash, json)
}

/** The key of an environment, which is added when it is new. */
export function environmentKey(db: Connection, facts: Omit<Environment, 'id'>): number {
  // Without a host the id is the one that it was before there were hosts.
  const id = contentId({ ...facts, host: facts.host ?? undefined })
  const known = db.one<Keyed>('SELECT environment_key AS key FROM environments WHERE id = ?', id)
  if (known !== undefined) return known.key
  return db.insert(
    `INSERT INTO environments (id, app_version, commit_id, runtime, os, cpu, cpu_count,
      memory_bytes, schema_version, host) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    facts.appVersion,
    facts.commit,
    facts.runtime,
    facts.os,
    facts.cpu,
    facts.cpuCount,
    facts.memoryBytes,
    facts.schemaVersion,
    facts.host === null ? null : canonicalJson(facts.host),
  )
}

/** An environment by its key. */
export function getEnvironment(db: Connection, key: number): Environment {
  const { host, ...environment } = db.one<Omit<Environment, 'host'> & { host: string | null }>(
    `SELECT id, app_version AS appVersion, commit_id AS "commit", runtime, os, cpu,
      cpu_count AS cpuCount, memory_bytes AS memoryBytes, schema_version AS schemaVersion, host
      FROM environments WHERE environment_key = ?`,
    key,
  )!
  return { ...environment, host: host === null ? null : readJson<MeasuredHost>(host) }
}

/** Deletes what no cell and no run refers to any more. */
export function deleteOrphans(db: Connection): void {
  db.run(
    `DELETE FROM scenarios WHERE NOT EXISTS
      (SELECT 1 FROM runs WHERE runs.scenario_key = scenarios.scenario_key)
      AND NOT EXISTS (SELECT 1 FROM cells WHERE cells.scenario_key = scenarios.scenario_key)`,
  )
  db.run(
    `DELETE FROM environments WHERE NOT EXISTS
      (SELECT 1 FROM runs WHERE runs.environment_key = environments.environment_key)`,
  )
  db.run(
    `DELETE FROM settings WHERE NOT EXISTS
      (SELECT 1 FROM runs WHERE runs.setting_key = settings.setting_key)`,
  )
}
