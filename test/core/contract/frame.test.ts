// Frames between lab and agent: the same values whatever the chunks, an answer whatever the bytes.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  encodeFrame,
  FRAME_BYTES_MAX,
  FRAME_DEPTH_MAX,
  FrameReader,
} from '../../../src-main/core/contract/agent/frame.ts'

function readAll(bytes: Uint8Array, cuts: readonly number[]): unknown[] {
  const reader = new FrameReader()
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return at.slice(1).flatMap((end, i) => {
    const read = reader.push(bytes.subarray(at[i], end))
    if (!read.ok) throw new Error(read.error)
    return read.value
  })
}

describe('frames', () => {
  it('come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 5 })), fc.array(fc.nat()), (values, cuts) => {
        const bytes = Buffer.concat(values.map((value) => encodeFrame(value)))
        expect(readAll(bytes, cuts)).toEqual(JSON.parse(JSON.stringify(values)))
      }),
    )
  })

  it('that are mutated never throw: they are values or a reason', () => {
    const frame = encodeFrame({ id: 1, method: 'facts', params: { text: 'µs "quoted" [' } })
    fc.assert(
      fc.property(fc.nat(frame.length - 1), fc.nat(255), (at, byte) => {
        const bytes = frame.slice()
        bytes[at] = byte
        const read = new FrameReader().push(bytes)
        expect(read.ok ? Array.isArray(read.value) : typeof read.error === 'string').toBe(true)
      }),
    )
  })

  it('that are too large are refused by their header alone, before anything is held', () => {
    const header = new Uint8Array(4)
    new DataView(header.buffer).setUint32(0, FRAME_BYTES_MAX + 1)
    expect(new FrameReader().push(header)).toMatchObject({ ok: false })
    expect(() => encodeFrame('x'.repeat(FRAME_BYTES_MAX))).toThrow(RangeError)
  })

  it('that nest too deep, are not UTF-8 or not JSON are refused', () => {
    const deep = '['.repeat(FRAME_DEPTH_MAX + 1) + ']'.repeat(FRAME_DEPTH_MAX + 1)
    for (const body of [Buffer.from(deep), Buffer.from([0xff, 0xfe]), Buffer.from('{"a":')]) {
      const header = Buffer.alloc(4)
      header.writeUInt32BE(body.length)
      expect(new FrameReader().push(Buffer.concat([header, body]))).toMatchObject({ ok: false })
    }
    expect(readAll(encodeFrame('['.repeat(100)), [])).toEqual(['['.repeat(100)])
  })
})
