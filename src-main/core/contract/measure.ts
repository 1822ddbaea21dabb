/** What a campaign compares: the runs' times, or a figure of their request latencies. */
import * as v from 'valibot'

/**
 * Measures and their names in text. `time`: the mean over the VMs; `makespan`: until the last of
 * them is done. A latency's is its key among the metrics of a VM.
 */
export const MEASURES = {
  time: 'run time',
  makespan: 'makespan',
  'latency.meanNs': 'mean latency',
  'latency.p50Ns': 'median latency',
  'latency.p95Ns': 'p95 latency',
  'latency.p99Ns': 'p99 latency',
  'latency.p999Ns': 'p99.9 latency',
  'latency.maxNs': 'maximum latency',
} as const

/** A measure. */
export type Measure = keyof typeof MEASURES

/** Is it a latency of requests, which only some workloads have? */
export const isLatency = (measure: Measure): boolean => measure.startsWith('latency.')

/** A measure by its key. */
export const MeasureSchema = v.picklist(
  Object.keys(MEASURES) as Measure[],
  `measure must be ${Object.keys(MEASURES).join(', ')}`,
)
