// Canonical JSON: one text for one value, whatever the order in which it was built.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../../src-main/core/base/canonical-json.ts'

describe('canonical JSON', () => {
  test('sorts keys by UTF-16 code units at every depth, as RFC 8785 does', () => {
    const value = { '\u20ac': 1, '\r': 2, '1': 3, '\ud83d\ude00': { b: 1, a: [] }, '\ufb33': 5 }
    const text = '{"\\r":2,"1":3,"\u20ac":1,"\ud83d\ude00":{"a":[],"b":1},"\ufb33":5}'
    expect(canonicalJson(value)).toBe(text)
  })

  test('writes numbers as ECMAScript does', () => {
    expect(canonicalJson([1e21, 1e-7, 0.1, -0, 333333333.3333333, 1e3])).toBe(
      '[1e+21,1e-7,0.1,0,333333333.3333333,1000]',
    )
  })

  test('leaves out undefined keys and reads undefined items as null, like JSON', () => {
    expect(canonicalJson({ a: undefined, b: [undefined, null] })).toBe('{"b":[null,null]}')
  })

  test('refuses what JSON cannot hold', () => {
    for (const value of [NaN, Infinity, undefined, () => 1, { deep: [NaN] }]) {
      expect(() => canonicalJson(value)).toThrow('canonical JSON has no')
    }
  })

  test('is JSON of the same value, and does not depend on the order of the keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalJson(reversed(value))).toBe(text)
      }),
    )
  })
})

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).reverse()
  return Object.fromEntries(entries.map(([key, field]) => [key, reversed(field)]))
}
