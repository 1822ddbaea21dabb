/** A run beside the baseline's run of the same seed, in what its campaign measures. */
import type { Comparison, ComparisonRow } from '../../src-main/core/contract/comparison.ts'

/** T / T_baseline of one run of a row; null for the baseline itself and without such a run. */
export function seedRatio(
  { rows }: Pick<Comparison, 'rows'>,
  row: ComparisonRow,
  runId: string,
): number | null {
  const base = rows.find((other) => other.isBaseline && other.group === row.group)
  const at = row.sample.runIds.indexOf(runId)
  const ownNs = row.sample.valuesNs[at]
  const baseAt = base?.sample.seeds.indexOf(row.sample.seeds[at] ?? NaN) ?? -1
  const baseNs = base?.sample.valuesNs[baseAt]
  return row.isBaseline || ownNs === undefined || baseNs === undefined ? null : ownNs / baseNs
}
