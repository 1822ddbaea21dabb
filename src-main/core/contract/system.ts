/** About this installation and this process: facts, health, copies of the library. */
import * as v from 'valibot'

/** One thing that the doctor looked at; `fix` is empty where there is nothing to do. */
export const CheckSchema = v.object({
  name: v.string(),
  status: v.picklist(['ok', 'warning', 'failed']),
  detail: v.string(),
  fix: v.string(),
})

/** About this installation. */
export const SystemInfoSchema = v.object({
  appVersion: v.string(),
  host: v.picklist(['electron', 'browser', 'cli']),
  runtime: v.string(),
  database: v.string(),
  schemaVersion: v.number(),
  readOnly: v.boolean(),
  sqliteVersion: v.string(),
  cpuCount: v.number(),
})
/** About this installation. */
export type SystemInfo = v.InferOutput<typeof SystemInfoSchema>

/** What this process does just now that its end would stop. */
export const ActivitySchema = v.object({
  /** Campaigns that run here; `host` null: simulated. */
  running: v.array(
    v.object({ campaignId: v.string(), name: v.string(), host: v.nullable(v.string()) }),
  ),
  /** Schemes held on hosts, by campaigns or by hand. */
  held: v.array(v.object({ host: v.string(), scheme: v.string() })),
})
/** What this process does just now that its end would stop. */
export type Activity = v.InferOutput<typeof ActivitySchema>

/** A copy of the library in its folder of backups. */
export const BackupSchema = v.object({
  file: v.string(),
  /** ISO 8601, UTC. */
  takenAt: v.string(),
  reason: v.picklist(['daily', 'migration', 'manual', 'copy']),
})

/** A library that was opened on this machine. */
export const RecentLibrarySchema = v.object({
  file: v.string(),
  openedAt: v.string(),
  isThere: v.boolean(),
})
/** A library that was opened on this machine. */
export type RecentLibrary = v.InferOutput<typeof RecentLibrarySchema>
