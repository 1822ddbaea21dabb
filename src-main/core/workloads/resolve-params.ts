/** resolve-params: a workload's parameters as numbers: overrides checked, defaults evaluated. */
import { didYouMean } from '../base/did-you-mean.ts'
import { err, ok } from '../base/result.ts'
import type { Issue, Result } from '../base/result.ts'
import { shortNumber } from '../base/short-number.ts'
import { evaluate } from './expression.ts'
import type { Names } from './expression.ts'
import type { WorkloadFile, WorkloadParam } from './workload-file.ts'

/** Threads a workload may have. */
export const THREADS_MAX = 100_000

/** The parameter that every workload has. */
export const SCALE_PARAM: WorkloadParam = Object.freeze({
  value: 1,
  unit: '×',
  mark: 'A',
  source: 'multiplies loop, ticket and item counts, never the grain: below 1 for quick runs',
  label: 'Length of an iteration',
  max: 10,
})

type Range = { readonly min: number; readonly max: number; readonly whole: boolean }

const positive = Number.MIN_VALUE
const RANGES: ReadonlyMap<string, Range> = new Map([
  ['ns', { min: positive, max: 1e15, whole: false }],
  ['threads', { min: 1, max: THREADS_MAX, whole: true }],
  ['count', { min: 1, max: 1e9, whole: true }],
  ['0…1', { min: 0, max: 1, whole: false }],
  ['×', { min: positive, max: 1e6, whole: false }],
])

/** All parameters of a workload, the built-in ones included. */
export function allParams(file: WorkloadFile): Readonly<Record<string, WorkloadParam>> {
  return { ...file.params, scale: SCALE_PARAM }
}

function rangeOf(param: WorkloadParam): Range {
  const unit = RANGES.get(param.unit) ?? { min: 0, max: 1e15, whole: false }
  return { min: param.min ?? unit.min, max: param.max ?? unit.max, whole: unit.whole }
}

/** What is wrong with a parameter's value, or null. */
export function paramIssue(key: string, param: WorkloadParam, value: number): Issue | null {
  const range = rangeOf(param)
  const issue = (message: string): Issue => ({ path: `params.${key}`, message, hint: param.label })
  if (!Number.isFinite(value)) return issue('must be finite')
  if (range.whole && !Number.isInteger(value)) return issue(`must be a whole number, not ${value}`)
  if (value < range.min) {
    const bound = range.min === positive ? 'more than 0' : `at least ${range.min}`
    return issue(`must be ${bound}, not ${value}`)
  }
  return value > range.max ? issue(`must be at most ${shortNumber(range.max)}, not ${value}`) : null
}

function unknownKeys(file: WorkloadFile, given: Names): readonly Issue[] {
  const known = Object.keys(allParams(file))
  return Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => ({
      path: `params.${key}`,
      message: `${file.id} has no such parameter`,
      hint: didYouMean(key, known),
    }))
}

/**
 * Values by name, `vcpus` included. Defaults are evaluated in the order of the file, so that one
 * may use those before it. Issues name the parameter: `params.cv`.
 */
export function resolveParams(
  file: WorkloadFile,
  given: Names,
  vcpus: number,
): Result<Names, readonly Issue[]> {
  const issues: Issue[] = [...unknownKeys(file, given)]
  const names: Record<string, number> = { vcpus }
  const take = (key: string, param: WorkloadParam): void => {
    const override = Object.hasOwn(given, key) ? given[key] : undefined
    const value = override === undefined ? evaluate(param.value, names) : ok(override)
    if (!value.ok) {
      issues.push({ path: `params.${key}`, ...value.error })
      names[key] = 1
      return
    }
    const issue = paramIssue(key, param, value.value)
    if (issue !== null) issues.push(issue)
    names[key] = value.value
  }
  take('scale', SCALE_PARAM)
  for (const [key, param] of Object.entries(file.params)) {
    if (key === 'scale' || key === 'vcpus' || key === 'index') {
      issues.push({ path: `params.${key}`, message: 'is a built-in name', hint: 'rename it' })
    } else take(key, param)
  }
  return issues.length > 0 ? err(issues) : ok(names)
}
