/** A trace as it is kept: header and parts, each part compressed (zstd) by whoever packed it. */
import type { TraceHeader } from '../contract/trace.ts'
import type { LevelBlock } from './pyramid.ts'
import type { EncodedChunk } from './trace-writer.ts'

/** A whole trace, `bytes` of its parts compressed. */
export type PackedTrace = {
  readonly header: TraceHeader
  readonly chunks: readonly EncodedChunk[]
  readonly blocks: readonly LevelBlock[]
}
