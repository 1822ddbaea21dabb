/** Where the thread time goes, as shares: a table by group of classes, and all classes in full. */
import { assert } from '../../core/base/assert.ts'
import { TIME_CLASSES } from '../../core/base/time-class.ts'
import type { TimeByClassNs } from '../../core/base/time-class.ts'
import { formatShare, NO_VALUE } from '../../core/charts/chart-text.ts'
import { TIME_GROUPS, TIME_GROUP_KEYS } from '../../core/charts/time-class-palette.ts'
import { groupNs, totalNs } from '../../core/charts/time-shares.ts'
import { rowLookup } from '../../core/charts/comparison-view.ts'
import type { Comparison, ComparisonRow } from '../../core/contract/comparison.ts'
import { cell, figures, para, row, section, table, wide } from '../document.ts'
import type { Block, DocRow, Section } from '../document.ts'
import { rowsByGroup } from './results.ts'

const shareText = (ns: number, total: number): string =>
  total > 0 ? formatShare(ns / total) : NO_VALUE

/** The classes other than work that took most of the thread time. */
function largestLosses(byClass: TimeByClassNs, count = 3): string {
  const total = totalNs(byClass)
  return TIME_CLASSES.filter((c) => c.group !== 'work' && c.group !== 'idle')
    .map((c) => ({ label: c.label, ns: byClass[c.key] }))
    .filter((c) => total > 0 && c.ns / total >= 0.001)
    .toSorted((a, b) => b.ns - a.ns)
    .slice(0, count)
    .map((c) => `${c.label} ${shareText(c.ns, total)}`)
    .join(', ')
}

function groupRow(r: ComparisonRow, isFirst: boolean): DocRow {
  const { attributionNs } = r
  assert(attributionNs !== null, 'the section is of simulated runs')
  const total = totalNs(attributionNs)
  return row(
    [
      cell(isFirst ? r.group : '', 'strong'),
      r.scheme,
      ...TIME_GROUP_KEYS.map((g) => shareText(groupNs(g, attributionNs), total)),
      cell(largestLosses(attributionNs), 'faint'),
    ],
    isFirst,
  )
}

const GROUP_COLUMNS = [
  wide('Group', 0.9),
  wide('Scheme', 0.7),
  ...TIME_GROUP_KEYS.map((g) =>
    figures(
      TIME_GROUPS[g].label
        .replace('Waiting in the guest', 'Wait')
        .replace('Host scheduling', 'Host'),
    ),
  ),
  wide('Largest losses', 2.2),
]

/** The attribution of the baseline and of one other scheme. */
export function attributionSection(
  comparison: Comparison,
  schemes: readonly string[],
  drawn: readonly Block[],
): Section {
  const text =
    'Every nanosecond of every thread is charged to exactly one class; the classes of a run sum ' +
    'to threads × makespan. Mean over the repetitions, summed over all VMs.'
  const caption = 'Shares of the thread time by group of classes, and the three largest losses.'
  const rows = rowsByGroup(comparison, schemes, groupRow)
  return section('Where the time goes', [para(text), ...drawn, table(caption, GROUP_COLUMNS, rows)])
}

const GROUPS_PER_TABLE = 9

function classTable(comparison: Comparison, scheme: string, groups: readonly string[]): Block {
  const lookup = rowLookup(comparison)
  const columns = groups.map((g) => {
    const byClass = lookup(g, scheme)?.attributionNs ?? null
    return { byClass, total: byClass === null ? 0 : totalNs(byClass) }
  })
  const rows = TIME_CLASSES.map((c, i) =>
    row(
      [
        c.label,
        ...columns.map(({ byClass, total }) => {
          const share = byClass === null ? NO_VALUE : shareText(byClass[c.key], total)
          return share.replace('\u00a0%', '')
        }),
      ],
      i > 0 && TIME_CLASSES[i - 1]?.group !== c.group,
    ),
  )
  const heads = [wide('Class', 2.2), ...groups.map((g) => figures(g, 1))]
  return table(`${scheme}: share of the thread time by class, %.`, heads, rows)
}

/** All classes of the baseline and of one other scheme, a few groups a table. */
export function attributionAppendix(comparison: Comparison, schemes: readonly string[]): Section {
  const { groups } = comparison
  const parts = Math.ceil(groups.length / GROUPS_PER_TABLE)
  const size = Math.ceil(groups.length / Math.max(1, parts))
  const chunks = Array.from({ length: parts }, (_, i) => groups.slice(i * size, (i + 1) * size))
  const blocks = schemes.flatMap((s) => chunks.map((chunk) => classTable(comparison, s, chunk)))
  const meanings = TIME_CLASSES.map((c) => row([cell(c.label, 'strong'), c.meaning]))
  return {
    title: 'Time classes in full',
    appendix: true,
    blocks: [
      ...blocks,
      table('What each class means.', [wide('Class'), wide('Meaning', 2.4)], meanings),
    ],
  }
}
