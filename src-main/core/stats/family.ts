/** Tests every row of a comparison and corrects for their number. */
import { holm } from './holm.ts'
import { maxT } from './max-t.ts'
import type { PairedSeries } from './paired-series.ts'
import { signFlipsFor, signFlipTest, smallestSignFlipP } from './permutation.ts'

/** How p is corrected over the family of all rows. */
export type Correction = 'holm' | 'max-t'

/** Corrected p of a row and the smallest that it could have been; null below two pairs. */
export type RowTest = { readonly p: number | null; readonly pSmallest: number | null }

function byMaxT(tested: readonly PairedSeries[]): { p: number[]; smallest: number[] } {
  const seeds = [...new Set(tested.flatMap(({ seeds: own }) => own))].sort((a, b) => a - b)
  const numberOf = new Map(seeds.map((seed, index) => [seed, index]))
  const rows = tested.map((row) => ({
    units: row.seeds.map((seed) => numberOf.get(seed)!),
    differences: row.logRatios,
  }))
  const p = maxT(rows, seeds.length)
  return { p, smallest: tested.map((row) => smallestSignFlipP(row.seeds.length)) }
}

function byHolm(tested: readonly PairedSeries[]): { p: number[]; smallest: number[] } {
  const flips = signFlipsFor(tested.length)
  const tests = tested.map((row) => signFlipTest(row.logRatios, flips))
  return { p: holm(tests.map((t) => t.p)), smallest: holm(tests.map((t) => t.pSmallest)) }
}

/** Tests the rows, in the order given. Rows with fewer than two pairs are not in the family. */
export function testFamily(rows: readonly PairedSeries[], correction: Correction): RowTest[] {
  const tested = rows.filter((row) => row.seeds.length >= 2)
  const { p, smallest } = (correction === 'holm' ? byHolm : byMaxT)(tested)
  return rows.map((row) => {
    const at = tested.indexOf(row)
    return { p: p[at] ?? null, pSmallest: smallest[at] ?? null }
  })
}
