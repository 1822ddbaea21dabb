/** Latencies in the metrics table: one row a figure, keyed `latency.p99Ns` and the like. */
import type { Latency } from '../core/contract/result.ts'

const PREFIX = 'latency.'

/** A VM's latencies as metrics; none where it answered no requests. */
export const latencyMetrics = (latency: Latency | undefined): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(latency ?? {}).map(([key, value]) => [PREFIX + key, value]))

/** A VM's metrics as counters, and as its latencies where there are some. */
export function splitMetrics(metrics: readonly (readonly [string, number])[]): {
  readonly counters: Record<string, number>
  readonly latency?: Latency
} {
  const isLatency = ([key]: readonly [string, number]): boolean => key.startsWith(PREFIX)
  const counters = Object.fromEntries(metrics.filter((metric) => !isLatency(metric)))
  const latency = metrics.filter(isLatency).map(([key, value]) => [key.slice(PREFIX.length), value])
  if (latency.length === 0) return { counters }
  return { counters, latency: Object.fromEntries(latency) as Latency }
}
