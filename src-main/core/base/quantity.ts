/** Quantity: a default that says where it comes from. No bare number stands in the model. */

/**
 * How well a default is known: S read in a source, K common knowledge of the field that was not
 * re-checked, D derived from other values, A an assumption of this project.
 */
export type ProvenanceMark = 'S' | 'K' | 'D' | 'A'

/** A number with its unit and its origin. */
export type Quantity = {
  readonly value: number
  readonly unit: string
  readonly mark: ProvenanceMark
  readonly source: string
}

/** Builds a quantity; units last, as in names. */
export const quantity = (
  value: number,
  unit: string,
  mark: ProvenanceMark,
  source: string,
): Quantity => Object.freeze({ value, unit, mark, source })
