/**
 * Conditions on columns as people write them: `timeNs > 1.5s and exits < 1000 and app = dedup`. A
 * name that is no column of a run itself is a metric's; settings are written `setting:<name>`;
 * names and texts with spaces stand in double quotes.
 */
import { err, ok, type Issue, type Result } from '../base/result.ts'
import {
  isNumeric,
  OPERATORS,
  OWN_COLUMNS,
  type ColumnId,
  type Condition,
  type OwnColumn,
} from './run-columns.ts'

type Token = { readonly text: string; readonly quoted: boolean }

const TOKEN =
  /\s*(?:"([^"\p{Cc}]*)"|(<=|>=|!=|[<>=])|((?:setting|metric):"[^"\p{Cc}]+")|([^\s"<>=!]+))/uy
const UNITS_NS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9 }
const AMOUNT = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(ns|us|µs|ms|s)?$/i
const HINT = 'write column operator value, joined by “and”: timeNs > 1.5s and app = dedup'

/** Reads conditions; an empty text has none. The issue's path is where in the text it is. */
export function parseWhere(text: string): Result<Condition[], Issue> {
  const tokens = tokensOf(text)
  if (tokens === null) return wrong(`“${text}” cannot be read`)
  const conditions: Condition[] = []
  for (let at = 0; at < tokens.length; at += 4) {
    const [column, operator, value, join] = tokens.slice(at, at + 4)
    const condition = conditionOf(column, operator, value)
    if (!condition.ok) return condition
    conditions.push(condition.value)
    if (join !== undefined && !isAnd(join)) return wrong(`there is “${join.text}” where “and” goes`)
    if (join !== undefined && at + 4 >= tokens.length)
      return wrong('nothing follows the last “and”')
  }
  return ok(conditions)
}

/** The text that reads as these conditions. */
export const formatWhere = (conditions: readonly Condition[]): string =>
  conditions
    .map(({ column, operator, value }) => `${nameText(column)} ${operator} ${valueText(value)}`)
    .join(' and ')

/** A column by the name that people give it; null for what can be none. */
export function columnOf(name: string): ColumnId | null {
  if (name in OWN_COLUMNS) return name as OwnColumn
  const further = /^(setting|metric):"?([^"\p{Cc}]{1,200}?)"?$/u.exec(name)
  if (further !== null) return `${further[1] as 'setting' | 'metric'}:${further[2]!}`
  return /^[^"\p{Cc}]{1,200}$/u.test(name) ? `metric:${name}` : null
}

function tokensOf(text: string): Token[] | null {
  const tokens: Token[] = []
  const trimmed = text.trimEnd()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed)
    if (match === null) return null
    const [, quoted, operator, further, word] = match
    tokens.push({
      text: quoted ?? operator ?? further ?? word ?? '',
      quoted: quoted !== undefined,
    })
  }
  return tokens
}

function conditionOf(
  name: Token | undefined,
  sign: Token | undefined,
  value: Token | undefined,
): Result<Condition, Issue> {
  const operator = OPERATORS.find((known) => known === sign?.text)
  const column = name === undefined ? null : columnOf(name.text)
  if (column === null) return wrong('there is no such column')
  if (operator === undefined)
    return wrong(`after “${name!.text}” goes one of ${OPERATORS.join(' ')}`)
  if (value === undefined) return wrong(`after “${name!.text} ${operator}” goes a value`)
  const amount = value.quoted ? null : amountOf(value.text)
  if (amount === null && isNumeric(column)) return wrong(`“${value.text}” is not a number`)
  const isText = column in OWN_COLUMNS && !isNumeric(column)
  return ok({ column, operator, value: amount === null || isText ? value.text : amount })
}

function amountOf(text: string): number | null {
  const match = AMOUNT.exec(text)
  if (match === null) return null
  return Number(match[1]) * (UNITS_NS[match[2]?.toLowerCase() ?? 'ns'] ?? 1)
}

const isAnd = ({ text, quoted }: Token): boolean => !quoted && text.toLowerCase() === 'and'

const wrong = (message: string): Result<never, Issue> => err({ path: 'where', message, hint: HINT })

const isWord = (text: string): boolean => /^[^\s"<>=!]+$/.test(text) && text.toLowerCase() !== 'and'

function nameText(column: ColumnId): string {
  const name = column.startsWith('metric:') ? column.slice('metric:'.length) : column
  if (column.startsWith('setting:')) {
    return isWord(name) ? name : `setting:"${name.slice('setting:'.length)}"`
  }
  const isClear = isWord(name) && !(name in OWN_COLUMNS && name !== column)
  return isClear ? name : `metric:"${name}"`
}

const valueText = (value: string | number): string =>
  typeof value === 'string' && (!isWord(value) || amountOf(value) !== null)
    ? `"${value}"`
    : String(value)
