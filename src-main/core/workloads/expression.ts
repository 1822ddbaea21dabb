/**
 * Expressions: numbers of a workload file may be written over its parameters, e.g.
 * `totalNs / threads / barriers`. A tiny language (numbers, names, + − * /, parentheses, min, max,
 * ceil, floor, round) that can neither loop nor reach anything outside its names.
 */
import { didYouMean } from '../base/did-you-mean.ts'
import { err, ok } from '../base/result.ts'
import type { Result } from '../base/result.ts'

/** A number, or text over parameter names. */
export type Expression = number | string

/** Values of the names an expression may use. */
export type Names = Readonly<Record<string, number>>

/** What is wrong with an expression, and what to do about it. */
export type ExpressionError = { readonly message: string; readonly hint: string }

/** Longest text of an expression; bounds the depth of its parser too. */
export const EXPRESSION_LENGTH_MAX = 300

type Call = (...values: number[]) => number

const FUNCTIONS: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['min', Math.min],
  ['max', Math.max],
  ['ceil', Math.ceil],
  ['floor', Math.floor],
  ['round', Math.round],
])

const TOKEN = /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|([-+*/(),]))/y

class Refusal extends Error {
  readonly hint: string

  constructor(message: string, hint = '') {
    super(message)
    this.hint = hint
  }
}

function tokenize(text: string): readonly string[] {
  const tokens: string[] = []
  const end = text.trimEnd().length
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null) throw new Refusal(`cannot be read at character ${at + 1}`)
    tokens.push(match[1] ?? match[2] ?? match[3] ?? '')
  }
  return tokens
}

/** Tokens by text: a file's few expressions are evaluated for every thread that has an index. */
const tokenCache = new Map<string, readonly string[]>()
const TOKEN_CACHE_MAX = 1000

function tokensOf(text: string): readonly string[] {
  const known = tokenCache.get(text)
  if (known !== undefined) return known
  const tokens = tokenize(text)
  if (tokenCache.size >= TOKEN_CACHE_MAX) tokenCache.clear()
  tokenCache.set(text, tokens)
  return tokens
}

/** Recursive descent that evaluates as it reads. */
class Evaluator {
  readonly #tokens: readonly string[]
  readonly #names: Names
  #at = 0

  constructor(tokens: readonly string[], names: Names) {
    this.#tokens = tokens
    this.#names = names
  }

  whole(): number {
    const value = this.#sum()
    if (this.#at < this.#tokens.length) throw new Refusal(`unexpected "${this.#peek()}"`)
    return value
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? 'end of text'
  }

  #accept(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false
    this.#at += 1
    return true
  }

  #expect(token: string): void {
    if (!this.#accept(token)) throw new Refusal(`"${token}" expected before "${this.#peek()}"`)
  }

  #sum(): number {
    let value = this.#product()
    for (;;) {
      if (this.#accept('+')) value += this.#product()
      else if (this.#accept('-')) value -= this.#product()
      else return value
    }
  }

  #product(): number {
    let value = this.#factor()
    for (;;) {
      if (this.#accept('*')) value *= this.#factor()
      else if (this.#accept('/')) value /= this.#factor()
      else return value
    }
  }

  #factor(): number {
    if (this.#accept('-')) return -this.#factor()
    if (this.#accept('(')) {
      const value = this.#sum()
      this.#expect(')')
      return value
    }
    const token = this.#peek()
    if (this.#at >= this.#tokens.length) throw new Refusal('ends too early')
    this.#at += 1
    if (/^\d/.test(token)) return Number(token)
    if (/^\w/.test(token)) return this.#accept('(') ? this.#call(token) : this.#name(token)
    throw new Refusal(`unexpected "${token}"`)
  }

  #name(name: string): number {
    const value = Object.hasOwn(this.#names, name) ? this.#names[name] : undefined
    if (value !== undefined) return value
    const known = Object.keys(this.#names)
    throw new Refusal(`uses the unknown name "${name}"`, didYouMean(name, known))
  }

  #call(name: string): number {
    const call = FUNCTIONS.get(name)
    if (call === undefined) {
      throw new Refusal(`has no function "${name}"`, didYouMean(name, [...FUNCTIONS.keys()]))
    }
    const values = [this.#sum()]
    while (this.#accept(',')) values.push(this.#sum())
    this.#expect(')')
    return call(...values)
  }
}

/** The value of an expression; refused when it cannot be read or is not a finite number. */
export function evaluate(expression: Expression, names: Names): Result<number, ExpressionError> {
  if (typeof expression === 'number') {
    if (Number.isFinite(expression)) return ok(expression)
    return err({ message: 'must be finite', hint: '' })
  }
  if (expression.length > EXPRESSION_LENGTH_MAX) {
    return err({ message: `is longer than ${EXPRESSION_LENGTH_MAX} characters`, hint: '' })
  }
  try {
    const value = new Evaluator(tokensOf(expression), names).whole()
    if (Number.isFinite(value)) return ok(value)
    return err({ message: `"${expression}" is not finite`, hint: 'is a divisor 0?' })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return err({ message: `"${expression}" ${error.message}`, hint: error.hint })
  }
}

/** Whether an expression mentions a name. */
export function mentions(expression: Expression, name: string): boolean {
  return typeof expression === 'string' && new RegExp(`\\b${name}\\b`).test(expression)
}
