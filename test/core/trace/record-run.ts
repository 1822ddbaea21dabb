// Records a scenario in this thread and reads the trace back, as lab and store do, uncompressed.
import type { SimulatedResult } from '../../../src-main/core/contract/result.ts'
import type { Scenario } from '../../../src-main/core/contract/scenario.ts'
import type { TraceHeader } from '../../../src-main/core/contract/trace.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import { decodeChunk } from '../../../src-main/core/trace/chunk.ts'
import { layoutTrace } from '../../../src-main/core/trace/layout.ts'
import type { LevelBlock } from '../../../src-main/core/trace/pyramid.ts'
import { assembleTrace } from '../../../src-main/core/trace/trace.ts'
import type { Trace } from '../../../src-main/core/trace/trace.ts'
import type { EncodedChunk } from '../../../src-main/core/trace/trace-writer.ts'

/** A recorded run. */
export type Recorded = {
  readonly result: SimulatedResult
  readonly header: TraceHeader
  readonly chunks: readonly EncodedChunk[]
  readonly blocks: readonly LevelBlock[]
  readonly trace: Trace
}

/** Runs and records a scenario. */
export function recordRun(scenario: Scenario, recordsMax = 1e9): Recorded {
  const chunks: EncodedChunk[] = []
  const blocks: LevelBlock[] = []
  const headers: TraceHeader[] = []
  const result = simulate(scenario, {
    trace: {
      recordsMax,
      chunk: (chunk) => chunks.push(chunk),
      block: (block) => blocks.push(block),
      done: (header) => headers.push(header),
    },
  })
  const header = headers[0]!
  const layout = layoutTrace(header)
  const decoded = chunks.map(({ bytes }) => {
    const chunk = decodeChunk(bytes, layout)
    if (!chunk.ok) throw new Error(chunk.error)
    return chunk.value
  })
  return { result, header, chunks, blocks, trace: assembleTrace(header, decoded) }
}
