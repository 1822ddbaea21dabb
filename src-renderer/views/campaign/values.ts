/** Values of a further axis, typed with commas: numbers, true and false, and text. */
import type { ParamValue } from '../../../src-main/core/contract/values.ts'

/** Reads `700, 1200` or `true, false` or `a, b`. */
export const readValues = (text: string): ParamValue[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(readValue)

function readValue(text: string): ParamValue {
  if (text === 'true' || text === 'false') return text === 'true'
  const number = Number(text)
  return Number.isFinite(number) ? number : text
}
