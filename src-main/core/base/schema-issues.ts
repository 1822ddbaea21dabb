/** schema-issues: what valibot found wrong with a file, as issues with path, wording and hint. */
import type { BaseIssue, GenericSchema } from 'valibot'
import { didYouMean, nearestName } from './did-you-mean.ts'
import type { Issue } from './result.ts'

type Step = string | number
type SchemaLike = {
  readonly type: string
  readonly wrapped?: SchemaLike
  readonly pipe?: readonly SchemaLike[]
  readonly options?: readonly SchemaLike[]
  readonly entries?: Readonly<Record<string, SchemaLike>>
  readonly item?: SchemaLike
  readonly value?: SchemaLike
  readonly getter?: (input: unknown) => SchemaLike
}

/** A longer list of choices is not told where the nearest one is. */
const LIST_LENGTH_MAX = 150

/** A path as users write it: `vms[0].workload.app`. */
export function formatPath(steps: readonly Step[]): string {
  return steps.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}

/** Puts issues of a part under the path of the whole. */
export function issuesUnder(prefix: string, issues: readonly Issue[]): readonly Issue[] {
  return issues.map((issue) => ({ ...issue, path: joinPath(prefix, issue.path) }))
}

/** Joins two paths: `vms[0]` and `vcpus`, or `vms` and `[0].vcpus`. */
export function joinPath(prefix: string, path: string): string {
  if (prefix === '' || path === '') return prefix + path
  return path.startsWith('[') ? prefix + path : `${prefix}.${path}`
}

/** The alternatives that a schema stands for once wrappers and unions are opened. */
function alternatives(schema: SchemaLike, input: unknown): readonly SchemaLike[] {
  if (schema.type === 'lazy' && schema.getter) return alternatives(schema.getter(input), input)
  if (schema.wrapped) return alternatives(schema.wrapped, input)
  if (schema.options && (schema.type === 'union' || schema.type === 'variant')) {
    return schema.options.flatMap((option) => alternatives(option, input))
  }
  return [schema]
}

/** Of a variant's objects, those whose literal entries agree with the input; else all. */
function fitting(schemas: readonly SchemaLike[], input: unknown): readonly SchemaLike[] {
  const record = (typeof input === 'object' && input !== null ? input : {}) as Record<
    string,
    unknown
  >
  const agree = schemas.filter((schema) =>
    Object.entries(schema.entries ?? {}).every(
      ([key, entry]) =>
        entry.type !== 'literal' || (entry as { literal?: unknown }).literal === record[key],
    ),
  )
  return agree.length > 0 ? agree : schemas
}

/** Keys that an object may have at a path of a schema. */
function keysAt(schema: SchemaLike, input: unknown, steps: readonly Step[]): readonly string[] {
  const here = fitting(alternatives(schema, input), input)
  const [step, ...rest] = steps
  if (step === undefined) return here.flatMap((s) => Object.keys(s.entries ?? {}))
  const below = (input as Record<Step, unknown> | undefined)?.[step]
  return here.flatMap((s) => {
    const next = typeof step === 'number' ? s.item : (s.entries?.[step] ?? s.value)
    return next === undefined ? [] : keysAt(next, below, rest)
  })
}

function received(input: unknown): string {
  if (input === null) return 'nothing'
  if (Array.isArray(input)) return 'a list'
  if (typeof input === 'string') return `the text "${input.slice(0, 40)}"`
  return typeof input === 'object' ? 'a map' : `${input as number | boolean}`
}

const EXPECTED: Readonly<Record<string, string>> = {
  array: 'a list',
  strict_object: 'a map',
  object: 'a map',
  record: 'a map',
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
}

/** What was found, where that says more than what was asked for. */
function instead({ type, input, message }: BaseIssue<unknown>): string {
  const plain = input === null || ['number', 'boolean', 'string'].includes(typeof input)
  const told = type.endsWith('_length') || / not /.test(message)
  return plain && !told ? `, not ${received(input)}` : ''
}

function wording(issue: BaseIssue<unknown>): string {
  if (!issue.message.startsWith('Invalid ')) return issue.message + instead(issue)
  if (issue.kind === 'schema' && EXPECTED[issue.type] !== undefined) {
    return `must be ${EXPECTED[issue.type]}, not ${received(issue.input)}`
  }
  const expected = issue.expected === null ? 'something else' : issue.expected
  return `must be ${expected.replaceAll(' | ', ' or ')}, not ${received(issue.input)}`
}

function schemaIssue(schema: GenericSchema, input: unknown, issue: BaseIssue<unknown>): Issue {
  const steps = (issue.path ?? []).map((item) => item.key as Step)
  const path = formatPath(steps)
  const isKey = issue.kind === 'schema' && issue.message.startsWith('Invalid key')
  if (isKey && issue.expected === 'never') {
    const known = keysAt(schema, input, steps.slice(0, -1))
    return { path, message: 'is not a known key', hint: didYouMean(String(steps.at(-1)), known) }
  }
  if (isKey || (issue.kind === 'schema' && issue.input === undefined)) {
    return { path, message: 'is missing', hint: '' }
  }
  const key = String(steps.at(-1))
  const list = /must be one of ([\w, -]+)/.exec(issue.message)?.[1] ?? ''
  const choices = list.split(', ')
  const nearest = typeof issue.input === 'string' ? nearestName(issue.input, choices) : null
  const isLong = nearest !== null && list.length > LIST_LENGTH_MAX
  const message = isLong ? wording(issue).replace(list, `${choices.length} names`) : wording(issue)
  const hint = nearest === null ? '' : `did you mean "${nearest}"?`
  const repeats = message.startsWith(`${key} `)
  return { path, message: repeats ? message.slice(key.length + 1) : message, hint }
}

/** What valibot found, as issues: one a field. `schema` and `input` are those of the whole file. */
export function schemaIssues(
  schema: GenericSchema,
  input: unknown,
  issues: readonly BaseIssue<unknown>[],
): readonly Issue[] {
  const found = issues.map((issue) => schemaIssue(schema, input, issue))
  return found.filter((issue, i) => found.findIndex((other) => other.path === issue.path) === i)
}
