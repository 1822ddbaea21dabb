/** Opens the compressed parts of a trace: what is damaged is refused, whatever its bytes claim. */
import { zstdDecompressSync } from 'node:zlib'
import { LabError } from '../core/base/lab-error.ts'
import type { Result } from '../core/base/result.ts'
import { CHUNK_BYTES_MAX, decodeChunk, decodePoints } from '../core/trace/chunk.ts'
import type { Points, TraceChunk } from '../core/trace/chunk.ts'
import type { TraceLayout } from '../core/trace/layout.ts'
import { BLOCK_BYTES_MAX, decodeBlock } from '../core/trace/pyramid.ts'
import type { LevelBlock, LevelEntries } from '../core/trace/pyramid.ts'

/** A chunk's records. @throws LabError `store` */
export function unpackChunk(bytes: Uint8Array, layout: TraceLayout): TraceChunk {
  return valueOf(decodeChunk(decompress(bytes, CHUNK_BYTES_MAX), layout))
}

/** A chunk's points alone. @throws LabError `store` */
export function unpackPoints(bytes: Uint8Array, layout: TraceLayout): Points {
  return valueOf(decodePoints(decompress(bytes, CHUNK_BYTES_MAX), layout))
}

/** The entries of a level's block. @throws LabError `store` */
export function unpackBlock(block: LevelBlock, layout: TraceLayout): LevelEntries {
  const bytes = decompress(block.bytes, BLOCK_BYTES_MAX)
  return valueOf(decodeBlock({ ...block, bytes }, layout))
}

/** Bytes of a part, for who decodes them. @throws LabError `store` */
export function unpackBytes(bytes: Uint8Array, part: 'chunk' | 'block'): Uint8Array<ArrayBuffer> {
  return decompress(bytes, part === 'chunk' ? CHUNK_BYTES_MAX : BLOCK_BYTES_MAX)
}

function decompress(bytes: Uint8Array, maxOutputLength: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(zstdDecompressSync(bytes, { maxOutputLength }))
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error))
  }
}

function valueOf<T>(decoded: Result<T, string>): T {
  if (decoded.ok) return decoded.value
  throw damaged(decoded.error)
}

function damaged(why: string): LabError {
  const hint = 'record the run again: flexlab trace record'
  return new LabError('store', `the trace is damaged: ${why}`, hint)
}
