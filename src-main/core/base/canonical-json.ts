/**
 * Canonical JSON: one text for one value, so that equal content has an equal hash on every host.
 * Follows RFC 8785 (JCS): keys sorted by UTF-16 code units, ECMAScript numbers, no white space.
 */

/** Canonical JSON of plain data. Keys that are `undefined` are left out; throws on NaN and ±∞. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalItem).join(',')}]`
  if (typeof value === 'object' && value !== null) return canonicalObject(value)
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`canonical JSON has no ${value}`)
  }
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) throw new TypeError(`canonical JSON has no ${typeof value}`)
  return text
}

const canonicalItem = (item: unknown): string => canonicalJson(item ?? null)

function canonicalObject(value: object): string {
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([k, field]) => `${JSON.stringify(k)}:${canonicalJson(field)}`).join(',')}}`
}
