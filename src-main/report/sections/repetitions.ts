/** Appendix: every repetition, so that nothing rests on a summary alone. */
import { pairedRatios, rowLookup } from '../../core/charts/comparison-view.ts'
import { formatDuration, formatRatio, NO_VALUE } from '../../core/charts/chart-text.ts'
import type { Comparison, ComparisonRow } from '../../core/contract/comparison.ts'
import { cell, figures, para, row, table, wide } from '../document.ts'
import type { DocRow, Section } from '../document.ts'
import { rowsByGroup } from './results.ts'

/** Repetitions printed at most; a campaign of 75,000 runs would be a thousand pages. */
export const REPETITIONS_MAX = 3000

function rowsOf(comparison: Comparison): readonly DocRow[] {
  const lookup = rowLookup(comparison)
  let left = REPETITIONS_MAX
  const repetitions = (r: ComparisonRow): readonly DocRow[] => {
    const paired = pairedRatios(r, lookup(r.group, comparison.baseline))
    const ratios = new Map(paired.map((p) => [p.seed, p.ratio]))
    const seeds = r.sample.seeds.slice(0, left)
    if (seeds.length === 0) return []
    left -= seeds.length
    const runs = seeds.map((seed, i) =>
      row([
        String(seed),
        formatDuration(r.sample.valuesNs[i]),
        ratios.has(seed) ? formatRatio(ratios.get(seed)) : NO_VALUE,
        cell(r.sample.runIds[i] ?? NO_VALUE, 'mono'),
      ]),
    )
    return [row([cell(`${r.group} · ${r.scheme}`, 'strong')], true), ...runs]
  }
  return rowsByGroup(comparison, comparison.schemes, repetitions).flat()
}

/** Every repetition with its seed, time, ratio and run id. */
export function repetitionsAppendix(comparison: Comparison): Section {
  const total = comparison.rows.reduce((sum, r) => sum + r.sample.n, 0)
  const shown = rowsOf(comparison)
  const columns = [figures('Seed'), figures('Time'), figures('Ratio'), wide('Run')]
  const caption =
    'Every finished repetition by group and scheme. Ratio: to the run of ' +
    `${comparison.baseline} with the same seed.`
  const note =
    `The first ${REPETITIONS_MAX} of ${total} repetitions are printed; all of them are in the ` +
    'library, and leave it as CSV.'
  return {
    title: 'Repetitions',
    appendix: true,
    blocks: [...(total > REPETITIONS_MAX ? [para(note)] : []), table(caption, columns, shown, 2)],
  }
}
