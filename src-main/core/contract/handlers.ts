/**
 * Every handler of the lab, with its schemas: one contract behind the Electron bridge, the
 * browser's WebSocket and the command line. Names are unique by construction (object keys).
 */
import { eventIterator, oc } from '@orpc/contract'
import * as v from 'valibot'
import {
  CalibrationDetailSchema,
  CalibrationNameSchema,
  CalibrationProgressSchema,
  CalibrationRowSchema,
  CalibrationSchema,
  PREDICTION_SEEDS,
  PredictionSchema,
} from './calibration.ts'
import { CampaignSchema, FactorsSchema } from './campaign.ts'
import { CatalogueSchema } from './catalogue.ts'
import { ComparisonSchema } from './comparison.ts'
import { CorunnersSchema } from './corunners.ts'
import {
  FigurePackSchema,
  FigureQuerySchema,
  FigureSpecSchema,
  FigureWidthSchema,
} from './figure.ts'
import { CampaignDetailSchema, CampaignRowSchema } from './library.ts'
import { libraryHandlers } from './library-handlers.ts'
import {
  AppliedSchema,
  HostPlanSchema,
  JournalEntrySchema,
  RestoredSchema,
} from './agent/change.ts'
import { HostFactsSchema, VmFactsSchema } from './agent/facts.ts'
import { HostNameSchema, VmNameSchema } from './agent/names.ts'
import { SampleSchema } from './agent/work.ts'
import {
  HostProbeSchema,
  HostRefSchema,
  HostRowSchema,
  HostSchemeSchema,
  NewHostSchema,
} from './hosts.ts'
import { PowerPlanSchema, PowerQuerySchema } from './power.ts'
import { ProgressSchema, QueuedSchema } from './progress.ts'
import {
  ActivitySchema,
  BackupSchema,
  CheckSchema,
  RecentLibrarySchema,
  SystemInfoSchema,
} from './system.ts'
import { ReportExportSchema, ReportFileSchema, ReportRequestSchema } from './report.ts'
import { ExplainProgressSchema, ExplanationSchema } from './explanation.ts'
import { ReplaySchema } from './replay.ts'
import { RunSeriesSchema } from './result.ts'
import { SchemeRefSchema } from './scenario.ts'
import { SettingsDiffSchema } from './settings.ts'
import {
  BookmarkSchema,
  CHUNKS_ASKED_MAX,
  ChunkTimesSchema,
  TraceBlockSchema,
  TracedRunSchema,
  TraceEntrySchema,
  TraceFindingsSchema,
  TraceHitSchema,
  TracePartSchema,
  TraceSearchSchema,
} from './trace.ts'

const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(100))
const Ids = v.pipe(v.array(Id), v.minLength(1), v.maxLength(100_000))
const Whole = v.pipe(v.number(), v.integer(), v.minValue(0))
const Done = v.object({ changed: v.number() })

const IssueSchema = v.object({ path: v.string(), message: v.string(), hint: v.string() })

/** What a campaign would do: cells and a guess of the cost, or what is wrong with it. */
export const PlanSchema = v.object({
  issues: v.array(IssueSchema),
  campaign: v.nullable(CampaignSchema),
  cells: v.array(v.object({ index: v.number(), factors: FactorsSchema, seed: v.number() })),
  /** Combinations that the file's `except` leaves out. */
  leftOut: v.array(FactorsSchema),
  /** From earlier runs of the same app and scheme in this library; null without any. */
  etaMs: v.nullable(v.object({ lo: v.number(), hi: v.number() })),
})
/** What a campaign would do. */
export type Plan = v.InferOutput<typeof PlanSchema>

/** The contract. Queries change nothing; everything that writes says what it changed. */
export const contract = {
  system: {
    info: oc.output(SystemInfoSchema),
    doctor: oc.output(v.array(CheckSchema)),
    catalogue: oc.output(CatalogueSchema),
    activity: oc.output(ActivitySchema),
    /** The copies of the library that are kept beside it, newest first. */
    backups: oc.output(v.array(BackupSchema)),
    /** Makes one now; it is never deleted by itself. */
    backUp: oc.output(BackupSchema),
    /** Libraries that were opened on this machine, newest first. */
    libraries: oc.output(v.array(RecentLibrarySchema)),
  },
  library: libraryHandlers,
  campaign: {
    list: oc.output(v.array(CampaignRowSchema)),
    get: oc.input(v.strictObject({ id: Id })).output(CampaignDetailSchema),
    /** Checks a campaign file's text (YAML or JSON) and expands it. */
    plan: oc
      .input(v.strictObject({ text: v.pipe(v.string(), v.maxLength(1_000_000)) }))
      .output(PlanSchema),
    /** Stores the campaign and starts it; `start: false` only stores it. */
    create: oc
      .input(
        v.strictObject({
          text: v.pipe(v.string(), v.maxLength(1_000_000)),
          start: v.optional(v.boolean(), true),
        }),
      )
      .output(CampaignRowSchema),
    pause: oc.input(v.strictObject({ id: Id })).output(Done),
    /** Starts, resumes after a pause, a cancel or a crash. */
    resume: oc.input(v.strictObject({ id: Id })).output(Done),
    cancel: oc.input(v.strictObject({ id: Id })).output(Done),
    /** Sets failed (or the named) cells back to pending and resumes. */
    retry: oc
      .input(v.strictObject({ id: Id, cells: v.optional(v.array(v.number()), []) }))
      .output(Done),
    skip: oc.input(v.strictObject({ id: Id, cells: v.array(v.number()) })).output(Done),
    /** Campaigns that this process runs, in the order in which they were started. */
    queue: oc.output(v.array(QueuedSchema)),
    progress: oc.input(v.strictObject({ id: Id })).output(ProgressSchema),
    /** Progress now and on every change, at most ten a second; ends when the campaign rests. */
    watch: oc.input(v.strictObject({ id: Id })).output(eventIterator(ProgressSchema)),
  },
  compare: {
    get: oc
      .input(v.strictObject({ campaignId: Id, baseline: v.optional(v.string()) }))
      .output(ComparisonSchema),
    /** What the VMs of a campaign do to each other. */
    corunners: oc
      .input(v.strictObject({ campaignId: Id, baseline: v.optional(v.string()) }))
      .output(CorunnersSchema),
    /** Settings that differ between the schemes of one campaign, or between two campaigns. */
    settings: oc
      .input(v.strictObject({ campaignIds: v.pipe(v.array(Id), v.minLength(1), v.maxLength(2)) }))
      .output(SettingsDiffSchema),
    /** Repetitions that find an effect, from a campaign as the pilot, and their wall time. */
    power: oc.input(PowerQuerySchema).output(PowerPlanSchema),
  },
  trace: {
    /** What is known of a run's trace; `not-found` when it has none. */
    entry: oc.input(v.strictObject({ runId: Id })).output(TraceEntrySchema),
    /** Simulates a kept run again, recorded, and keeps the trace; `conflict` if it differs. */
    record: oc
      .input(
        v.strictObject({
          runId: Id,
          recordsMax: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
        }),
      )
      .output(TraceEntrySchema),
    delete: oc.input(v.strictObject({ runId: Id })).output(Done),
    /** Runs with a trace, newest trace first; only these unless left out. */
    list: oc.input(v.strictObject({ runIds: v.optional(Ids) })).output(v.array(TracedRunSchema)),
    /** Two recorded runs of a small scenario, stock and flexcore, made when they are not there. */
    example: oc.output(v.object({ runId: v.string(), besideRunId: v.string() })),
    chunkTimes: oc.input(v.strictObject({ runId: Id })).output(ChunkTimesSchema),
    /** Chunks in base64, in the order of their indexes; core/trace/chunk.ts decodes them. */
    chunks: oc
      .input(
        v.strictObject({
          runId: Id,
          indexes: v.pipe(v.array(Whole), v.maxLength(CHUNKS_ASKED_MAX)),
        }),
      )
      .output(v.array(v.string())),
    /** Blocks of a level; those without any record are left out. */
    blocks: oc
      .input(
        v.strictObject({
          runId: Id,
          level: Whole,
          first: Whole,
          last: Whole,
          tracks: v.pipe(v.array(Whole), v.maxLength(100_000)),
        }),
      )
      .output(v.array(TraceBlockSchema)),
    /** The nearest hit after (or before) a time on a track; null when there is none. */
    find: oc
      .input(
        v.strictObject({
          runId: Id,
          search: TraceSearchSchema,
          atNs: v.number(),
          atTrack: v.number(),
          backwards: v.boolean(),
        }),
      )
      .output(v.nullable(TraceHitSchema)),
    /** When each barrier of a VM opened, ns. */
    barriers: oc
      .input(v.strictObject({ runId: Id, vm: Whole }))
      .output(v.object({ openNs: v.array(v.number()) })),
    bookmarks: oc.input(v.strictObject({ runId: Id })).output(v.array(BookmarkSchema)),
    /** Keeps a bookmark, in place of an earlier one of its id. */
    bookmark: oc.input(v.strictObject({ runId: Id, bookmark: BookmarkSchema })).output(Done),
    unbookmark: oc.input(v.strictObject({ runId: Id, id: Id })).output(Done),
    /**
     * Online vCPUs and load over time: of a measured run as sampled, of a simulated one from its
     * trace; `not-found` where there is neither.
     */
    series: oc.input(v.strictObject({ runId: Id })).output(RunSeriesSchema),
    /** Who preempted whom, lock-holder preemptions, barriers, run delays. */
    findings: oc
      .input(
        v.strictObject({
          runId: Id,
          ...TracePartSchema.entries,
          top: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)), 20),
        }),
      )
      .output(TraceFindingsSchema),
  },
  host: {
    /** Hosts by name, with what is known of them; connects to none. */
    list: oc.output(v.array(HostRowSchema)),
    /** Keeps a host; connects to nothing. `conflict` when the name is taken. */
    add: oc.input(NewHostSchema).output(HostRowSchema),
    /** Forgets a host; `conflict` while a scheme of this process is applied to it. */
    remove: oc.input(HostRefSchema).output(Done),
    note: oc
      .input(
        v.strictObject({ ...HostRefSchema.entries, note: v.pipe(v.string(), v.maxLength(20_000)) }),
      )
      .output(Done),
    /** Tries to reach it and says how far that went; an unknown key is shown, never accepted. */
    probe: oc.input(HostRefSchema).output(HostProbeSchema),
    /**
     * Accepts the key that a probe showed; `conflict` when the host has another one now, or had one
     * that was trusted.
     */
    trust: oc
      .input(
        v.strictObject({
          ...HostRefSchema.entries,
          fingerprint: v.pipe(v.string(), v.maxLength(200)),
        }),
      )
      .output(HostRowSchema),
    facts: oc.input(HostRefSchema).output(HostFactsSchema),
    vms: oc.input(HostRefSchema).output(v.array(VmFactsSchema)),
    /** What a scheme would change; changes nothing. */
    plan: oc.input(HostSchemeSchema).output(HostPlanSchema),
    /** Applies a plan that was shown, by its id, and holds it until `restore` or the app's end. */
    apply: oc
      .input(v.strictObject({ ...HostSchemeSchema.entries, planId: v.string() }))
      .output(AppliedSchema),
    /** Puts the host back; harmless when nothing is applied. */
    restore: oc.input(HostRefSchema).output(RestoredSchema),
    journal: oc
      .input(
        v.strictObject({
          ...HostRefSchema.entries,
          limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)), 100),
        }),
      )
      .output(v.array(JournalEntrySchema)),
    /** Samples of host and VMs until the reader stops; all running VMs unless some are named. */
    watch: oc
      .input(
        v.strictObject({
          ...HostRefSchema.entries,
          vms: v.optional(v.pipe(v.array(VmNameSchema), v.maxLength(256)), []),
          periodMs: v.optional(v.pipe(v.number(), v.minValue(100), v.maxValue(60_000)), 500),
        }),
      )
      .output(eventIterator(SampleSchema)),
  },
  explain: {
    /** What each harm costs a simulated run, by runs without it; leaving early cancels it. */
    run: oc
      .input(
        v.strictObject({
          runId: Id,
          seeds: v.optional(
            v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)),
            PREDICTION_SEEDS,
          ),
          orders: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 2),
        }),
      )
      .output(
        eventIterator(
          v.union([
            v.object({ progress: ExplainProgressSchema }),
            v.object({ explanation: ExplanationSchema }),
          ]),
        ),
      ),
  },
  calibration: {
    /** Newest first. */
    list: oc.output(v.array(CalibrationRowSchema)),
    /** A calibration, and what has changed on its host by the last look at it. */
    get: oc.input(v.strictObject({ name: CalibrationNameSchema })).output(CalibrationDetailSchema),
    remove: oc.input(v.strictObject({ name: CalibrationNameSchema })).output(Done),
    /** Measures a host, which takes a minute or two; ends with the calibration, which is kept. */
    run: oc
      .input(
        v.strictObject({
          host: HostNameSchema,
          name: v.optional(CalibrationNameSchema),
          vm: v.optional(VmNameSchema),
        }),
      )
      .output(
        eventIterator(
          v.union([
            v.object({ progress: CalibrationProgressSchema }),
            v.object({ calibration: CalibrationSchema }),
          ]),
        ),
      ),
    /** Cells of a measured campaign, beside the same simulated with a calibration. */
    predict: oc
      .input(
        v.strictObject({
          campaignId: Id,
          /** That of the campaign's host unless given. */
          calibration: v.optional(CalibrationNameSchema),
          seeds: v.optional(
            v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)),
            PREDICTION_SEEDS,
          ),
        }),
      )
      .output(PredictionSchema),
    /** A measured run under another scheme: counterfactual, with the calibration's error. */
    replay: oc
      .input(
        v.strictObject({
          runId: Id,
          scheme: SchemeRefSchema,
          /** That of the run's host unless given. */
          calibration: v.optional(CalibrationNameSchema),
          seeds: v.optional(
            v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)),
            PREDICTION_SEEDS,
          ),
        }),
      )
      .output(ReplaySchema),
  },
  figure: {
    /** A chart as its figure pack, which holds it as SVG and CSV as well. */
    pack: oc
      .input(
        v.strictObject({
          spec: FigureSpecSchema,
          query: FigureQuerySchema,
          widthPx: FigureWidthSchema,
        }),
      )
      .output(FigurePackSchema),
  },
  report: {
    /** The PDF as it would be exported, for looking at it; keeps nothing. */
    preview: oc.input(ReportRequestSchema).output(ReportFileSchema),
    /** Renders the campaign's PDF and keeps in the history that it was exported. */
    pdf: oc.input(ReportRequestSchema).output(ReportFileSchema),
    /** What was exported, newest first. */
    history: oc.output(v.array(ReportExportSchema)),
    /** Forgets that something was exported; the file itself is the user's. */
    forget: oc.input(v.strictObject({ id: Id })).output(Done),
  },
} as const

/** The contract's type. */
export type Contract = typeof contract
