/** check-params: parameters of a scheme against what it declares: names, types, choices, ranges. */
import { didYouMean } from '../base/did-you-mean.ts'
import type { Issue } from '../base/result.ts'
import { shortNumber } from '../base/short-number.ts'
import type { SchemeParams } from './scheme.ts'

/** A parameter as a scheme declares it. */
export type DeclaredParameter = {
  readonly key: string
  readonly label: string
  readonly value: number | string | boolean
  readonly unit: string
  readonly choices?: readonly string[] | undefined
}

/** The most vCPUs that all VMs of a scenario have together. */
export const VCPUS_MAX = 4096

type Range = { readonly min: number; readonly max: number; readonly whole: boolean }

/** What numbers may be, by their unit. */
export type Ranges = Readonly<Record<string, Range>>

/** A timer of 0 ns would never let time pass, and vCPUs come in whole numbers. */
const SIMULATED: Ranges = {
  ns: { min: 1e4, max: 1e12, whole: false },
  vCPUs: { min: 0, max: VCPUS_MAX, whole: true },
  periods: { min: 0, max: 1e6, whole: true },
  '': { min: 0, max: 1, whole: false },
}

function numberProblem(value: number, range: Range | undefined): string {
  const { min, max, whole } = range ?? { min: 0, max: 1e12, whole: false }
  if (whole && !Number.isInteger(value)) return `must be a whole number, not ${value}`
  return value < min || value > max ? `must be ${min} … ${shortNumber(max)}, not ${value}` : ''
}

function valueProblem(
  parameter: DeclaredParameter,
  value: number | string | boolean,
  ranges: Ranges,
): string {
  if (typeof value !== typeof parameter.value) {
    const wanted = { number: 'a number', string: 'text', boolean: 'true or false' }
    const type = typeof parameter.value as keyof typeof wanted
    return `must be ${wanted[type]}, not ${String(value)}`
  }
  if (parameter.choices !== undefined && !parameter.choices.includes(String(value))) {
    return `must be one of ${parameter.choices.join(', ')}, not ${String(value)}`
  }
  return typeof value === 'number' ? numberProblem(value, ranges[parameter.unit]) : ''
}

/** What is wrong with parameters given to a scheme; paths as in a scheme reference, `params.x`. */
export function checkParams(
  info: { readonly id: string; readonly parameters: readonly DeclaredParameter[] },
  params: SchemeParams,
  ranges: Ranges = SIMULATED,
): readonly Issue[] {
  return Object.entries(params).flatMap(([key, value]) => {
    const parameter = info.parameters.find((p) => p.key === key)
    const path = `params.${key}`
    if (parameter !== undefined) {
      const message = valueProblem(parameter, value, ranges)
      return message === '' ? [] : [{ path, message, hint: parameter.label }]
    }
    const known = info.parameters.map((p) => p.key)
    const message = `${info.id} has no such parameter`
    return [{ path, message, hint: known.length === 0 ? 'it has none' : didYouMean(key, known) }]
  })
}
