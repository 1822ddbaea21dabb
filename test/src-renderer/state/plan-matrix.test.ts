// The plan as a matrix of switches, and what a press writes into the file.
import { describe, expect, it } from 'vitest'
import { matrixOf, pressed } from '../../../src-renderer/state/plan-matrix.ts'

const factors = (app: string, scheme: string) => ({
  ...{ app, scheme, mix: 'two', overcommit: null, vary: {} },
})

const matrix = matrixOf({
  cells: [1, 2].flatMap((seed) => [
    { index: 2 * seed, factors: factors('ep', 'cfs'), seed },
    { index: 2 * seed + 1, factors: factors('dedup', 'cfs'), seed },
  ]),
  leftOut: [factors('ep', 'gang')],
})

describe('the matrix of a plan', () => {
  it('has a row for each app, and says how many runs a field stands for', () => {
    expect(matrix.schemes).toEqual(['cfs', 'gang'])
    expect(matrix.rows.map(({ app }) => app)).toEqual(['dedup', 'ep'])
    const [dedup, ep] = matrix.rows
    expect(dedup!.fields.map((field) => field?.runs)).toEqual([2, undefined])
    expect(ep!.fields.map((field) => field?.isOut)).toEqual([false, true])
    expect([matrix.hasMixes, matrix.hasOvercommit]).toEqual([false, false])
  })

  it('writes a rule for a field that is pressed, and takes it away again', () => {
    const [on, off] = matrix.rows[1]!.fields
    const rule = { app: 'ep', scheme: 'cfs', mix: 'two' }
    expect(pressed([], on!)).toEqual([rule])
    expect(pressed([{ ...rule, scheme: 'gang' }], off!)).toBeUndefined()
    expect(pressed([rule, { ...rule, scheme: 'gang' }], off!)).toEqual([rule])
  })

  it('leaves rules of the file alone that name more than the field', () => {
    expect(pressed([{ scheme: 'gang' }], matrix.rows[1]!.fields[1]!)).toBeNull()
  })
})
