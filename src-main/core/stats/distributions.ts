/**
 * The normal and Student's t distribution, as far as intervals and power need them, in double
 * precision. Held to SciPy's values by the tests.
 */
import { assert } from '../base/assert.ts'

const polynomial = (x: number, coefficients: readonly number[]): number =>
  coefficients.reduce((value, coefficient) => value * x + coefficient, 0)

const HART_TOP = [
  3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
  221.213596169931, 220.206867912376,
]
const HART_BOTTOM = [
  8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674,
  637.333633378831, 793.826512519948, 440.413735824752,
]

function upperTail(x: number): number {
  const density = Math.exp((-x * x) / 2)
  if (x < 7.07106781186547) {
    return (density * polynomial(x, HART_TOP)) / polynomial(x, HART_BOTTOM)
  }
  const fraction = x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))
  return density / (fraction * 2.506628274631)
}

/** P(Z ≤ x) of the standard normal; Hart (1968) in West's form (2005), absolute error < 1e-13. */
export const normalCdf = (x: number): number => (x > 0 ? 1 - upperTail(x) : upperTail(-x))

const CENTRE_TOP = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
  1971.5909503065513, 133.14166789178438, 3.3871328727963665,
]
const CENTRE_BOTTOM = [
  5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
  687.1870074920579, 42.31333070160091, 1,
]
const MIDDLE_TOP = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,
  3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
]
const MIDDLE_BOTTOM = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008,
  0.6897673349851, 1.6763848301838038, 2.053191626637759, 1,
]
const FAR_TOP = [
  2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124,
  0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
]
const FAR_BOTTOM = [
  2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133,
  0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
]

/** The x with P(Z ≤ x) = p, 0 < p < 1; Wichura's AS 241 (1988), relative error about 1e-16. */
export function normalQuantile(p: number): number {
  assert(p > 0 && p < 1, `normalQuantile(${p})`)
  const centred = p - 0.5
  if (Math.abs(centred) <= 0.425) {
    const r = 0.180625 - centred * centred
    return (centred * polynomial(r, CENTRE_TOP)) / polynomial(r, CENTRE_BOTTOM)
  }
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p)))
  const tail =
    r <= 5
      ? polynomial(r - 1.6, MIDDLE_TOP) / polynomial(r - 1.6, MIDDLE_BOTTOM)
      : polynomial(r - 5, FAR_TOP) / polynomial(r - 5, FAR_BOTTOM)
  return Math.sign(centred) * tail
}

/** P(|T| ≤ t) for whole degrees of freedom: the finite series of Abramowitz & Stegun 26.7.3–4. */
export function studentWithin(t: number, df: number): number {
  assert(Number.isInteger(df) && df >= 1, `degrees of freedom ${df}`)
  const angle = Math.atan(t / Math.sqrt(df))
  const cosine = Math.cos(angle)
  const odd = df % 2 === 1
  let term = odd ? cosine : 1
  let series = df === 1 ? 0 : term
  for (let k = odd ? 3 : 2; k < df; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k
    series += term
  }
  const within = Math.sin(angle) * series
  return odd ? (2 / Math.PI) * (angle + within) : within
}

/** Above this, Fisher's expansion is exact to 1e-10 and the series needlessly long. */
const SERIES_DF_MAX = 300

function studentByExpansion(z: number, df: number): number {
  const z2 = z * z
  const first = (z * (z2 + 1)) / 4
  const second = (z * polynomial(z2, [5, 16, 3])) / 96
  const third = (z * polynomial(z2, [3, 19, 17, -15])) / 384
  return z + first / df + second / df ** 2 + third / df ** 3
}

/** The t with P(|T| ≤ t) = confidence, e.g. 2.571 for 0.95 and 5 degrees of freedom (whole). */
export function studentTwoSided(confidence: number, df: number): number {
  assert(confidence > 0 && confidence < 1, `confidence ${confidence}`)
  const z = normalQuantile((1 + confidence) / 2)
  if (df > SERIES_DF_MAX) return studentByExpansion(z, df)
  let low = 0
  let high = 2 * z
  while (studentWithin(high, df) < confidence) high *= 2
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (studentWithin(middle, df) < confidence) low = middle
    else high = middle
  }
  return (low + high) / 2
}
