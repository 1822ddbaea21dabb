/** A recorded run: what its trace holds, and what a screen or a program is given of it. */
import * as v from 'valibot'

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
  /** Longest first. `times`: how often the victim lost its pCPU to `by`. */
  pairs: v.array(v.object({ victim: v.string(), by: v.string(), ns, times: count })),
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

/** Buckets of a level with the time in each state; the i-th entry is one bucket and state. */
export const TraceLevelSchema = v.object({
  /** A bucket is 2^level ns. */
  level: index,
  track: v.array(index),
  bucket: v.array(index),
  state: v.array(index),
  ns: v.array(ns),
})
/** Buckets of a level. */
export type TraceLevel = v.InferOutput<typeof TraceLevelSchema>

/** Intervals and events in a part of a trace, as columns. */
export const TraceRecordsSchema = v.object({
  intervals: v.object({
    track: v.array(index),
    startNs: v.array(ns),
    ns: v.array(ns),
    state: v.array(index),
    arg: v.array(index),
  }),
  points: v.object({
    timeNs: v.array(ns),
    kind: v.array(index),
    subject: v.array(index),
    object: v.array(index),
    detail: v.array(index),
  }),
})
/** Intervals and events in a part of a trace. */
export type TraceRecords = v.InferOutput<typeof TraceRecordsSchema>
