/**
 * Seeded random numbers by key and counter: stream k's i-th draw is a hash of (seed, k, i). Adding
 * an entity shifts nobody's draws, and a piece of work keeps its draws whoever executes it. Only
 * integer operations and + − × /, which IEEE 754 rounds alike everywhere.
 */

/** Mixes 32 bits (lowbias32, Ellis 2018: bias 0.17). */
export function mix32(x: number): number {
  let h = x | 0
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad)
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97)
  return h ^ (h >>> 15)
}

/** Key of a stream from the seed and up to three entity numbers; 32 bits. */
export function streamKey(seed: number, a: number, b = 0, c = 0): number {
  let h = mix32(seed ^ 0x2545f491)
  h = mix32(h ^ Math.imul(a + 1, 0x9e3779b9))
  h = mix32(h ^ Math.imul(b + 1, 0x85ebca77))
  return mix32(h ^ Math.imul(c + 1, 0xc2b2ae3d))
}

/** The i-th uniform draw of a stream, in (0, 1). */
export function uniformAt(key: number, index: number): number {
  const h = mix32(mix32(key + Math.imul(index, 0x9e3779b9)) ^ key)
  return ((h >>> 0) + 0.5) / 4294967296
}

/** The i-th draw of a stream from the exponential distribution with mean 1. */
export const exponentialAt = (key: number, index: number): number => -ln(uniformAt(key, index))

/** Mean × (1 − cv + cv × Exp(1)): mean and coefficient of variation as asked, 0 ≤ cv ≤ 1. */
export function variedAt(key: number, index: number, mean: number, cv: number): number {
  return cv === 0 ? mean : mean * (1 - cv + cv * exponentialAt(key, index))
}

const LN2 = 0.6931471805599453
const SQRT_HALF = 0.7071067811865476
const POWERS_OF_TWO = Float64Array.from({ length: 33 }, (_, k) => 2 ** k)

/**
 * Natural logarithm for 2^-33 ≤ x < 1 from basic operations only (Math.log may differ in the last
 * bit between engines): x = m·2^-k, √½ ≤ m < √2, then the atanh series of (m − 1)/(m + 1). Error
 * < 1e-13.
 */
export function ln(x: number): number {
  const zeros = Math.clz32(x * 2 ** 32)
  const scaled = x * POWERS_OF_TWO[zeros]!
  // arithmetic instead of a branch, which would be mispredicted every other time
  const isLow = Number(scaled < SQRT_HALF)
  const mantissa = scaled * (1 + isLow)
  const s = (mantissa - 1) / (mantissa + 1)
  const z = s * s
  const z2 = z * z
  // in pairs (Estrin), which a CPU computes side by side; Horner's scheme is one long chain
  const low = 1 + z * (1 / 3) + z2 * (1 / 5 + z * (1 / 7))
  const high = 1 / 9 + z * (1 / 11) + z2 * (1 / 13 + z * (1 / 15))
  const sum = low + z2 * z2 * high
  return 2 * s * sum - (zeros + isLow) * LN2
}
