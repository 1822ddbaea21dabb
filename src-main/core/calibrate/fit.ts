/**
 * fit: measurements in, the simulator's parameters out, each with an interval, the equation that it
 * comes from, and what it hangs on; and what they make of the figures that were not used.
 */
import type { CalibrationCheck, FittedParameter, Measurement } from '../contract/calibration.ts'
import type { Estimate } from '../contract/comparison.ts'
import { GUEST_COSTS, HOST_COSTS } from '../model/parameters.ts'
import { findWorkload } from '../workloads/index.ts'
import { bootstrapDistribution } from '../stats/bootstrap.ts'
import { quantile, quantileOfSorted } from '../stats/descriptive.ts'
import { seedOf } from '../stats/random.ts'
import { DERIVED, EQUATIONS, solve, sumOf } from './equations.ts'
import type { CostRef, Costs, Equation } from './equations.ts'

const entries = (prefix: 'host' | 'guest', table: Readonly<Record<string, { value: number }>>) =>
  Object.entries(table).map(([key, { value }]): [CostRef, number] => [`${prefix}.${key}`, value])

const appEntries = (app: string): readonly [CostRef, number][] =>
  Object.entries(findWorkload(app)?.params ?? {}).flatMap(([key, { value }]) =>
    typeof value === 'number' ? [[`app:${app}.${key}`, value] as [CostRef, number]] : [],
  )

/** The simulator's defaults. */
export const DEFAULT_COSTS: Costs = Object.freeze(
  Object.fromEntries([
    ...entries('host', HOST_COSTS),
    ...entries('guest', GUEST_COSTS),
    ...['micro-ring', 'micro-tlb'].flatMap(appEntries),
  ]),
)

/** What a fit gives. */
export type Fit = {
  readonly parameters: readonly FittedParameter[]
  readonly checks: readonly CalibrationCheck[]
  readonly warnings: readonly string[]
}

const RESAMPLES = 1000

/** Figures that an equation has, or that one is made of. */
const FIGURES = new Set([
  ...EQUATIONS.map(({ figure }) => figure),
  ...Object.values(DERIVED).flat(),
])

/** Fits the costs that the measurements reach; the others keep their defaults. */
export function fitCosts(measurements: readonly Measurement[]): Fit {
  const used = measurements.filter(({ id }) => FIGURES.has(id))
  const figures = new Map(used.map(({ id, estimate }) => [id, estimate.value]))
  const { costs, exceeded } = solve(figures, DEFAULT_COSTS)
  const spread = resample(used, Object.keys(costs) as CostRef[])
  return {
    parameters: (Object.entries(costs) as [CostRef, number][]).map(([ref, value]) =>
      parameterOf(ref, { value, ...spread.get(ref)! }),
    ),
    checks: checksOf(measurements, { ...DEFAULT_COSTS, ...costs }),
    warnings: exceeded.map(
      ({ figure, byNs }) =>
        `${figure}: the costs known before already exceed it by ${Math.round(byNs)} ns, so that ` +
        'what it solves is 0',
    ),
  }
}

/** 95 % percentile intervals of all costs: windows are drawn anew within each measurement. */
function resample(
  measurements: readonly Measurement[],
  refs: readonly CostRef[],
): ReadonlyMap<CostRef, { lo: number; hi: number }> {
  const drawn = new Map(refs.map((ref): [CostRef, number[]] => [ref, []]))
  const values = measurements.flatMap((m) => m.values)
  bootstrapDistribution({
    strata: measurements.map((m) => m.values.length),
    seed: seedOf(values),
    resamples: RESAMPLES,
    statistic: (indices) => {
      let at = 0
      const figures = new Map<string, number>()
      for (const { id, values: own, quantile: q } of measurements) {
        const part = indices.subarray(at, (at += own.length))
        figures.set(
          id,
          quantile(
            Array.from(part, (i) => values[i]!),
            q,
          ),
        )
      }
      const { costs } = solve(figures, DEFAULT_COSTS)
      for (const [ref, list] of drawn) list.push(costs[ref]!)
      return 0
    },
  })
  return new Map([...drawn].map(([ref, list]) => [ref, tailsOf(list)]))
}

function tailsOf(list: readonly number[]): { lo: number; hi: number } {
  const ascending = Float64Array.from(list).sort()
  return { lo: quantileOfSorted(ascending, 0.025), hi: quantileOfSorted(ascending, 0.975) }
}

const tableOf = (ref: CostRef): readonly [table: string, key: string] => {
  const dot = ref.lastIndexOf('.')
  return [ref.slice(0, dot), ref.slice(dot + 1)]
}

function unitOf(table: string, key: string): string {
  if (table === 'host') return HOST_COSTS[key as keyof typeof HOST_COSTS].unit
  if (table === 'guest') return GUEST_COSTS[key as keyof typeof GUEST_COSTS].unit
  return findWorkload(table.slice('app:'.length))!.params[key]!.unit
}

function parameterOf(ref: CostRef, value: Estimate): FittedParameter {
  const equation = EQUATIONS.find((e) => [...e.solves, ...e.alongside].includes(ref))!
  const [table, key] = tableOf(ref)
  return {
    ...{ table, key, unit: unitOf(table, key), value, defaultValue: DEFAULT_COSTS[ref]! },
    from: figuresBehind(equation),
    rule: equation.solves.length + equation.alongside.length > 1 ? 'shared' : 'measured',
    why: equation.alongside.includes(ref)
      ? `not shown by any mode: taken to grow as ${equation.solves.join(' and ')} do`
      : equation.why,
  }
}

/** The figure of an equation, and those that give the rest of its terms. */
function figuresBehind(equation: Equation): string[] {
  const others = Object.keys(equation.terms).flatMap((ref) =>
    EQUATIONS.filter((e) => e !== equation && e.solves.includes(ref as CostRef)),
  )
  const behind = others.flatMap((e) => figuresBehind(e))
  const own = DERIVED[equation.figure] ?? [equation.figure]
  return [...new Set([...own, ...behind])]
}

function checksOf(measurements: readonly Measurement[], costs: Costs): CalibrationCheck[] {
  return EQUATIONS.filter(({ solves }) => solves.length === 0).flatMap((equation) => {
    const found = measurements.find(({ id }) => id === equation.figure)
    if (found === undefined) return []
    const { figure: id, why } = equation
    return [{ id, measured: found.estimate, predictedNs: sumOf(equation, costs), why }]
  })
}
