/** Appendix: every repetition, so that nothing rests on a summary alone. */
import { pairedRatios, rowLookup } from '../../core/charts/comparison-view.ts'
import { formatDuration, formatRatio, NO_VALUE } from '../../core/charts/chart-text.ts'
import type { Comparison, ComparisonRow } from '../../core/contract/comparison.ts'
import { cell, figures, narrow, para, row, table, wide } from '../document.ts'
import type { DocRow, Section } from '../document.ts'
import { rowsByGroup } from './results.ts'

/** Repetitions printed at most; a campaign of 75,000 runs would be a thousand pages. */
export const REPETITIONS_MAX = 3000

function rowsOf(comparison: Comparison): readonly DocRow[] {
  const lookup = rowLookup(comparison)
  const repetitions = (r: ComparisonRow): readonly DocRow[] => {
    const paired = pairedRatios(r, lookup(r.group, comparison.baseline))
    const ratios = new Map(paired.map((p) => [p.seed, p.ratio]))
    return r.sample.seeds.map((seed, i) =>
      row(
        [
          cell(i === 0 ? r.group : '', 'strong'),
          i === 0 ? r.scheme : '',
          String(seed),
          formatDuration(r.sample.valuesNs[i]),
          ratios.has(seed) ? formatRatio(ratios.get(seed)) : NO_VALUE,
          cell(r.sample.runIds[i] ?? NO_VALUE, 'mono'),
        ],
        i === 0,
      ),
    )
  }
  return rowsByGroup(comparison, comparison.schemes, repetitions).flat()
}

/** Every repetition with its seed, time, ratio and run id. */
export function repetitionsAppendix(comparison: Comparison): Section {
  const rows = rowsOf(comparison)
  const shown = rows.slice(0, REPETITIONS_MAX)
  const columns = [
    wide('Group'),
    wide('Scheme'),
    figures('Seed'),
    figures('Time'),
    figures('Ratio'),
    narrow('Run'),
  ]
  const caption = `Every finished repetition. Ratio: to the run of ${comparison.baseline} with the same seed.`
  const note =
    `The first ${REPETITIONS_MAX} of ${rows.length} repetitions are printed; all of them are in ` +
    'the library, and leave it as CSV.'
  return {
    title: 'Repetitions',
    appendix: true,
    blocks: [...(rows.length > shown.length ? [para(note)] : []), table(caption, columns, shown)],
  }
}
