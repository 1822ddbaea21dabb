// Expressions read what people write and refuse the rest with words, never with an exception.
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate, mentions } from '../../../src-main/core/workloads/expression.ts'

// The reference: JavaScript's own arithmetic, on text that this test made up.
const javaScript = (text: string) => runInNewContext(text) as number

const value = (text: string, names = {}) => {
  const result = evaluate(text, names)
  return result.ok ? result.value : result.error.message
}

describe('an expression', () => {
  it('follows precedence, parentheses and unary minus', () => {
    expect(value('1 + 2 * 3 - 4 / 2')).toBe(5)
    expect(value('-(1 + 2) * -3')).toBe(9)
    expect(value('10 - 3 - 2')).toBe(5)
    expect(value('1.5e3 / 3')).toBe(500)
  })

  it('knows names and functions', () => {
    expect(value('totalNs / threads', { totalNs: 120, threads: 12 })).toBe(10)
    expect(value('max(1, floor(7 / 2), min(9, 2)) + ceil(0.2) + round(1.5)')).toBe(6)
  })

  it('says what is wrong', () => {
    expect(value('1 +')).toContain('ends too early')
    expect(value('(1')).toContain('")" expected')
    expect(value('1 2')).toContain('unexpected "2"')
    expect(value('1 ; 2')).toContain('cannot be read at character 2')
    expect(value('1 / 0')).toContain('is not finite')
    expect(value('sqrt(2)')).toContain('no function "sqrt"')
    expect(value('')).toContain('ends too early')
    expect(value('1+'.repeat(200))).toContain('longer than')
  })

  it('names the nearest known name', () => {
    const result = evaluate('thread * 2', { threads: 1, vcpus: 1 })
    expect(result.ok ? '' : result.error.hint).toBe('did you mean "threads"?')
  })

  it('reaches nothing outside its names', () => {
    expect(value('constructor')).toContain('unknown name')
    expect(value('__proto__ + 1')).toContain('unknown name')
    expect(value('toString(1)')).toContain('no function')
  })

  it('agrees with JavaScript on random arithmetic', () => {
    const number = fc.integer({ min: 1, max: 99 }).map(String)
    const { sum } = fc.letrec<{ sum: string }>((tie) => ({
      sum: fc.oneof(
        { maxDepth: 4 },
        number,
        fc
          .tuple(tie('sum'), fc.constantFrom('+', '-', '*'), tie('sum'))
          .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
      ),
    }))
    fc.assert(
      fc.property(
        sum.filter((text) => text.length < 250),
        (text) => {
          expect(value(text)).toBe(javaScript(text))
        },
      ),
    )
  })

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void evaluate(text, { a: 1 })))
  })

  it('tells which names it mentions', () => {
    expect(mentions('index + 1', 'index')).toBe(true)
    expect(mentions('indexed + 1', 'index')).toBe(false)
  })
})
