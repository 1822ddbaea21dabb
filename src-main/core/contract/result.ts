/** What a run gives back: the same shape from the simulator and, later, from a measured host. */
import * as v from 'valibot'
import { TIME_CLASS_KEYS } from '../base/time-class.ts'
import type { TimeByClassNs } from '../base/time-class.ts'

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
  /** Σ = threads × makespan, exactly. */
  attributionNs: TimeByClassSchema,
  /** pCPU time that the VM's vCPUs used, ns. */
  cpuNs: nonNegative,
  /** From each request's scheduled arrival to its response; absent where there were none. */
  latency: v.optional(LatencySchema),
  counters: v.record(v.string(), nonNegative),
})

/** Result of one run. */
export const RunResultSchema = v.object({
  kind: RunKindSchema,
  makespanNs: nonNegative,
  /** Time of the run: mean over VMs that stay of the mean of the asked iterations, ns. */
  timeNs: nonNegative,
  vms: v.array(VmResultSchema),
  /** Host-wide counters: context switches, exits, IPIs, migrations, resizes, idle pCPU time, … */
  counters: v.record(v.string(), nonNegative),
  events: nonNegative,
  wallMs: nonNegative,
  /** 16 hex digits over all events; same scenario and seed, same hash, everywhere. */
  traceHash: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
})

/** Latencies of a VM's requests. */
export type Latency = v.InferOutput<typeof LatencySchema>
/** Result of one VM. */
export type VmResult = v.InferOutput<typeof VmResultSchema>
/** Result of one run. */
export type RunResult = v.InferOutput<typeof RunResultSchema>
