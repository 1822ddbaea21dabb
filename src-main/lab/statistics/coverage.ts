/**
 * How often the 95 % interval of the comparison holds the truth, by simulation: samples of log
 * ratios from distributions whose mean is known, beside the intervals that were not chosen.
 */
import { bootstrapInterval } from '../../core/stats/bootstrap.ts'
import type { Interval } from '../../core/stats/bootstrap.ts'
import { mean, standardDeviation } from '../../core/stats/descriptive.ts'
import { normalQuantile, studentTwoSided } from '../../core/stats/distributions.ts'
import { geometricMeanEstimate } from '../../core/stats/interval.ts'
import { medianInterval } from '../../core/stats/median-interval.ts'
import { randomStream } from '../../core/stats/random.ts'

type Unit = () => number
/** Draws one log ratio. */
type Draw = (unit: Unit) => number

/** A distribution of log ratios. */
export type Distribution = {
  readonly name: string
  readonly draw: Draw
  readonly mean: number
  readonly median: number
}

const SD = 0.05
const normal: Draw = (unit) => normalQuantile(unit())
const logNormal = (sigma: number): Distribution => ({
  name: `log-normal, σ = ${sigma}`,
  draw: (unit) => SD * Math.exp(sigma * normal(unit)),
  mean: SD * Math.exp(sigma ** 2 / 2),
  median: SD,
})

function laplace(unit: Unit): number {
  const centred = unit() - 0.5
  return -SD * Math.sign(centred) * Math.log(1 - 2 * Math.abs(centred))
}

function studentThree(unit: Unit): number {
  const squares = normal(unit) ** 2 + normal(unit) ** 2 + normal(unit) ** 2
  return (SD * normal(unit)) / Math.sqrt(squares / 3)
}

/** From well behaved to hard. */
export const DISTRIBUTIONS: readonly Distribution[] = [
  { name: 'normal', draw: (unit) => SD * normal(unit), mean: 0, median: 0 },
  { name: 'uniform', draw: (unit) => SD * (unit() - 0.5), mean: 0, median: 0 },
  { name: 'Laplace (heavy tails)', draw: laplace, mean: 0, median: 0 },
  { name: 'Student, 3 degrees (heavier)', draw: studentThree, mean: 0, median: 0 },
  logNormal(0.5),
  {
    name: 'exponential (skewed)',
    draw: (unit) => -SD * Math.log(unit()),
    mean: SD,
    median: SD * Math.LN2,
  },
  logNormal(1),
  {
    name: 'two clumps, 7 : 3',
    draw: (unit) => (unit() < 0.3 ? 0.2 : 0) + 0.01 * normal(unit),
    mean: 0.06,
    // where the clump at 0, of weight 0.7, has its part 0.5 / 0.7 below
    median: 0.01 * normalQuantile(0.5 / 0.7),
  },
]

/** Pairs of a row. */
export const SIZES = [6, 8, 10, 12, 16, 20, 30, 50] as const

/** How often each interval held the truth, 0 … 1; width: of the shipped one over Student's. */
export type Coverage = {
  readonly distribution: string
  readonly n: number
  readonly shipped: number
  readonly bca: number
  readonly student: number
  readonly median: number
  readonly width: number
}

function studentInterval(values: Float64Array): Interval {
  const n = values.length
  const half = (studentTwoSided(0.95, n - 1) * standardDeviation(values)!) / Math.sqrt(n)
  return { lo: mean(values) - half, hi: mean(values) + half }
}

function plainBca(values: Float64Array, seed: number): Interval {
  const n = values.length
  const centre = mean(values)
  const statistic = (indices: Int32Array) => {
    let total = 0
    for (let i = 0; i < n; i++) total += values[indices[i]!]!
    return total / n
  }
  const influence = values.map((value) => (value - centre) / n)
  return bootstrapInterval({ strata: [n], statistic, influence, seed })
}

/** The interval that rows of a comparison have. */
function shippedInterval(values: Float64Array): Interval {
  const { lo, hi } = geometricMeanEstimate(values)
  return { lo: Math.log(lo!), hi: Math.log(hi!) }
}

/** Draws samples of one size from one distribution and counts. */
export function coverageOf(distribution: Distribution, n: number, samples: number): Coverage {
  const stream = randomStream(n)
  const unit = () => (stream.bits32() + 0.5) / 2 ** 32
  const held = { shipped: 0, bca: 0, student: 0, median: 0 }
  let [width, widthOfStudent] = [0, 0]
  for (let sample = 0; sample < samples; sample++) {
    const values = Float64Array.from({ length: n }, () => distribution.draw(unit))
    const shipped = shippedInterval(values)
    const student = studentInterval(values)
    const counts = ({ lo, hi }: Interval, truth = distribution.mean): number =>
      Number(lo <= truth && truth <= hi) / samples
    held.shipped += counts(shipped)
    held.student += counts(student)
    held.bca += counts(plainBca(values, sample))
    held.median += counts(medianInterval(values)!, distribution.median)
    width += shipped.hi - shipped.lo
    widthOfStudent += student.hi - student.lo
  }
  return { distribution: distribution.name, n, ...held, width: width / widthOfStudent }
}
