/** The repetitions of a run's scheme and of the baseline as dots on one axis from zero. */
import type { Comparison, ComparisonRow } from '../../src-main/core/contract/comparison.ts'

/** One repetition. */
export type Repetition = {
  readonly runId: string
  readonly seed: number
  readonly valueNs: number
  /** 0 … 1 of the axis. */
  readonly x: number
}

/** One scheme's repetitions. */
export type RepetitionStrip = {
  readonly scheme: string
  readonly isBaseline: boolean
  readonly medianNs: number
  readonly dots: readonly Repetition[]
}

/** The strips of a row and of its baseline, that one first; the axis ends at the longest run. */
export function repetitionStrips(
  { rows }: Pick<Comparison, 'rows'>,
  row: ComparisonRow,
): { readonly maxNs: number; readonly strips: readonly RepetitionStrip[] } {
  const base = rows.find((other) => other.isBaseline && other.group === row.group)
  const shown = base === undefined || base === row || row.isBaseline ? [row] : [base, row]
  const maxNs = Math.max(1, ...shown.flatMap(({ sample }) => sample.valuesNs))
  return {
    maxNs,
    strips: shown.map(({ scheme, isBaseline, sample }) => ({
      ...{ scheme, isBaseline, medianNs: sample.medianNs.value },
      dots: sample.runIds.map((runId, i) => {
        const valueNs = sample.valuesNs[i]!
        return { runId, seed: sample.seeds[i]!, valueNs, x: valueNs / maxNs }
      }),
    })),
  }
}
