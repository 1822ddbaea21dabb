/**
 * Frames between the lab and its agent, over a byte stream such as the stdio of ssh: 4 bytes of
 * length, big-endian, then so many bytes of UTF-8 JSON. The agent's side of the stream opens with
 * a magic line, since a login shell may print a banner before it.
 */
import { err, ok, type Result } from '../../base/result.ts'
import { decodeUtf8, encodeUtf8 } from '../../base/utf8.ts'

/** Opens the agent's output; what comes before it is the host's own noise. */
export const AGENT_MAGIC = 'FLEXLAB-AGENT/1\n'
/** Noise before the magic line beyond which a host is given up, bytes. */
export const BANNER_BYTES_MAX = 65_536
/** The largest frame, bytes; an agent that would send more says so in an error. */
export const FRAME_BYTES_MAX = 4 * 1024 * 1024
/** The deepest nesting of a frame's JSON. */
export const FRAME_DEPTH_MAX = 32

const HEADER_BYTES = 4

/** Bytes of one frame. @throws RangeError when the value is larger than a frame may be */
export function encodeFrame(value: unknown): Uint8Array {
  const body = encodeUtf8(JSON.stringify(value))
  if (body.length > FRAME_BYTES_MAX) {
    throw new RangeError(`a frame of ${body.length} bytes is over ${FRAME_BYTES_MAX}`)
  }
  const bytes = new Uint8Array(HEADER_BYTES + body.length)
  new DataView(bytes.buffer).setUint32(0, body.length)
  bytes.set(body, HEADER_BYTES)
  return bytes
}

/** Puts frames together from chunks as they arrive. After an error the stream is of no more use. */
export class FrameReader {
  #chunks: Uint8Array[] = []
  #held = 0
  #wanted: number | null = null

  /** Values of the frames that this chunk completes, in order, or what is wrong with the stream. */
  push(chunk: Uint8Array): Result<unknown[], string> {
    this.#chunks.push(chunk)
    this.#held += chunk.length
    const values: unknown[] = []
    for (;;) {
      if (this.#wanted === null) {
        if (this.#held < HEADER_BYTES) return ok(values)
        const header = this.#take(HEADER_BYTES)
        this.#wanted = new DataView(header.buffer, header.byteOffset).getUint32(0)
        if (this.#wanted > FRAME_BYTES_MAX) {
          return err(`a frame of ${this.#wanted} bytes is over ${FRAME_BYTES_MAX}`)
        }
      }
      if (this.#held < this.#wanted) return ok(values)
      const value = parseBody(this.#take(this.#wanted))
      this.#wanted = null
      if (!value.ok) return value
      values.push(value.value)
    }
  }

  #take(length: number): Uint8Array {
    const all = this.#chunks.length === 1 ? this.#chunks[0]! : concat(this.#chunks, this.#held)
    this.#held -= length
    this.#chunks = this.#held > 0 ? [all.subarray(length)] : []
    return all.subarray(0, length)
  }
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}

function parseBody(body: Uint8Array): Result<unknown, string> {
  const text = decodeUtf8(body)
  if (text === undefined) return err('a frame is not UTF-8')
  if (depthOf(text) > FRAME_DEPTH_MAX) return err(`a frame nests deeper than ${FRAME_DEPTH_MAX}`)
  try {
    return ok(JSON.parse(text))
  } catch {
    return err('a frame is not JSON')
  }
}

/** Deepest nesting of brackets outside strings; so that no parser has to recurse to find out. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (quoted) {
      if (c === 0x5c) i++
      else if (c === 0x22) quoted = false
    } else if (c === 0x22) quoted = true
    else if (c === 0x5b || c === 0x7b) deepest = Math.max(deepest, ++depth)
    else if (c === 0x5d || c === 0x7d) depth--
  }
  return deepest
}
