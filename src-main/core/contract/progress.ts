/** Live progress of a campaign: two levels, and the time left as a range. */
import * as v from 'valibot'
import { SampleSchema } from './agent/work.ts'
import { FactorsSchema } from './campaign.ts'
import { CampaignStatusSchema, CellStatusSchema } from './library.ts'

/** A cell that is being run. `fraction` of its work that is done, 0 … 1. */
export const ActiveCellSchema = v.object({
  index: v.number(),
  factors: FactorsSchema,
  seed: v.number(),
  fraction: v.number(),
  events: v.number(),
  simulatedNs: v.number(),
  startedAt: v.string(),
  /** Of a cell that is measured: what the host does for it now, and its latest sample. */
  live: v.nullable(
    v.object({ phase: v.string(), redone: v.number(), sample: v.nullable(SampleSchema) }),
  ),
})
/** A cell that is being run. */
export type ActiveCell = v.InferOutput<typeof ActiveCellSchema>

/** What just happened to a cell; the live screen's log. */
export const CellEventSchema = v.object({
  index: v.number(),
  factors: FactorsSchema,
  seed: v.number(),
  status: CellStatusSchema,
  timeNs: v.nullable(v.number()),
  wallMs: v.nullable(v.number()),
  error: v.nullable(v.string()),
  at: v.string(),
})
/** What just happened to a cell. */
export type CellEvent = v.InferOutput<typeof CellEventSchema>

/** A stopping rule and what it last said; nulls until it was asked in this session. */
export const StopProgressSchema = v.object({
  /** Width (hi / lo − 1) below which a group ends. */
  ciWidth: v.number(),
  min: v.number(),
  /** The most repetitions. */
  max: v.number(),
  groups: v.nullable(v.number()),
  ended: v.nullable(v.number()),
  /** Width of the widest interval of the groups that go on; null where one has none yet. */
  widest: v.nullable(v.number()),
  /** Cells that are not run. */
  notNeeded: v.number(),
})
/** A stopping rule and what it last said. */
export type StopProgress = v.InferOutput<typeof StopProgressSchema>

/** State of a campaign that runs or ran. */
export const ProgressSchema = v.object({
  campaignId: v.string(),
  name: v.string(),
  status: CampaignStatusSchema,
  /** Why it rests though nobody asked for it: a lost host, a library that cannot be written. */
  reason: v.nullable(v.object({ message: v.string(), hint: v.string() })),
  /** The host that it is measured on; null of a simulated one. */
  host: v.nullable(v.string()),
  cells: v.number(),
  finished: v.number(),
  failed: v.number(),
  skipped: v.number(),
  /** null of a campaign without a stopping rule. */
  stop: v.nullable(StopProgressSchema),
  active: v.array(ActiveCellSchema),
  /** Time left, ms: 10 % and 90 % quantiles; null until three cells have finished. */
  etaMs: v.nullable(v.object({ lo: v.number(), hi: v.number() })),
  elapsedMs: v.number(),
  workers: v.number(),
  eventsPerSecond: v.number(),
  /** The last 200 cell events, newest last. */
  log: v.array(CellEventSchema),
})
/** A campaign that was started and is not done, and what it waits for. */
export const QueuedSchema = v.object({
  campaignId: v.string(),
  name: v.string(),
  host: v.nullable(v.string()),
  cells: v.number(),
  /** Finished, failed or skipped. */
  done: v.number(),
  /** Cells that are being run. */
  active: v.number(),
  /** `workers`: others have them all; `host`: another campaign measures on it. */
  waitsFor: v.nullable(v.picklist(['workers', 'host'])),
  etaMs: v.nullable(v.object({ lo: v.number(), hi: v.number() })),
})
/** A campaign that was started and is not done. */
export type Queued = v.InferOutput<typeof QueuedSchema>

/** State of a campaign that runs or ran. */
export type Progress = v.InferOutput<typeof ProgressSchema>
