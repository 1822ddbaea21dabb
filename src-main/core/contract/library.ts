/** What the library keeps and how it is asked: runs, campaigns, tags, notes, trash. */
import * as v from 'valibot'
import { HostFactsSchema, VmFactsSchema } from './agent/facts.ts'
import { CampaignSchema, FactorsSchema } from './campaign.ts'
import { RunKindSchema, RunResultSchema } from './result.ts'
import { ScenarioSchema } from './scenario.ts'

/** Where a cell stands. `skipped` by the user, `failed` with an error that is kept. */
export const CellStatusSchema = v.picklist(['pending', 'running', 'finished', 'failed', 'skipped'])
/** Where a cell stands. */
export type CellStatus = v.InferOutput<typeof CellStatusSchema>

/** Where a campaign stands. `interrupted`: the app ended while it ran; resume continues it. */
export const CampaignStatusSchema = v.picklist([
  'new',
  'running',
  'paused',
  'cancelled',
  'interrupted',
  'finished',
])
/** Where a campaign stands. */
export type CampaignStatus = v.InferOutput<typeof CampaignStatusSchema>

/** One cell of a campaign: one scenario to run once. */
export const CellSchema = v.object({
  index: v.number(),
  factors: FactorsSchema,
  seed: v.number(),
  repetition: v.number(),
  status: CellStatusSchema,
  runId: v.nullable(v.string()),
  error: v.nullable(v.string()),
})
/** One cell of a campaign. */
export type Cell = v.InferOutput<typeof CellSchema>

/** Why a cell is skipped that the campaign's stopping rule did without. */
export const NOT_NEEDED = 'not needed: the intervals of its group are narrow enough'

/** Whether the stopping rule did without a cell. */
export const isNotNeeded = ({ status, error }: Pick<Cell, 'status' | 'error'>): boolean =>
  status === 'skipped' && error === NOT_NEEDED

/** A row of the runs table. Times in ns, dates ISO 8601 UTC. */
export const RunRowSchema = v.object({
  id: v.string(),
  kind: RunKindSchema,
  campaignId: v.nullable(v.string()),
  campaignName: v.nullable(v.string()),
  cellIndex: v.nullable(v.number()),
  name: v.string(),
  app: v.string(),
  scheme: v.string(),
  mix: v.string(),
  overcommit: v.nullable(v.number()),
  seed: v.number(),
  timeNs: v.number(),
  makespanNs: v.number(),
  events: v.number(),
  wallMs: v.number(),
  traceHash: v.string(),
  contentHash: v.string(),
  createdAt: v.string(),
  /** Where it was measured, and whether by hardware (`kvm`) or emulation (`tcg`); else null. */
  host: v.nullable(v.string()),
  accel: v.nullable(v.string()),
  tags: v.array(v.string()),
  note: v.string(),
  trashedAt: v.nullable(v.string()),
  /** Why it takes no part in comparisons; null of a run that does. */
  excluded: v.nullable(v.string()),
})
/** A row of the runs table. */
export type RunRow = v.InferOutput<typeof RunRowSchema>

/** The host of a measured run as it was when the lab connected to it. */
export const MeasuredHostSchema = v.object({
  name: v.string(),
  facts: HostFactsSchema,
  vms: v.array(VmFactsSchema),
  /** Of all its VMs; `mixed` where they differ. */
  accel: v.picklist(['kvm', 'tcg', 'unknown', 'mixed']),
  agent: v.object({ appVersion: v.string(), sha256: v.string(), node: v.string() }),
})
/** The host of a measured run. */
export type MeasuredHost = v.InferOutput<typeof MeasuredHostSchema>

/** The machine and software that produced a run. */
export const EnvironmentSchema = v.object({
  id: v.string(),
  appVersion: v.string(),
  commit: v.nullable(v.string()),
  runtime: v.string(),
  os: v.string(),
  cpu: v.string(),
  cpuCount: v.number(),
  memoryBytes: v.number(),
  schemaVersion: v.number(),
  /** Where it was measured; null of a simulated run, which is made on the machine itself. */
  host: v.nullable(MeasuredHostSchema),
})
/** The machine and software that produced a run. */
export type Environment = v.InferOutput<typeof EnvironmentSchema>

/** A run with everything that is known of it. */
export const RunDetailSchema = v.object({
  row: RunRowSchema,
  factors: v.nullable(FactorsSchema),
  scenario: ScenarioSchema,
  result: RunResultSchema,
  environment: EnvironmentSchema,
})
/** A run with everything that is known of it. */
export type RunDetail = v.InferOutput<typeof RunDetailSchema>

/** A campaign's line in lists. */
export const CampaignRowSchema = v.object({
  id: v.string(),
  name: v.string(),
  status: CampaignStatusSchema,
  createdAt: v.string(),
  /** The host that it is measured on; null of a simulated one. */
  host: v.nullable(v.string()),
  cells: v.number(),
  finished: v.number(),
  failed: v.number(),
  skipped: v.number(),
})
/** A campaign's line in lists. */
export type CampaignRow = v.InferOutput<typeof CampaignRowSchema>

/** A campaign with its definition and cells. */
export const CampaignDetailSchema = v.object({
  row: CampaignRowSchema,
  definition: CampaignSchema,
  cells: v.array(CellSchema),
})
/** A campaign with its definition and cells. */
export type CampaignDetail = v.InferOutput<typeof CampaignDetailSchema>

/**
 * A question to the runs table; every field narrows. `search` looks in name, app, scheme, note,
 * tags.
 */
export const RunQuerySchema = v.strictObject({
  search: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  kinds: v.optional(v.array(RunKindSchema), []),
  campaignIds: v.optional(v.array(v.string()), []),
  apps: v.optional(v.array(v.string()), []),
  schemes: v.optional(v.array(v.string()), []),
  mixes: v.optional(v.array(v.string()), []),
  tags: v.optional(v.array(v.string()), []),
  trashed: v.optional(v.boolean(), false),
  sort: v.optional(
    v.picklist(['createdAt', 'name', 'app', 'scheme', 'mix', 'seed', 'timeNs', 'events']),
    'createdAt',
  ),
  descending: v.optional(v.boolean(), true),
  offset: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)), 200),
})
/** A question to the runs table, defaults filled in. */
export type RunQuery = v.InferOutput<typeof RunQuerySchema>

/** A page of the runs table with the count of all matching rows. */
export const RunPageSchema = v.object({ rows: v.array(RunRowSchema), total: v.number() })
/** A page of the runs table. */
export type RunPage = v.InferOutput<typeof RunPageSchema>

const FacetSchema = v.array(v.object({ value: v.string(), label: v.string(), count: v.number() }))

/** Values and counts by which the library can be narrowed. */
export const FacetsSchema = v.object({
  kind: FacetSchema,
  campaign: FacetSchema,
  app: FacetSchema,
  scheme: FacetSchema,
  mix: FacetSchema,
  tag: FacetSchema,
})
/** Values and counts by which the library can be narrowed. */
export type Facets = v.InferOutput<typeof FacetsSchema>
