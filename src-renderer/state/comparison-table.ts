/** The comparison as one flat table, with every figure of every row: for CSV. */
import { numberColumn, textColumn } from '../../src-main/core/charts/chart-table.ts'
import type { ChartCell, ChartTable } from '../../src-main/core/charts/chart-table.ts'
import type {
  Comparison,
  ComparisonRow,
  Estimate,
} from '../../src-main/core/contract/comparison.ts'

const estimateColumns = (key: string, label: string, unit = '') => [
  numberColumn(key, label, unit),
  numberColumn(`${key}Lo`, `${label} 95 % lo`, unit),
  numberColumn(`${key}Hi`, `${label} 95 % hi`, unit),
]

const COLUMNS = [
  textColumn('kind', 'kind'),
  textColumn('campaign', 'campaign'),
  textColumn('group', 'group'),
  textColumn('app', 'app'),
  textColumn('scheme', 'scheme'),
  textColumn('baseline', 'baseline'),
  numberColumn('n', 'n'),
  numberColumn('pairs', 'pairs'),
  ...estimateColumns('medianNs', 'median', 'ns'),
  ...estimateColumns('meanNs', 'mean', 'ns'),
  ...estimateColumns('ratio', 'ratio'),
  ...estimateColumns('speedup', 'speed-up'),
  ...estimateColumns('timeSaved', 'time saved'),
  numberColumn('p', 'p (Holm)'),
  numberColumn('pSmallest', 'smallest p'),
  numberColumn('effect', 'effect'),
  numberColumn('hedgesG', 'Hedges g'),
  numberColumn('unpairedP', 'p without pairs (Holm)'),
  numberColumn('cliffsDelta', 'Cliff delta'),
  textColumn('verdict', 'verdict'),
  numberColumn('failed', 'failed'),
  numberColumn('missing', 'missing'),
  numberColumn('excluded', 'excluded'),
  numberColumn('notNeeded', 'not needed'),
]

const cells = ({ value, lo, hi }: Estimate): ChartCell[] => [value, lo, hi]

/** One line for each row of the comparison; shares are fractions, times ns. */
export function comparisonTable(comparison: Comparison): ChartTable {
  const line = (row: ComparisonRow): ChartCell[] => [
    comparison.kind,
    comparison.campaignName,
    row.group,
    row.app,
    row.scheme,
    comparison.baseline,
    row.sample.n,
    row.pairs,
    ...cells(row.sample.medianNs),
    ...cells(row.sample.meanNs),
    ...cells(row.ratio),
    ...cells(row.speedup),
    ...cells(row.timeSaved),
    row.p,
    row.pSmallest,
    row.effect,
    row.hedgesG,
    row.unpaired?.p ?? null,
    row.unpaired?.delta ?? null,
    row.verdict,
    row.failed,
    row.missing,
    row.excluded,
    row.notNeeded,
  ]
  return { columns: COLUMNS, rows: comparison.rows.map(line) }
}
