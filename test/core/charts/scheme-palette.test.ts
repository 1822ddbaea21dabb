/** The looks of schemes: told apart by marker and decal, or by colour with any kind of vision. */
import { describe, expect, it } from 'vitest'
import { schemeStyle } from '../../../src-main/core/charts/scheme-palette.ts'
import { SCHEMES } from '../../../src-main/core/schemes/registry.ts'

type Vector = readonly [number, number, number]
type Matrix = readonly [Vector, Vector, Vector]

/** What is left of a linear RGB colour (Machado, Oliveira and Fernandes 2009, severity 1). */
const VISIONS: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}
/** Linear RGB to cone responses, and those to OKLab (Ottosson 2020). */
const TO_CONES: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
]
const TO_LAB: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
]

const times = (matrix: Matrix, v: Vector): Vector => {
  const row = (r: Vector): number => r[0] * v[0] + r[1] * v[1] + r[2] * v[2]
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])]
}
const each = (v: Vector, f: (x: number) => number): Vector => [f(v[0]), f(v[1]), f(v[2])]
const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)

function seen(color: string, vision: Matrix): Vector {
  const part = (at: number): number => parseInt(color.slice(at, at + 2), 16) / 255
  const rgb = each([part(1), part(3), part(5)], linear)
  const left = each(times(vision, rgb), (x) => Math.max(0, x))
  return times(TO_LAB, each(times(TO_CONES, left), Math.cbrt))
}

/** Distance in OKLab with the kind of vision that tells the colours apart worst. */
function distance(a: string, b: string): number {
  const all = Object.values(VISIONS).map((vision) => {
    const [x, y] = [seen(a, vision), seen(b, vision)]
    return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2])
  })
  return Math.min(...all)
}

const pairs = SCHEMES.flatMap((a, i) =>
  SCHEMES.slice(i + 1).map((b) => ({
    name: `${a.id} and ${b.id}`,
    a: schemeStyle(a.id),
    b: schemeStyle(b.id),
  })),
)

describe('the looks of two schemes', () => {
  it('never share both marker and decal', () => {
    for (const { name, a, b } of pairs)
      expect(a.marker === b.marker && a.decal === b.decal, name).toBe(false)
  })

  it('differ in colour for everybody where they share a marker or a decal', () => {
    for (const { name, a, b } of pairs) {
      if (a.marker !== b.marker && a.decal !== b.decal) continue
      // the early ones are Okabe and Ito's, of which two are 0.10 apart
      expect(distance(a.color, b.color), name).toBeGreaterThan(0.1)
    }
  })
})
