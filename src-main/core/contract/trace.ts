/** A recorded run: what its trace holds, and what a screen or a program is given of it. */
import * as v from 'valibot'
import { RunKindSchema } from './result.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const timeNs = v.pipe(v.number(), v.integer(), v.minValue(0))

/** A VM of a trace; its vCPUs, threads and locks follow those of the VM before it. */
export const TraceVmSchema = v.object({
  name: v.string(),
  app: v.string(),
  vcpus: count,
  threads: count,
  mutexes: count,
  spinLocks: count,
})
/** A VM of a trace. */
export type TraceVm = v.InferOutput<typeof TraceVmSchema>

/**
 * What a trace is of and what is in it. Tracks are numbered: pCPUs, then vCPUs, then threads.
 * `truncatedAtNs`: the limit was reached there and nothing was recorded from then on.
 */
export const TraceHeaderSchema = v.object({
  version: v.literal(1, 'this version of the app does not know this trace format'),
  pcpus: v.pipe(count, v.maxValue(4096)),
  vms: v.pipe(v.array(TraceVmSchema), v.maxLength(256)),
  endNs: timeNs,
  intervals: count,
  points: count,
  truncatedAtNs: v.nullable(timeNs),
  /** Exponents k of the levels: a level has buckets of 2^k ns. */
  levels: v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(52))),
  /** The hash of the run that was recorded: that of the run itself. */
  traceHash: v.string(),
})
/** What a trace is of and what is in it. */
export type TraceHeader = v.InferOutput<typeof TraceHeaderSchema>

/** A part of a trace's time, ns; what is left out reaches to its end. */
export const TracePartSchema = v.object({
  fromNs: v.optional(timeNs),
  toNs: v.optional(timeNs),
})
/** A part of a trace's time, ns. */
export type TracePart = v.InferOutput<typeof TracePartSchema>

/** A kept trace without its parts. `bytes`: of the compressed parts. */
export const TraceEntrySchema = v.object({
  header: TraceHeaderSchema,
  bytes: count,
  createdAt: v.string(),
})
/** A kept trace without its parts. */
export type TraceEntry = v.InferOutput<typeof TraceEntrySchema>

const ns = v.number()
const index = v.number()
const NsByName = v.record(v.string(), ns)

/** How something is distributed: count, sum, mean and quantiles (nearest rank), ns. */
export const SpreadSchema = v.object({
  count,
  totalNs: ns,
  meanNs: ns,
  p50Ns: ns,
  p90Ns: ns,
  p99Ns: ns,
  maxNs: ns,
})
/** How something is distributed, ns. */
export type Spread = v.InferOutput<typeof SpreadSchema>

/**
 * Who kept whom from running. `vms[i][j]`: ns that vCPUs of VM i were runnable while VM j ran on
 * their pCPU; the last column: while the pCPU was idle.
 */
export const PreemptionsSchema = v.object({
  totalNs: ns,
  vmNs: v.array(v.array(ns)),
  /**
   * Longest first. `times`: how often the victim lost its pCPU to `by`; `longest`: the wait in
   * which `by` ran longest at a stretch.
   */
  pairs: v.array(
    v.object({
      victim: v.string(),
      by: v.string(),
      ns,
      times: count,
      longest: v.object({ startNs: ns, ns }),
    }),
  ),
})
/** Who kept whom from running. */
export type Preemptions = v.InferOutput<typeof PreemptionsSchema>

/** Lock holders whose vCPU was preempted while others waited for the lock; longest first. */
export const LockHolderPreemptionsSchema = v.object({
  count,
  totalNs: ns,
  longest: v.array(
    v.object({
      lock: v.string(),
      holder: v.string(),
      vcpu: v.string(),
      startNs: ns,
      ns,
      /** Who ran in the holder's place, most of the time. */
      by: v.string(),
      waiters: count,
    }),
  ),
})
/** Lock holders whose vCPU was preempted while others waited. */
export type LockHolderPreemptions = v.InferOutput<typeof LockHolderPreemptionsSchema>

/** Barriers that opened: first to last arrival, and what the last arriver did meanwhile. */
export const BarrierSpansSchema = v.object({
  spread: SpreadSchema,
  /** Over all barriers: what the last arrivers did while others waited, ns by class. */
  lastArriverNs: NsByName,
  longest: v.array(
    v.object({
      vm: v.string(),
      barrier: index,
      openNs: ns,
      ns,
      last: v.string(),
      lastDidNs: NsByName,
    }),
  ),
})
/** Barriers that opened. */
export type BarrierSpans = v.InferOutput<typeof BarrierSpansSchema>

/** How long each vCPU waited, runnable or held, until it ran. */
export const RunDelaysSchema = v.array(
  v.object({
    vcpu: v.string(),
    spread: SpreadSchema,
    /** Waits of less than 2^i µs that are in no earlier class. */
    histogram: v.array(count),
  }),
)
/** How long each vCPU waited until it ran. */
export type RunDelays = v.InferOutput<typeof RunDelaysSchema>

/** Answers to the questions that are asked most. */
export const TraceFindingsSchema = v.object({
  fromNs: ns,
  toNs: ns,
  truncatedAtNs: v.nullable(ns),
  preemptions: PreemptionsSchema,
  lockHolders: LockHolderPreemptionsSchema,
  barriers: BarrierSpansSchema,
  runDelays: RunDelaysSchema,
})
/** Answers to the questions that are asked most. */
export type TraceFindings = v.InferOutput<typeof TraceFindingsSchema>

/** A run that has a trace. */
export const TracedRunSchema = v.object({
  runId: v.string(),
  kind: RunKindSchema,
  name: v.string(),
  app: v.string(),
  scheme: v.string(),
  mix: v.string(),
  seed: v.number(),
  endNs: timeNs,
  records: count,
  createdAt: v.string(),
})
/** A run that has a trace. */
export type TracedRun = v.InferOutput<typeof TracedRunSchema>

/**
 * The time that each chunk's records cover, ns. A chunk ends later than the one before it, but may
 * begin long before, because an interval is kept when it ends.
 */
export const ChunkTimesSchema = v.object({ startNs: v.array(ns), endNs: v.array(ns) })
/** The time that each chunk's records cover, ns. */
export type ChunkTimes = v.InferOutput<typeof ChunkTimesSchema>

/** A block of the pyramid, bytes in base64; core/trace/pyramid.ts decodes it. */
export const TraceBlockSchema = v.object({ block: index, track: index, base64: v.string() })
/** A block of the pyramid, bytes in base64. */
export type TraceBlock = v.InferOutput<typeof TraceBlockSchema>

/** Most chunks, and most blocks of how many tracks, that one call gives. */
export const CHUNKS_ASKED_MAX = 64

/** What is looked for: events of these kinds, and tracks in these states. */
export const TraceSearchSchema = v.object({
  /** Only on these tracks; on any when empty. An event of a VM lies on its first vCPU's track. */
  tracks: v.array(index),
  /** Numbers of base/point-kind.ts. */
  kinds: v.array(index),
  /** Numbers of core/trace/layout.ts. */
  vcpuStates: v.array(index),
  threadStates: v.array(index),
})
/** What is looked for. */
export type TraceSearch = v.InferOutput<typeof TraceSearchSchema>

/** Where something was found; `kind` of an event, `state` of an interval. */
export const TraceHitSchema = v.object({
  track: index,
  startNs: ns,
  ns,
  kind: v.nullable(index),
  state: v.nullable(index),
})
/** Where something was found. */
export type TraceHit = v.InferOutput<typeof TraceHitSchema>

/** A place in a run's trace that the user named; its id is the user's program's own. */
export const BookmarkSchema = v.strictObject({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  fromNs: timeNs,
  toNs: timeNs,
  track: v.nullable(count),
})
/** A place in a run's trace that the user named. */
export type Bookmark = v.InferOutput<typeof BookmarkSchema>
