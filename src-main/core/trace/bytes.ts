/** Bytes: variable-length whole numbers in a growing buffer, and a reader that never runs wild. */

const SEVEN_BITS = 128

/** Writes whole numbers, 7 bits a byte, low bits first (LEB128, as protobuf's varint). */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>
  size = 0

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity)
  }

  /** One byte. */
  byte(value: number): void {
    if (this.size === this.#bytes.length) this.#grow(1)
    this.#bytes[this.size++] = value
  }

  /** A whole number, 0 … 2^53 − 1. */
  varint(value: number): void {
    let rest = value
    // >>> would cut off what lies above 2^32
    while (rest >= SEVEN_BITS) {
      const high = Math.floor(rest / SEVEN_BITS)
      this.byte(rest - high * SEVEN_BITS + SEVEN_BITS)
      rest = high
    }
    this.byte(rest)
  }

  /** A whole number of either sign, |value| < 2^52: zig-zag, so that small ones stay short. */
  signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value)
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    if (this.size + bytes.length > this.#bytes.length) this.#grow(bytes.length)
    this.#bytes.set(bytes, this.size)
    this.size += bytes.length
  }

  /** Another writer's bytes, after their number. */
  column(other: ByteWriter): void {
    this.varint(other.size)
    this.raw(other.view())
  }

  /** What was written, not copied. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.size)
  }

  /** What was written, as bytes of its own. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.size)
  }

  /** Forgets what was written; the buffer stays. */
  clear(): void {
    this.size = 0
  }

  #grow(more: number): void {
    const bytes = new Uint8Array(Math.max(2 * this.#bytes.length, this.size + more))
    bytes.set(this.view())
    this.#bytes = bytes
  }
}

/** Reads what a ByteWriter wrote. Past the end or out of range it is `damaged` and gives 0. */
export class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0
  damaged = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Whether all was read. */
  get atEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  /** One byte. */
  byte(): number {
    const value = this.#bytes[this.#at]
    if (value === undefined) return this.#refuse()
    this.#at++
    return value
  }

  /** A whole number, 0 … 2^53 − 1. */
  varint(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.byte()
      value += (byte & (SEVEN_BITS - 1)) * scale
      if (value > Number.MAX_SAFE_INTEGER) return this.#refuse()
      if (byte < SEVEN_BITS) return value
      scale *= SEVEN_BITS
    }
  }

  /** A whole number of either sign. */
  signed(): number {
    const value = this.varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  /** A reader of the column that follows. */
  column(): ByteReader {
    const size = this.varint()
    const end = this.#at + size
    if (end > this.#bytes.length) this.#refuse()
    const column = new ByteReader(this.#bytes.subarray(this.#at, end))
    this.#at = Math.min(end, this.#bytes.length)
    return column
  }

  #refuse(): number {
    this.damaged = true
    this.#at = this.#bytes.length
    return 0
  }
}
