/** Spread: what repeated measurements of one figure come to. */

/** Median and range. */
export type Spread = { readonly median: number; readonly min: number; readonly max: number }

/** Median and range of at least one figure. */
export function spread(figures: readonly number[]): Spread {
  return { median: mid(figures), min: Math.min(...figures), max: Math.max(...figures) }
}

/** The median; of an even number the lower of the two in the middle. */
export function mid(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN
}
