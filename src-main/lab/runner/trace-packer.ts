/** Trace packer: takes a trace's parts as they are recorded, and compresses them in the worker. */
import { zstdCompressSync } from 'node:zlib'
import { assert } from '../../core/base/assert.ts'
import type { TraceHeader } from '../../core/contract/trace.ts'
import type { TraceOptions } from '../../core/simulate/recording.ts'
import type { PackedTrace } from '../../core/trace/packed-trace.ts'
import type { LevelBlock } from '../../core/trace/pyramid.ts'
import type { EncodedChunk } from '../../core/trace/trace-writer.ts'

/** Packs one trace. */
export class TracePacker {
  readonly #chunks: EncodedChunk[] = []
  readonly #blocks: LevelBlock[] = []
  #header: TraceHeader | null = null

  /** What `simulate` is given. */
  options(recordsMax: number): TraceOptions & { readonly done: (header: TraceHeader) => void } {
    return {
      recordsMax,
      chunk: (chunk) => this.#chunks.push({ ...chunk, bytes: compress(chunk.bytes) }),
      block: (block) => this.#blocks.push({ ...block, bytes: compress(block.bytes) }),
      done: (header) => {
        this.#header = header
      },
    }
  }

  /** The trace of a run that has ended. */
  packed(): PackedTrace {
    assert(this.#header !== null, 'a trace is packed when its run has ended')
    return { header: this.#header, chunks: this.#chunks, blocks: this.#blocks }
  }
}

/** Compressed bytes in a buffer of their own, so that posting them copies nothing else. */
const compress = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(zstdCompressSync(bytes))
