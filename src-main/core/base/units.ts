/** Branded units, so that a duration is not mistaken for a count. */

/** A duration or an instant in whole nanoseconds; exact up to 2^53 ns (104 days). */
export type Ns = number & { readonly __unit?: 'ns' }

/** One microsecond in ns. */
export const US = 1e3
/** One millisecond in ns. */
export const MS = 1e6
/** One second in ns. */
export const SECOND = 1e9
