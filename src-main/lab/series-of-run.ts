/** series-of-run: how a run went, from what is kept of it. */
import { LabError } from '../core/base/lab-error.ts'
import type { RunSeries } from '../core/contract/result.ts'
import type { TraceHeader } from '../core/contract/trace.ts'
import { layoutTrace, vcpuTrack } from '../core/trace/layout.ts'
import { loadSeries } from '../core/trace/load-series.ts'
import { BLOCK_BUCKETS } from '../core/trace/pyramid.ts'
import type { Store } from '../store/index.ts'
import { unpackBlock } from './unpack-trace.ts'

/** Most intervals of a simulated run's series, where a level of its trace is as coarse as that. */
const BUCKETS_MAX = 250

/**
 * Online vCPUs and load over time: of a measured run as sampled, of a simulated one from its trace.
 * @throws LabError `not-found` where there is neither
 */
export async function seriesOfRun(store: Store, runId: string): Promise<RunSeries> {
  const { row, result } = await store.getRun(runId)
  if (row.kind !== 'measured') return fromTrace(store, runId)
  if (result.series !== undefined) return result.series
  throw new LabError(
    'not-found',
    `run ${runId} has no samples: it was over before there were two`,
    'measure with a smaller samplePeriodMs, or with more iterations',
  )
}

async function fromTrace(store: Store, runId: string): Promise<RunSeries> {
  const { header } = await store.getTrace(runId)
  const layout = layoutTrace(header)
  const bucketsAt = (level: number): number => Math.ceil(lastNs(header) / 2 ** level)
  const level = header.levels.find((k) => bucketsAt(k) <= BUCKETS_MAX) ?? header.levels.at(-1)!
  const last = Math.floor(Math.max(0, bucketsAt(level) - 1) / BLOCK_BUCKETS)
  const tracks = Array.from({ length: layout.vcpus }, (_, vcpu) => vcpuTrack(layout, vcpu))
  const packed = await store.traceBlocks(runId, level, { first: 0, last }, tracks)
  const blocks = packed.map((block) => ({ track: block.track, ...unpackBlock(block, layout) }))
  return loadSeries(header, { level, blocks })
}

const lastNs = ({ endNs, truncatedAtNs }: TraceHeader): number => truncatedAtNs ?? endNs
