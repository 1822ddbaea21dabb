/** CPU lists: what the kernel writes is read, and what we write is what it would. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatCpus, parseCpus } from '../../../src-main/core/base/cpu-list.ts'

describe('CPU lists', () => {
  it('are written with ranges', () => {
    expect(formatCpus([0, 1, 2, 3, 8])).toBe('0-3,8')
    expect(formatCpus([])).toBe('')
    expect(formatCpus([5, 7, 8])).toBe('5,7-8')
  })

  it('read back as they were written', () => {
    const cpus = fc
      .uniqueArray(fc.integer({ min: 0, max: 8191 }))
      .map((list) => list.sort((a, b) => a - b))
    fc.assert(
      fc.property(cpus, (list) => {
        expect(parseCpus(`${formatCpus(list)}\n`)).toEqual({ ok: true, value: list })
      }),
    )
  })

  it('are refused when they are none', () => {
    for (const text of ['a', '3-1', '1,', '-1', '0-9999', '1;2', '1 2'])
      expect(parseCpus(text).ok, text).toBe(false)
  })
})
