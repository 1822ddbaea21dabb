/** What the library keeps and how it is asked: runs, campaigns, tags, notes, trash. */
import * as v from 'valibot'
import { HostFactsSchema, VmFactsSchema } from './agent/facts.ts'
import { CampaignSchema, FactorsSchema } from './campaign.ts'
import { RunKindSchema, RunResultSchema } from './result.ts'
import {
  ColumnIdSchema,
  ConditionSchema,
  FurtherColumnSchema,
  GroupKeySchema,
} from './run-columns.ts'
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
  /** The further columns that were asked for; null where the run has no such value. */
  values: v.record(v.string(), v.nullable(v.union([v.number(), v.string(), v.boolean()]))),
  /** Why a measured run lacks values, by column. */
  notObservable: v.record(v.string(), v.string()),
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

const texts = v.optional(v.array(v.string()), [])

/**
 * A question to the runs table; every field narrows. `search` looks in name, app, scheme, note,
 * tags.
 */
const QuestionEntries = {
  search: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  kinds: v.optional(v.array(RunKindSchema), []),
  campaignIds: texts,
  apps: texts,
  schemes: texts,
  mixes: texts,
  hosts: texts,
  tags: texts,
  where: v.optional(v.pipe(v.array(ConditionSchema), v.maxLength(20)), []),
  trashed: v.optional(v.boolean(), false),
}

const OrderEntries = {
  sort: v.optional(ColumnIdSchema, 'createdAt'),
  descending: v.optional(v.boolean(), true),
  offset: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
}

const atMost = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most))

/** A question to the runs table: what, in which order, which rows, with which further columns. */
export const RunQuerySchema = v.object({
  ...QuestionEntries,
  ...OrderEntries,
  columns: v.optional(v.pipe(v.array(FurtherColumnSchema), v.maxLength(80)), []),
  limit: v.optional(atMost(1000), 200),
})
/** A question to the runs table, defaults filled in. */
export type RunQuery = v.InferOutput<typeof RunQuerySchema>

/** Which rows of the runs table, for changes to many of them. */
export const RunIdsQuerySchema = v.object({
  ...QuestionEntries,
  ...OrderEntries,
  limit: v.optional(atMost(100_000), 100_000),
})
/** Which rows of the runs table. */
export type RunIdsQuery = v.InferOutput<typeof RunIdsQuerySchema>

/** Which runs, without order and window: what facets and groups are asked with. */
export const RunQuestionSchema = v.object(QuestionEntries)
/** Which runs, defaults filled in. */
export type RunQuestion = v.InferOutput<typeof RunQuestionSchema>

/** A page of the runs table with the count of all matching rows. */
export const RunPageSchema = v.object({ rows: v.array(RunRowSchema), total: v.number() })
/** A page of the runs table. */
export type RunPage = v.InferOutput<typeof RunPageSchema>

/** Further columns that matching runs have, and which columns differ among them. */
export const RunColumnsSchema = v.object({
  settings: v.array(v.string()),
  metrics: v.array(v.string()),
  differing: v.array(ColumnIdSchema),
})
/** Further columns that matching runs have. */
export type RunColumns = v.InferOutput<typeof RunColumnsSchema>

/** Runs in groups by `by`, each with the statistics of `measure`, a column of numbers. */
export const GroupQuerySchema = v.object({
  ...QuestionEntries,
  by: v.pipe(v.array(GroupKeySchema), v.minLength(1), v.maxLength(6)),
  measure: v.optional(ColumnIdSchema, 'timeNs'),
})
/** Runs in groups. */
export type GroupQuery = v.InferOutput<typeof GroupQuerySchema>

/**
 * A group of runs of one kind: kinds are never averaged together. `count`: runs that have the
 * measure and are not excluded. `settings`: different cells among them; more than one, and the
 * spread is not that of repetitions. The interval is of the mean, 95 %; null where its runs cannot
 * tell.
 */
export const RunGroupSchema = v.object({
  kind: RunKindSchema,
  key: v.array(v.nullable(v.union([v.string(), v.number(), v.boolean()]))),
  runs: v.number(),
  count: v.number(),
  settings: v.number(),
  median: v.nullable(v.number()),
  mean: v.nullable(v.number()),
  lo: v.nullable(v.number()),
  hi: v.nullable(v.number()),
  min: v.nullable(v.number()),
  max: v.nullable(v.number()),
})
/** A group of runs of one kind. */
export type RunGroup = v.InferOutput<typeof RunGroupSchema>

/** At most GROUPS_MAX groups, and how many there are. */
export const RunGroupsSchema = v.object({ groups: v.array(RunGroupSchema), total: v.number() })
/** Groups of runs. */
export type RunGroups = v.InferOutput<typeof RunGroupsSchema>
/** The most groups that one answer holds. */
export const GROUPS_MAX = 2000

const FacetSchema = v.array(v.object({ value: v.string(), label: v.string(), count: v.number() }))

/** Values and counts by which the library can be narrowed. */
export const FacetsSchema = v.object({
  kind: FacetSchema,
  campaign: FacetSchema,
  app: FacetSchema,
  scheme: FacetSchema,
  mix: FacetSchema,
  host: FacetSchema,
  tag: FacetSchema,
})
/** Values and counts by which the library can be narrowed. */
export type Facets = v.InferOutput<typeof FacetsSchema>
