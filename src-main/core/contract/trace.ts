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
