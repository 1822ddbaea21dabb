/** What a run gives back: the same shape from the simulator and from a measured host. */
import * as v from 'valibot'
import { TIME_CLASS_KEYS } from '../base/time-class.ts'
import type { TimeByClassNs } from '../base/time-class.ts'
import { NotObservableSchema } from './agent/names.ts'

/** How a number came to be; shown on every page, figure and file. */
export const RunKindSchema = v.picklist(['simulated', 'measured', 'counterfactual'])
/** How a number came to be. */
export type RunKind = v.InferOutput<typeof RunKindSchema>

const nonNegative = v.pipe(v.number(), v.finite(), v.minValue(0))

/** Nanoseconds by time class. */
export const TimeByClassSchema = v.pipe(
  v.record(v.string(), nonNegative),
  v.check((r) => TIME_CLASS_KEYS.every((k) => k in r), 'every time class must be present'),
  v.transform((r) => r as TimeByClassNs),
)

/** Latencies of a VM's requests, ns; percentiles to 0.4 % (`core/model/latency-histogram.ts`). */
export const LatencySchema = v.object({
  count: nonNegative,
  meanNs: nonNegative,
  p50Ns: nonNegative,
  p95Ns: nonNegative,
  p99Ns: nonNegative,
  p999Ns: nonNegative,
  maxNs: nonNegative,
})

/** Result of one VM. */
export const VmResultSchema = v.object({
  name: v.string(),
  app: v.string(),
  vcpus: v.number(),
  threads: v.number(),
  /** Duration of each completed iteration, ns, in order. */
  iterationNs: v.array(nonNegative),
  /** How many iterations the scenario asked for; later ones are co-runner load. */
  iterationsAsked: v.number(),
  /** Σ = threads × makespan, exactly; null of a measured run, where nobody can see all classes. */
  attributionNs: v.nullable(TimeByClassSchema),
  /** pCPU time that the VM's vCPUs used, ns. */
  cpuNs: nonNegative,
  /** From each request's scheduled arrival to its response; absent where there were none. */
  latency: v.optional(LatencySchema),
  counters: v.record(v.string(), nonNegative),
  /** Of a measured run: why counters that one might look for are not there. */
  notObservable: v.optional(NotObservableSchema),
})

/** One VM over the intervals of a series; each list is as long as the series. */
const VmSeriesSchema = v.object({
  name: v.string(),
  /** vCPUs that the scheme gave it at the interval's end; null where no scheme of ours held it. */
  online: v.array(v.nullable(nonNegative)),
  /** pCPUs that it used, mean of the interval. */
  used: v.array(nonNegative),
  /** vCPUs that were runnable and waited for a pCPU, mean of the interval. */
  waiting: v.array(nonNegative),
})

/** How a measured run went, in at most SERIES_MAX intervals. */
export const RunSeriesSchema = v.object({
  /** End of each interval, ns since the run began. */
  endNs: v.array(nonNegative),
  vms: v.array(VmSeriesSchema),
})
/** How a measured run went. */
export type RunSeries = v.InferOutput<typeof RunSeriesSchema>
/** The most intervals that are kept of a run. */
export const SERIES_MAX = 500

/** Result of one run. */
export const RunResultSchema = v.object({
  kind: RunKindSchema,
  makespanNs: nonNegative,
  /** Time of the run: mean over VMs that stay of the mean of the asked iterations, ns. */
  timeNs: nonNegative,
  vms: v.array(VmResultSchema),
  /** Host-wide counters: context switches, exits, IPIs, migrations, resizes, idle pCPU time, … */
  counters: v.record(v.string(), nonNegative),
  /** Of a measured run, as for a VM. */
  notObservable: v.optional(NotObservableSchema),
  /** Of a measured run: vCPU counts and load over time. */
  series: v.optional(RunSeriesSchema),
  /** Events simulated; 0 of a measured run. */
  events: nonNegative,
  /** Of a measured run: with applying the scheme and putting the host back. */
  wallMs: nonNegative,
  /**
   * 16 hex digits over all events; same scenario and seed, same hash, everywhere. Empty of a
   * measured run, which is never the same twice.
   */
  traceHash: v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{16})?$/)),
})

/** Latencies of a VM's requests. */
export type Latency = v.InferOutput<typeof LatencySchema>
/** Result of one VM. */
export type VmResult = v.InferOutput<typeof VmResultSchema>
/** Result of one run. */
export type RunResult = v.InferOutput<typeof RunResultSchema>

/** Result of a VM in the simulator, where every nanosecond is charged. */
export type SimulatedVm = VmResult & { readonly attributionNs: TimeByClassNs }
/** What the simulator gives back. */
export type SimulatedResult = Omit<RunResult, 'vms'> & { vms: SimulatedVm[] }
