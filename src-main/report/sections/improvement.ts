/** The published claim beside what came out: both readings of "improvement", nothing tuned. */
import { bandAsRatio } from '../../core/charts/comparison-view.ts'
import { formatRatio, formatSignedPercent } from '../../core/charts/chart-text.ts'
import type { Comparison, ReferenceBand } from '../../core/contract/comparison.ts'
import type { BandCheck, BandPlace, BandRow } from '../../core/stats/band-check.ts'
import { cell, figures, narrow, para, row, section, table, wide } from '../document.ts'
import type { Block, Section } from '../document.ts'
import { enumerate, withInterval } from './figures-text.ts'

function sentence(
  reading: string,
  rows: readonly BandRow[],
  place: (row: BandRow) => BandPlace,
): string {
  const names = (where: BandPlace) =>
    rows.filter((r) => place(r) === where).map(({ row: { group } }) => group)
  return (
    `Read as ${reading}, ${names('inside').length} of ${rows.length} lie inside the published ` +
    `range; below it: ${enumerate(names('below'))}; above it: ${enumerate(names('above'))}.`
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
  { scheme, band, rows, others }: BandCheck,
  drawn: readonly Block[],
): Section {
  const lines = rows.map(({ row: r, bySpeedup, byTimeSaved }) =>
    row([
      cell(r.group, 'strong'),
      withInterval(r.speedup, formatSignedPercent),
      bySpeedup,
      withInterval(r.timeSaved, formatSignedPercent),
      byTimeSaved,
    ]),
  )
  const columns = [
    wide('Group'),
    figures('Speed-up [95 % CI]'),
    narrow('Published range'),
    figures('Time saved [95 % CI]'),
    narrow('Published range'),
  ]
  const rest = `The claim does not speak of ${enumerate(others)}.`
  return section(`Improvement of ${scheme} beside the published claim`, [
    para(bandText(band)),
    ...drawn,
    para(sentence('speed-up', rows, (r) => r.bySpeedup)),
    para(sentence('time saved', rows, (r) => r.byTimeSaved)),
    ...(others.length === 0 ? [] : [para(rest)]),
    table(`Improvement of ${scheme} over ${comparison.baseline}.`, columns, lines),
  ])
}

/** A scheme's improvement where nothing was published of it. */
export const plainImprovementSection = (scheme: string, drawn: readonly Block[]): Section =>
  section(`Improvement of ${scheme}`, drawn)
