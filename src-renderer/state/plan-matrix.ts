/** The plan as a matrix: a row for each app, mix and overcommit, a column for each scheme. */
import type { Plan } from '../../src-main/core/contract/handlers.ts'
import type { Factors } from '../../src-main/core/contract/campaign.ts'
import type { DraftRule } from './campaign-text.ts'

/** One field: how many runs it stands for, or that it is left out. */
export type MatrixField = {
  readonly scheme: string
  readonly runs: number
  readonly isOut: boolean
  /** The rule that names just this field: what a press writes or takes away. */
  readonly rule: DraftRule
}

/** One row; a scheme that its mix is not run under has no field. */
export type MatrixRow = {
  readonly key: string
  readonly app: string
  readonly mix: string
  readonly overcommit: number | null
  readonly fields: readonly (MatrixField | null)[]
}

/** The whole matrix. */
export type PlanMatrix = {
  readonly schemes: readonly string[]
  readonly rows: readonly MatrixRow[]
  readonly hasMixes: boolean
  readonly hasOvercommit: boolean
}

const keyOf = ({ app, mix, overcommit }: Factors): string => JSON.stringify([app, mix, overcommit])

/** Reads the matrix from a plan. Rows and schemes are sorted as they come, left-out ones last. */
export function matrixOf({ cells, leftOut }: Pick<Plan, 'cells' | 'leftOut'>): PlanMatrix {
  const factors = [...cells.map((cell) => cell.factors), ...leftOut]
  const counts = new Map<string, number>()
  const fieldKey = (each: Factors): string => `${keyOf(each)} ${each.scheme}`
  for (const cell of cells) {
    const key = fieldKey(cell.factors)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const out = new Set(leftOut.map(fieldKey))
  const schemes = [...new Set(factors.map(({ scheme }) => scheme))]
  const firsts = new Map(factors.map((each) => [keyOf(each), each] as const))
  const rows = [...firsts].map(([key, { app, mix, overcommit }]): MatrixRow => {
    const fields = schemes.map((scheme): MatrixField | null => {
      const at = `${key} ${scheme}`
      const runs = counts.get(at) ?? 0
      const rule = { app, scheme, mix, ...(overcommit !== null && { overcommit }) }
      return runs === 0 && !out.has(at) ? null : { scheme, runs, isOut: runs === 0, rule }
    })
    return { key, app, mix, overcommit, fields }
  })
  const count = <T>(pick: (each: Factors) => T) => new Set(factors.map(pick)).size
  return {
    ...{ schemes, rows: sortedRows(rows) },
    hasMixes: count(({ mix }) => mix) > 1,
    hasOvercommit: count(({ overcommit }) => overcommit) > 1,
  }
}

/** A measured plan's order is drawn; by name the rows stay where they are while one plans. */
const sortedRows = (rows: readonly MatrixRow[]): readonly MatrixRow[] =>
  rows.toSorted(
    (a, b) =>
      a.app.localeCompare(b.app, 'en') ||
      a.mix.localeCompare(b.mix, 'en') ||
      (a.overcommit ?? 0) - (b.overcommit ?? 0),
  )

const isSame = (a: DraftRule, b: DraftRule): boolean =>
  a.app === b.app && a.scheme === b.scheme && a.mix === b.mix && a.overcommit === b.overcommit

/**
 * The file's rules after a press: `undefined` where none is left, null where a field is left out by
 * a rule that names more than it and only the text can change that.
 */
export function pressed(
  rules: readonly DraftRule[],
  { rule, isOut }: MatrixField,
): readonly DraftRule[] | null | undefined {
  if (!isOut) return [...rules, rule]
  const others = rules.filter((each) => !isSame(each, rule))
  if (others.length === rules.length) return null
  return others.length === 0 ? undefined : others
}
