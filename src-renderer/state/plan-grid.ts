/** The shape of a planned grid: how many values each factor takes. */
import type { Plan } from '../../src-main/core/contract/handlers.ts'
import { plural } from './format.ts'

/** The distinct values of the factors, in their first order. */
export type PlanGrid = {
  readonly schemes: readonly string[]
  /** `13 apps × 5 schemes × 10 seeds`; factors of one value are left out. */
  readonly product: string
}

/** Reads the shape from the planned cells. */
export function gridOf(cells: Plan['cells']): PlanGrid {
  const distinct = <T>(pick: (cell: Plan['cells'][number]) => T) => [...new Set(cells.map(pick))]
  const schemes = distinct((cell) => cell.factors.scheme)
  const vary = [...new Set(cells.flatMap((cell) => Object.keys(cell.factors.vary)))]
  const counts: readonly [number, string, string?][] = [
    [distinct((cell) => cell.factors.app).length, 'app'],
    [schemes.length, 'scheme'],
    [distinct((cell) => cell.factors.mix).length, 'VM mix', 'VM mixes'],
    [distinct((cell) => cell.factors.overcommit).length, 'overcommit level'],
    ...vary.map((name): [number, string, string] => [
      distinct((cell) => cell.factors.vary[name]).length,
      `value of ${name}`,
      `values of ${name}`,
    ]),
    [distinct((cell) => cell.seed).length, 'seed'],
  ]
  const product = counts.filter(([count]) => count > 1).map((c) => plural(...c))
  return { schemes, product: product.join(' × ') }
}
