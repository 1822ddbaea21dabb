/** TraceHash: two 32-bit multiplicative hashes over (slot, time) of every event. */
import type { Ns } from '../base/units.ts'

/** Folds events into 64 bits; equal traces give equal digests in every JavaScript engine. */
export class TraceHash {
  #a = 0x811c9dc5 | 0
  #b = 0x9e3779b9 | 0

  /** Folds one event in. */
  add(slot: number, time: Ns): void {
    // ToInt32 is time mod 2^32, exact for every whole number
    const low = time | 0
    this.#a = Math.imul(this.#a ^ low, 0x01000193) ^ slot
    this.#b = Math.imul((this.#b << 5) ^ (this.#b >>> 27) ^ slot, 0x85ebca6b) + low
  }

  /** 16 hex digits. */
  digest(): string {
    return hex(mix(this.#a)) + hex(mix(this.#b))
  }
}

const hex = (x: number): string => (x >>> 0).toString(16).padStart(8, '0')

function mix(x: number): number {
  const y = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  const z = Math.imul(y ^ (y >>> 13), 0xc2b2ae35)
  return z ^ (z >>> 16)
}
