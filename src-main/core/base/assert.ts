/** assert: stops at our own bugs; never used for input from outside. */

/** Throws when an invariant of ours does not hold. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`invariant violated: ${message}`)
}
