/** Holds a prediction against a published claim, in both readings of "improvement". */
import type { Comparison, ComparisonRow, ReferenceBand } from '../contract/comparison.ts'

/** Groups of a scheme by where their estimate stands towards a band. */
export type BandPlaces = {
  readonly inside: readonly string[]
  readonly below: readonly string[]
  readonly above: readonly string[]
}

/** One scheme against one band. */
export type BandCheck = {
  readonly band: ReferenceBand
  readonly scheme: string
  readonly bySpeedup: BandPlaces
  readonly byTimeSaved: BandPlaces
}

/** A band speaks of a scheme with any parameters: `flexcore` and `flexcore(period=50)`. */
const speaksOf = (band: ReferenceBand, scheme: string): boolean =>
  scheme === band.scheme || scheme.startsWith(`${band.scheme}(`)

function placesOf(
  rows: readonly ComparisonRow[],
  band: ReferenceBand,
  improvement: (row: ComparisonRow) => number,
): BandPlaces {
  const where = (holds: (value: number) => boolean) =>
    rows.filter((row) => holds(improvement(row))).map((row) => row.group)
  return {
    inside: where((value) => value >= band.lo && value <= band.hi),
    below: where((value) => value < band.lo),
    above: where((value) => value > band.hi),
  }
}

/** Every band against every scheme that it speaks of; nothing for the baseline. */
export function checkBands(comparison: Comparison): BandCheck[] {
  return comparison.bands.flatMap((band) =>
    comparison.schemes
      .filter((scheme) => scheme !== comparison.baseline && speaksOf(band, scheme))
      .map((scheme) => {
        const rows = comparison.rows.filter((row) => row.scheme === scheme)
        return {
          band,
          scheme,
          bySpeedup: placesOf(rows, band, (row) => row.speedup.value),
          byTimeSaved: placesOf(rows, band, (row) => row.timeSaved.value),
        }
      }),
  )
}
