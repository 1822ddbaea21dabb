/**
 * Randomness for resampling. Every stream is seeded by a hash of the data it resamples, so that the
 * same runs give the same interval to the last digit, on every host and in every order of asking.
 */
import { assert } from '../base/assert.ts'
import { mix32 } from '../base/random.ts'

const TWO_32 = 4294967296
const GOLDEN = 0x9e3779b9

/** A 32-bit seed out of the bits of the values; order matters. */
export function seedOf(values: Iterable<number>): number {
  const bits = new DataView(new ArrayBuffer(8))
  let hash = 0x2545f491
  for (const value of values) {
    bits.setFloat64(0, value)
    hash = mix32(mix32(hash ^ bits.getInt32(0)) + (bits.getInt32(4) ^ GOLDEN))
  }
  return hash >>> 0
}

/** A stream of random numbers. */
export type RandomStream = {
  /** A whole number in 0 … bound − 1; its bias is less than bound / 2^32. */
  readonly below: (bound: number) => number
  /** 32 random bits, 0 … 2^32 − 1. */
  readonly bits32: () => number
  /** A number in [0, 1) with 32 random bits. */
  readonly unit: () => number
}

/** A stream from a 32-bit seed: draw i hashes (seed, i), as the simulator's streams do. */
export function randomStream(seed: number): RandomStream {
  const key = mix32(seed)
  let counter = 0
  const bits32 = () => {
    counter = (counter + GOLDEN) | 0
    return mix32(mix32(key + counter) ^ key) >>> 0
  }
  const below = (bound: number) => {
    assert(bound >= 1 && bound < 2 ** 21, `bound ${bound} is out of range`)
    return Math.floor((bits32() * bound) / TWO_32)
  }
  return { below, bits32, unit: () => bits32() / TWO_32 }
}
