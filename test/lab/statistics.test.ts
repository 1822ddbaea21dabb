// The statistics on trial, in small: the null campaign on real runs, and coverage by simulation.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLab, type Lab, type StatisticsFigures } from '../../src-main/lab/index.ts'
import { coverageOf, DISTRIBUTIONS } from '../../src-main/lab/statistics/coverage.ts'

let lab: Lab
let figures: StatisticsFigures

beforeAll(async () => {
  lab = await openLab({ databaseFile: ':memory:', host: 'cli', appVersion: '0.0.0-test' })
  figures = await lab.statistics.run({ repeats: 20, samples: 1 })
}, 60_000)

afterAll(() => lab.close())

describe('the same scheme twice', () => {
  it('differs from run to run, or nothing would be on trial', () => {
    const [first] = figures.nulls
    expect(figures.runs).toBe(20 * 4 * 2 * 16)
    expect(first).toMatchObject({ repeats: 20, rows: 80, pairsUsed: 80 * 8, equivalentRows: 0 })
  })

  it('is called better or worse in few of 20 repeats', () => {
    // 5 of Binomial(20, 0.05) have a chance of 3 in 10,000; the runs are the same every time.
    for (const one of figures.nulls) expect(one.falseRepeats, one.name).toBeLessThanOrEqual(5)
  })

  it('has intervals that hold 1 in most rows', () => {
    // 67 or fewer of Binomial(80, 0.95) have a chance of 1 in 10,000.
    for (const one of figures.nulls) expect(one.coveredRows, one.name).toBeGreaterThanOrEqual(68)
  })

  it('ends early under a stopping rule, and never below its least', () => {
    const stopped = figures.nulls.find(({ stop }) => stop !== undefined)!
    expect(stopped.pairsUsed).toBeGreaterThanOrEqual(80 * 6)
    expect(stopped.pairsUsed).toBeLessThan(80 * 16)
  })
})

describe('the 95 % interval', () => {
  const named = (name: string) => DISTRIBUTIONS.find((one) => one.name.startsWith(name))!

  // 400 samples: the standard error is 1.1 %.
  it.each([
    ['normal', 6],
    ['normal', 12],
    ['uniform', 10],
    ['Laplace', 10],
    ['Student', 8],
    ['log-normal, σ = 0.5', 12],
  ])('of %s log ratios, n = %i, covers about 95 %', (name, n) => {
    const { shipped } = coverageOf(named(name), n, 400)
    expect(shipped).toBeGreaterThanOrEqual(0.92)
    expect(shipped).toBeLessThanOrEqual(0.985)
  })

  it('covers more than plain BCa where tails are heavy, which is why it is wider', () => {
    const { shipped, bca, width } = coverageOf(named('Laplace'), 8, 400)
    expect(shipped).toBeGreaterThan(bca + 0.05)
    expect(width).toBeGreaterThan(1)
  })
})
