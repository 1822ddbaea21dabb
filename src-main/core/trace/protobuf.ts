/** Protobuf's wire format, as far as an export needs it: varints, fixed64, text, messages. */
import { ByteWriter } from './bytes.ts'

const WIRE = { varint: 0, fixed64: 1, bytes: 2 } as const
const TWO_32 = 2 ** 32

/** Writes the fields of one message. */
export class MessageWriter {
  readonly out = new ByteWriter(256)

  /** A whole number that is not negative: uint32, uint64, enum, bool; int64 ≥ 0. */
  number(field: number, value: number): void {
    this.out.varint(field * 8 + WIRE.varint)
    this.out.varint(value)
  }

  /** A fixed64 number below 2^53. */
  fixed64(field: number, value: number): void {
    this.out.varint(field * 8 + WIRE.fixed64)
    for (const word of [value % TWO_32, Math.floor(value / TWO_32)])
      for (const shift of [0, 8, 16, 24]) this.out.byte((word >>> shift) & 0xff)
  }

  /** UTF-8 text. */
  text(field: number, value: string): void {
    const bytes = new ByteWriter(value.length)
    for (const character of value.toWellFormed()) utf8(bytes, character.codePointAt(0)!)
    this.out.varint(field * 8 + WIRE.bytes)
    this.out.column(bytes)
  }

  /** A message in this one. */
  message(field: number, inner: MessageWriter): void {
    this.out.varint(field * 8 + WIRE.bytes)
    this.out.column(inner.out)
  }

  /** Forgets the fields; the buffer stays. */
  clear(): this {
    this.out.clear()
    return this
  }
}

/** A code point in UTF-8; the core has no TextEncoder. */
function utf8(out: ByteWriter, code: number): void {
  if (code < 0x80) {
    out.byte(code)
    return
  }
  const more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3
  out.byte(((0xf00 >> (more + 1)) & 0xff) | (code >> (6 * more)))
  for (let left = more - 1; left >= 0; left--) out.byte(0x80 | ((code >> (6 * left)) & 0x3f))
}
