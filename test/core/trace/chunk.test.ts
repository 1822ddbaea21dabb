// The chunk codec: what goes in comes out, and bytes that nobody wrote are refused, never obeyed.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import '../../support/property-seed.ts'
import { ByteReader, ByteWriter } from '../../../src-main/core/trace/bytes.ts'
import {
  CHUNK_RECORDS_MAX,
  CHUNK_VERSION,
  decodeChunk,
  decodePoints,
  encodeChunk,
} from '../../../src-main/core/trace/chunk.ts'
import { anyChunk, layout } from './random-chunk.ts'

describe('whole numbers in bytes', () => {
  it('come back as they were, up to 2^53 and of either sign', () => {
    const safe = fc.maxSafeInteger().map(Math.abs)
    const signed = fc.integer({ min: -(2 ** 51), max: 2 ** 51 })
    fc.assert(
      fc.property(fc.array(safe), fc.array(signed), (naturals, integers) => {
        const out = new ByteWriter(1)
        for (const n of naturals) out.varint(n)
        for (const n of integers) out.signed(n)
        const input = new ByteReader(out.bytes())
        expect(naturals.map(() => input.varint())).toEqual(naturals)
        expect(integers.map(() => input.signed())).toEqual(integers)
        expect(input).toMatchObject({ atEnd: true, damaged: false })
      }),
    )
  })

  it('beyond 2^53 or without an end are damage, not a loop', () => {
    for (const bytes of [Array<number>(40).fill(0xff), [0x80], []]) {
      const input = new ByteReader(Uint8Array.from(bytes))
      expect(input.varint()).toBe(0)
      expect(input.damaged).toBe(true)
    }
  })
})

describe('a chunk', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(anyChunk, (chunk) => {
        const bytes = encodeChunk(chunk)
        expect(decodeChunk(bytes, layout)).toEqual({ ok: true, value: chunk })
        expect(decodePoints(bytes, layout)).toEqual({ ok: true, value: chunk.points })
      }),
      { numRuns: 300 },
    )
  })

  it('with changed, missing or additional bytes is refused or well-formed, never a crash', () => {
    const mutation = fc.record({ at: fc.nat(), byte: fc.nat(255), kind: fc.nat(2) })
    let refused = 0
    fc.assert(
      fc.property(anyChunk, fc.array(mutation, { minLength: 1, maxLength: 4 }), (chunk, all) => {
        const bytes = all.reduce((now, { at, byte, kind }) => {
          const place = at % (now.length + 1)
          return Uint8Array.from([
            ...now.subarray(0, place),
            ...(kind === 0 ? [] : [byte]),
            ...now.subarray(place + (kind === 2 ? 0 : 1)),
          ])
        }, encodeChunk(chunk))
        const decoded = decodeChunk(bytes, layout)
        if (!decoded.ok) {
          refused++
          expect(decoded.error).toMatch(/\w/)
          return
        }
        const { intervals } = decoded.value
        for (const track of intervals.track) expect(track).toBeLessThan(layout.tracks)
        for (const ns of intervals.startNs) expect(Number.isSafeInteger(ns)).toBe(true)
      }),
      { numRuns: 2000 },
    )
    expect(refused).toBeGreaterThan(500)
  })

  it('that claims more records than a chunk may have is refused before room is made', () => {
    const out = new ByteWriter()
    out.byte(CHUNK_VERSION)
    out.varint(CHUNK_RECORDS_MAX + 1)
    out.varint(0)
    expect(decodeChunk(out.bytes(), layout)).toEqual({ ok: false, error: 'too many records' })
  })

  it('of another version says so', () => {
    const decoded = decodeChunk(Uint8Array.of(9, 0, 0), layout)
    expect(decoded).toEqual({ ok: false, error: 'unknown chunk version 9' })
  })
})
