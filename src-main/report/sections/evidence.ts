/** What was counted on the host of a measured campaign: the table in place of the attribution. */
import { assert } from '../../core/base/assert.ts'
import type { Comparison } from '../../core/contract/comparison.ts'
import { EVIDENCE_NOTE, evidenceTable, redoneText } from '../../core/stats/evidence-table.ts'
import { cell, figures, para, row, section, table, wide } from '../document.ts'
import type { Section } from '../document.ts'

/** Figures beside group and scheme that fit a page's width. */
const FIGURES_PER_TABLE = 5

/** The section; of measured campaigns only. */
export function evidenceSection(comparison: Comparison): Section {
  const { evidence } = comparison
  const text = evidenceTable(comparison)
  assert(text !== null && evidence !== null, 'the section is of measured runs')
  const { titles, rows, notObservable } = text
  const parts = Math.ceil((titles.length - 2) / FIGURES_PER_TABLE)
  const tables = Array.from({ length: parts }, (_, part) => {
    const from = 2 + part * FIGURES_PER_TABLE
    const columns = titles.slice(from, from + FIGURES_PER_TABLE)
    return table(
      'Medians over the repetitions, with 95 % intervals.',
      [wide('Group', 1.2), wide('Scheme', 1.2), ...columns.map((title) => figures(title, 1.2))],
      rows.map((cells, i) => {
        const isFirst = i === 0 || rows[i - 1]?.[0] !== cells[0]
        const own = cells.slice(from, from + FIGURES_PER_TABLE)
        return row([cell(isFirst ? cells[0]! : '', 'strong'), cells[1]!, ...own], isFirst)
      }),
    )
  })
  const unseen =
    notObservable.length === 0 ? [] : [para(`Not observable. ${notObservable.join('. ')}.`)]
  const redone = redoneText(evidence)
  const intro = redone === '' ? EVIDENCE_NOTE : `${EVIDENCE_NOTE} ${redone}`
  return section('What was counted', [para(intro), ...tables, ...unseen])
}
