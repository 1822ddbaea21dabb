/** A comparison as one CSV table for other programs: plain numbers, fractions, nanoseconds. */
import type {
  Comparison,
  ComparisonRow,
  Estimate,
  ExcludedRun,
  ReferenceBand,
  SchemeSummary,
} from '../contract/comparison.ts'
import { KIND_LABELS } from './comparison-text.ts'
import { speedupOf, timeSavedOf } from './improvement.ts'
import { explainVerdict } from './verdict.ts'

const threefold = (name: string): string[] => [name, `${name}_lo`, `${name}_hi`]

/** The columns, in order. `record`: row, geomean, mean-cost, omitted, excluded or band. */
export const CSV_COLUMNS: readonly string[] = [
  ...['kind', 'campaign', 'record', 'group', 'app', 'scheme', 'baseline'],
  ...['n', 'pairs', 'failed', 'missing', 'excluded', 'not_needed'],
  ...threefold('median_ns'),
  ...threefold('mean_ns'),
  ...threefold('ratio'),
  ...threefold('speedup'),
  ...threefold('time_saved'),
  ...['p_corrected', 'p_smallest', 'effect', 'hedges_g'],
  ...['unpaired_p_corrected', 'unpaired_p_smallest', 'cliffs_delta', 'verdict', 'note'],
]

type Value = string | number | null
type Fields = Readonly<Record<string, Value>>

const spread = (name: string, { value, lo, hi }: Estimate): Fields => ({
  [name]: value,
  [`${name}_lo`]: lo,
  [`${name}_hi`]: hi,
})

const ratioFields = (ratio: Estimate): Fields => ({
  ...spread('ratio', ratio),
  ...spread('speedup', speedupOf(ratio)),
  ...spread('time_saved', timeSavedOf(ratio)),
})

const rowFields = (row: ComparisonRow, why: string): Fields => ({
  record: 'row',
  group: row.group,
  app: row.app,
  scheme: row.scheme,
  n: row.sample.n,
  pairs: row.pairs,
  failed: row.failed,
  missing: row.missing,
  excluded: row.excluded,
  not_needed: row.notNeeded,
  ...spread('median_ns', row.sample.medianNs),
  ...spread('mean_ns', row.sample.meanNs),
  ...ratioFields(row.ratio),
  p_corrected: row.p,
  p_smallest: row.pSmallest,
  effect: row.effect,
  hedges_g: row.hedgesG,
  unpaired_p_corrected: row.unpaired?.p ?? null,
  unpaired_p_smallest: row.unpaired?.pSmallest ?? null,
  cliffs_delta: row.unpaired?.delta ?? null,
  verdict: row.isBaseline ? 'baseline' : row.verdict,
  note: why,
})

function summaryFields(summary: SchemeSummary): Fields[] {
  const { scheme, better, worse, equivalent, inconclusive } = summary
  const note =
    `${better} better, ${worse} worse, ${equivalent} equivalent, ` + `${inconclusive} inconclusive`
  return [
    { record: 'geomean', scheme, ...ratioFields(summary.geomeanRatio), note },
    { record: 'mean-cost', scheme, ...ratioFields(summary.meanCostRatio), note },
  ]
}

/** The one run's time stands in both columns. */
const excludedFields = ({ group, scheme, seed, timeNs, runId, reason }: ExcludedRun): Fields => ({
  ...{ record: 'excluded', group, scheme, n: 1, median_ns: timeNs, mean_ns: timeNs },
  note: `seed ${seed}, run ${runId}: ${reason}`,
})

/** The claim is an unspecified improvement, so it stands in both columns. */
const bandFields = (band: ReferenceBand): Fields => ({
  record: 'band',
  scheme: band.scheme,
  ...spread('speedup', { value: band.mean, lo: band.lo, hi: band.hi }),
  ...spread('time_saved', { value: band.mean, lo: band.lo, hi: band.hi }),
  note: `${band.label}: read either way, the source does not say which. ${band.source}`,
})

function quoted(value: Value | undefined): string {
  const text = value === null || value === undefined ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The comparison as CSV (RFC 4180 quoting, line feeds, header line); empty where there is none. */
export function toCsv(comparison: Comparison): string {
  const { familySize: family } = comparison
  const common = {
    kind: KIND_LABELS[comparison.kind],
    campaign: comparison.campaignName,
    baseline: comparison.baseline,
  }
  const records: Fields[] = [
    ...comparison.rows.map((row) =>
      rowFields(row, explainVerdict(row, comparison.equivalenceMargin, family)),
    ),
    ...comparison.omitted.map(({ runs, ...rest }) => ({ record: 'omitted', n: runs, ...rest })),
    ...comparison.excluded.map(excludedFields),
    ...comparison.summaries.flatMap(summaryFields),
    ...comparison.bands.map(bandFields),
  ]
  const lines = records.map((record) => {
    const all: Fields = { ...common, ...record }
    return CSV_COLUMNS.map((column) => quoted(all[column])).join(',')
  })
  return `${[CSV_COLUMNS.join(','), ...lines].join('\n')}\n`
}
