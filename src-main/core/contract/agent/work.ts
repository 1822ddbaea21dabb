/** Work in guests: what `run` is asked for, what it streams, and what it gives back. */
import * as v from 'valibot'
import { AmountSchema, CountSchema, NotObservableSchema, VmNameSchema } from './names.ts'
import { ProgramSchema } from './program.ts'

/** What one VM does in a run. */
export const VmWorkSchema = v.strictObject({
  vm: VmNameSchema,
  program: ProgramSchema,
  iterations: v.pipe(CountSchema, v.minValue(1), v.maxValue(100_000)),
  /** As in a scenario: loops as a co-runner until all have their iterations; `load`: only that. */
  repeat: v.picklist(['until-others', 'stop', 'load']),
  /** How long after the barrier it starts, ms. */
  startMs: v.optional(AmountSchema, 0),
})
/** What one VM does in a run. */
export type VmWork = v.InferOutput<typeof VmWorkSchema>

/** Work for several VMs, started behind one barrier. */
export const RunRequestSchema = v.strictObject({
  vms: v.pipe(v.array(VmWorkSchema), v.minLength(1), v.maxLength(256)),
  /** Iterations of each VM before the ones that count. */
  warmUp: v.optional(v.pipe(CountSchema, v.maxValue(1000)), 1),
  samplePeriodMs: v.optional(v.pipe(AmountSchema, v.minValue(10)), 100),
  timeoutMs: v.optional(v.pipe(AmountSchema, v.minValue(100)), 600_000),
})
/** Work for several VMs. */
export type RunRequest = v.InferOutput<typeof RunRequestSchema>

/** State of one VM at one moment. Counters are totals since the VM's start. */
export const VmSampleSchema = v.object({
  vm: VmNameSchema,
  /** By vCPU index; /proc/PID/task/TID/schedstat. */
  runNs: v.array(AmountSchema),
  runDelayNs: v.array(AmountSchema),
  voluntary: v.array(CountSchema),
  involuntary: v.array(CountSchema),
  /** pCPU each vCPU thread was last on. */
  pcpu: v.array(v.nullable(CountSchema)),
  /** vCPUs that the scheme in force gives it; null when no scheme of ours is. */
  online: v.nullable(CountSchema),
})
/** State of one VM at one moment. */
export type VmSample = v.InferOutput<typeof VmSampleSchema>

/** State of host and VMs at one moment. */
export const SampleSchema = v.object({
  /** Since the stream began, in a report since the barrier, by the host's monotonic clock. */
  atNs: AmountSchema,
  vms: v.array(VmSampleSchema),
  /** Busy time of each pCPU since boot, ns; /proc/stat, as coarse as its ticks. */
  pcpuBusyNs: v.array(AmountSchema),
})
/** State of host and VMs at one moment. */
export type Sample = v.InferOutput<typeof SampleSchema>

/** One iteration of one VM, in order. */
export const IterationSchema = v.object({
  /** Start after the barrier, ns, and how long it took by the asked output format. */
  startNs: AmountSchema,
  timeNs: AmountSchema,
  /** False when it was only co-runner load, after the VM's own were done. */
  counted: v.boolean(),
})

/** What one VM did. */
export const VmWorkResultSchema = v.object({
  vm: VmNameSchema,
  threads: CountSchema,
  iterations: v.array(IterationSchema),
  /** Over the counted time: cpuNs, runDelayNs, voluntary, involuntary, guest IPIs, exits, … */
  counters: v.record(v.string(), AmountSchema),
  notObservable: NotObservableSchema,
  /** The end of the program's output, for people; control characters replaced. */
  tail: v.pipe(v.string(), v.maxLength(8192)),
})
/** What one VM did. */
export type VmWorkResult = v.InferOutput<typeof VmWorkResultSchema>

/** What a run gave. */
export const RunReportSchema = v.object({
  /** From the barrier until the last VM had its iterations. */
  makespanNs: AmountSchema,
  /** Between the first and the last VM past the barrier. */
  startSkewNs: AmountSchema,
  vms: v.array(VmWorkResultSchema),
  counters: v.record(v.string(), AmountSchema),
  notObservable: NotObservableSchema,
  samples: v.array(SampleSchema),
  /** CPU time that the agent and its children used during the run, ns. */
  agentCpuNs: AmountSchema,
  /** CPU time of the host that went neither to the VMs of the run nor to the agent, ns. */
  foreignCpuNs: v.nullable(AmountSchema),
})
/** What a run gave. */
export type RunReport = v.InferOutput<typeof RunReportSchema>

/** How far a run is. */
export const RunProgressSchema = v.object({
  phase: v.picklist(['preparing', 'warm-up', 'running', 'ending']),
  /** Counted iterations done and asked, over all VMs. */
  done: CountSchema,
  asked: CountSchema,
})
