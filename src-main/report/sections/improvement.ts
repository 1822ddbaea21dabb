/** The published claim beside what came out: both readings of "improvement", nothing tuned. */
import { bandAsRatio, rowLookup } from '../../core/charts/comparison-view.ts'
import { formatRatio, formatSignedPercent } from '../../core/charts/chart-text.ts'
import type { Comparison, ReferenceBand } from '../../core/contract/comparison.ts'
import { cell, figures, narrow, para, row, section, table, wide } from '../document.ts'
import type { Block, Section } from '../document.ts'
import { enumerate, withInterval } from './figures-text.ts'

type Place = 'inside' | 'below' | 'above'

const placeOf = (band: ReferenceBand, value: number): Place =>
  value < band.lo ? 'below' : value > band.hi ? 'above' : 'inside'

type Outcome = {
  readonly group: string
  readonly speedup: string
  readonly timeSaved: string
  readonly speedupPlace: Place
  readonly timeSavedPlace: Place
}

function outcomes(comparison: Comparison, scheme: string, band: ReferenceBand) {
  const lookup = rowLookup(comparison)
  return comparison.groups.flatMap((group): Outcome[] => {
    const r = lookup(group, scheme)
    if (r === undefined) return []
    return [
      {
        group,
        speedup: withInterval(r.speedup, formatSignedPercent),
        timeSaved: withInterval(r.timeSaved, formatSignedPercent),
        speedupPlace: placeOf(band, r.speedup.value),
        timeSavedPlace: placeOf(band, r.timeSaved.value),
      },
    ]
  })
}

function sentence(
  reading: string,
  found: readonly Outcome[],
  place: (o: Outcome) => Place,
): string {
  const names = (p: Place) => found.filter((o) => place(o) === p).map((o) => o.group)
  const inside = names('inside')
  return (
    `Read as ${reading}, ${inside.length} of ${found.length} lie inside the published range; ` +
    `below it: ${enumerate(names('below'))}; above it: ${enumerate(names('above'))}.`
  )
}

function bandText(band: ReferenceBand): string {
  const asSpeedup = bandAsRatio(band, 'speedup')
  const asSaved = bandAsRatio(band, 'timeSaved')
  return (
    `The published claim (${band.label}; ${band.source}) is an improvement of ` +
    `${formatSignedPercent(band.lo)} to ${formatSignedPercent(band.hi)}, mean ` +
    `${formatSignedPercent(band.mean)}. It does not say which reading is meant: as speed-up it ` +
    `is a time ratio of ${formatRatio(asSpeedup.lo)} to ${formatRatio(asSpeedup.hi)}, as time ` +
    `saved one of ${formatRatio(asSaved.lo)} to ${formatRatio(asSaved.hi)}. It is a reference ` +
    'only: no parameter of the model or of a workload was set from it.'
  )
}

/** A scheme's improvement per group beside the published band. */
export function improvementSection(
  comparison: Comparison,
  scheme: string,
  band: ReferenceBand,
  drawn: readonly Block[],
): Section {
  const found = outcomes(comparison, scheme, band)
  const rows = found.map((o) =>
    row([cell(o.group, 'strong'), o.speedup, o.speedupPlace, o.timeSaved, o.timeSavedPlace]),
  )
  const columns = [
    wide('Group'),
    figures('Speed-up [95 % CI]'),
    narrow('Published range'),
    figures('Time saved [95 % CI]'),
    narrow('Published range'),
  ]
  return section(`Improvement of ${scheme} beside the published claim`, [
    para(bandText(band)),
    ...drawn,
    para(sentence('speed-up', found, (o) => o.speedupPlace)),
    para(sentence('time saved', found, (o) => o.timeSavedPlace)),
    table(`Improvement of ${scheme} over ${comparison.baseline}.`, columns, rows),
  ])
}

/** A scheme's improvement where nothing was published of it. */
export const plainImprovementSection = (scheme: string, drawn: readonly Block[]): Section =>
  section(`Improvement of ${scheme}`, drawn)
