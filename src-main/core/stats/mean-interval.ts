/**
 * An interval of a mean from count, mean and standard deviation alone: for tables that average
 * thousands of groups at once. The comparison uses the rule of interval.ts.
 */
import { studentTwoSided } from './distributions.ts'

/** Quantiles by degrees of freedom: groups of repetitions are mostly of the same size. */
const quantiles = new Map<number, number>()

function quantileFor(df: number): number {
  const known = quantiles.get(df) ?? studentTwoSided(0.95, df)
  quantiles.set(df, known)
  return known
}

/** Student's 95 % interval of a mean; nulls below two values, of which nothing follows. */
export function meanInterval(
  count: number,
  mean: number,
  deviation: number | null,
): { readonly lo: number | null; readonly hi: number | null } {
  if (deviation === null || count < 2) return { lo: null, hi: null }
  const half = (quantileFor(count - 1) * deviation) / Math.sqrt(count)
  return { lo: mean - half, hi: mean + half }
}
