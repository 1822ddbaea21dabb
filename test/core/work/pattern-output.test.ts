// A user's pattern finds its figure, or says why not, and never stops the program.
import { describe, expect, it } from 'vitest'
import { compilePattern, readPattern } from '../../../src-main/core/work/pattern-output.ts'

describe('a pattern', () => {
  it('finds the figure of a "key: value" line in its unit', () => {
    const text = 'warm up\nelapsed: 12.5 ms\nbye\n'
    expect(readPattern('elapsed: (?<value>[0-9.]+) ms', 'ms', text)).toEqual({
      ok: true,
      value: 12.5e6,
    })
  })

  it('takes the last line with a match', () => {
    const read = readPattern('^t=(?P<value>\\S+)$', 's', 't=1\r\nt=2,5\r\nx\r\n')
    expect(read).toEqual({ ok: true, value: 2.5e9 })
  })

  it('says so where no line matches', () => {
    expect(readPattern('t=(?<value>.*)', 's', 'nothing')).toEqual({
      ok: false,
      error: 'no line of the output matches "t=(?<value>.*)"',
    })
  })

  it.each(['12 apples', '', '-3', '0x10', 'Infinity', 'NaN', '1.2.3', '1e999'])(
    'refuses a figure that is no time: %j',
    (figure) => {
      const read = readPattern('t=(?<value>.*)', 's', `t=${figure}`)
      expect(!read.ok && read.error).toMatch(/which is no time/)
    },
  )

  it.each([
    ['([0-9]+)', /names its figure/],
    ['(?<value>[0-9]+', /not a pattern of RE2: missing closing \)/],
    ['(?<value>a)\\1', /not a pattern of RE2: invalid escape/],
    ['(?=x)(?<value>a)', /not a pattern of RE2/],
    ['(x{1000}){1000}(?<value>a)', /not a pattern of RE2/],
    ['(.?){450}(?<value>a)', /too large/],
    [`(?<value>${'a'.repeat(500)})`, /at most 500 characters/],
  ])('is refused with the reason: %s', (pattern, reason) => {
    const compiled = compilePattern(pattern)
    expect(!compiled.ok && compiled.error).toMatch(reason)
  })

  it.each(['(?<value>(a*)*b)', '(?<value>(a|aa)+$)c', '(?<value>(.*)(.*)(.*)(.*)(.*)[^a])'])(
    'that would stop a backtracking engine ends on a long line: %s',
    (pattern) => expect(readPattern(pattern, 's', 'a'.repeat(1 << 20)).ok).toBe(false),
  )
})
