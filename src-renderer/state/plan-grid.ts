/** The shape of a planned grid: how many values each factor takes. */
import type { Plan } from '../../src-main/core/contract/handlers.ts'
import { strings } from '../strings/index.ts'

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
  const { counts } = strings
  const sizes: readonly [number, (count: number) => string][] = [
    [distinct((cell) => cell.factors.app).length, counts.apps],
    [schemes.length, counts.schemes],
    [distinct((cell) => cell.factors.mix).length, counts.mixes],
    [distinct((cell) => cell.factors.overcommit).length, counts.overcommits],
    ...vary.map((name): [number, (count: number) => string] => [
      distinct((cell) => cell.factors.vary[name]).length,
      (count) => counts.values(count, name),
    ]),
    [distinct((cell) => cell.seed).length, counts.seeds],
  ]
  const product = sizes.filter(([count]) => count > 1).map(([count, text]) => text(count))
  return { schemes, product: product.join(' × ') }
}
