/** Holds a prediction against a published claim, in both readings of "improvement". */
import type { Comparison, ComparisonRow, ReferenceBand } from '../contract/comparison.ts'

/** Where an estimate stands towards a band. */
export type BandPlace = 'inside' | 'below' | 'above'

/** A group that a band speaks of, by where both its improvements stand. */
export type BandRow = {
  readonly row: ComparisonRow
  readonly bySpeedup: BandPlace
  readonly byTimeSaved: BandPlace
}

/** One scheme against one band; `others`: groups of apps that the claim does not speak of. */
export type BandCheck = {
  readonly band: ReferenceBand
  readonly scheme: string
  readonly rows: readonly BandRow[]
  readonly others: readonly string[]
}

/** A band speaks of a scheme with any parameters: `flexcore` and `flexcore(period=50)`. */
const speaksOf = (band: ReferenceBand, scheme: string): boolean =>
  scheme === band.scheme || scheme.startsWith(`${band.scheme}(`)

const placeIn = (band: ReferenceBand, improvement: number): BandPlace =>
  improvement < band.lo ? 'below' : improvement > band.hi ? 'above' : 'inside'

/**
 * Whether a band says anything about a comparison: over the same baseline, of one of its schemes,
 * and of one of its apps. Elsewhere it would only mislead.
 */
export const bandApplies = (
  band: ReferenceBand,
  { baseline, rows }: Pick<Comparison, 'baseline' | 'rows'>,
): boolean =>
  baseline === band.baseline &&
  rows.some((row) => speaksOf(band, row.scheme) && band.apps.includes(row.app))

/** Every band against every scheme that it speaks of. */
export function checkBands(comparison: Comparison): BandCheck[] {
  return comparison.bands.flatMap((band) =>
    comparison.schemes
      .filter((scheme) => scheme !== comparison.baseline && speaksOf(band, scheme))
      .map((scheme) => checkScheme(comparison, band, scheme)),
  )
}

function checkScheme(comparison: Comparison, band: ReferenceBand, scheme: string): BandCheck {
  const all = comparison.rows.filter((row) => row.scheme === scheme)
  const rows = all
    .filter((row) => band.apps.includes(row.app))
    .map((row) => ({
      row,
      bySpeedup: placeIn(band, row.speedup.value),
      byTimeSaved: placeIn(band, row.timeSaved.value),
    }))
  const others = all.filter((row) => !band.apps.includes(row.app)).map((row) => row.group)
  return { band, scheme, rows, others }
}
