// The fixture of make-fixtures.py, typed.
import { readFileSync } from 'node:fs'

/** Values by other means than our code's; see fixtures/make-fixtures.py. */
export const reference = JSON.parse(
  readFileSync(new URL('./fixtures/reference.json', import.meta.url), 'utf8'),
) as {
  normalCdf: [number, number][]
  normalQuantile: [number, number][]
  signFlip: { differences: number[]; p: number }[]
  mannWhitney: { x: number[]; y: number[]; p: number }[]
  maxT: { rows: number[][]; p: number[] }[]
  descriptive: {
    values: number[]
    mean: number
    median: number
    geometricMean: number
    standardDeviation: number
    quartiles: [number, number, number]
  }
}
