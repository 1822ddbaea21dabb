/** check-scheme: a scheme reference against the registry: id, parameter names, types, choices. */
import { didYouMean } from '../base/did-you-mean.ts'
import type { Issue } from '../base/result.ts'
import { shortNumber } from '../base/short-number.ts'
import type { Parameter, SchemeInfo } from '../contract/catalogue.ts'
import type { ParamValue, SchemeRef } from '../contract/scenario.ts'
import { LIMITS } from './build-spec.ts'
import { SHIPPED } from './known.ts'
import type { Known, KnownScheme } from './known.ts'

function checkValue(path: string, parameter: Parameter, value: ParamValue): readonly Issue[] {
  const issue = (message: string): readonly Issue[] =>
    message === '' ? [] : [{ path, message, hint: parameter.label }]
  if (typeof value !== typeof parameter.value) {
    const wanted = { number: 'a number', string: 'text', boolean: 'true or false' }
    const type = typeof parameter.value as keyof typeof wanted
    return issue(`must be ${wanted[type]}, not ${String(value)}`)
  }
  if (parameter.choices !== undefined && !parameter.choices.includes(String(value))) {
    return issue(`must be one of ${parameter.choices.join(', ')}, not ${String(value)}`)
  }
  return typeof value === 'number' ? issue(numberProblem(parameter.unit, value)) : []
}

type Range = { readonly min: number; readonly max: number; readonly whole: boolean }

/** By unit. A timer of 0 ns would never let time pass, and vCPUs come in whole numbers. */
const RANGES: Readonly<Record<string, Range>> = {
  ns: { min: 1e4, max: 1e12, whole: false },
  vCPUs: { min: 0, max: LIMITS.vcpus, whole: true },
  periods: { min: 0, max: 1e6, whole: true },
  '': { min: 0, max: 1, whole: false },
}

function numberProblem(unit: string, value: number): string {
  const { min, max, whole } = RANGES[unit] ?? { min: 0, max: 1e12, whole: false }
  if (whole && !Number.isInteger(value)) return `must be a whole number, not ${value}`
  return value < min || value > max ? `must be ${min} … ${shortNumber(max)}, not ${value}` : ''
}

function checkParams(info: SchemeInfo, ref: SchemeRef): readonly Issue[] {
  return Object.entries(ref.params).flatMap(([key, value]) => {
    const parameter = info.parameters.find((p) => p.key === key)
    const path = `params.${key}`
    if (parameter !== undefined) return checkValue(path, parameter, value)
    const known = info.parameters.map((p) => p.key)
    const message = `${info.id} has no such parameter`
    return [{ path, message, hint: known.length === 0 ? 'it has none' : didYouMean(key, known) }]
  })
}

/** A reference may bring the code that it was made with; it must be the code that would run now. */
function checkCode(known: KnownScheme, { id, code }: SchemeRef): readonly Issue[] {
  if (code === undefined || code.sha256 === known.code?.sha256) return []
  if (known.code === undefined) {
    return [{ path: 'code', message: `"${id}" ships with the app and has no other code`, hint: '' }]
  }
  const [then, now] = [code.sha256, known.code.sha256].map((hash) => hash.slice(0, 12))
  const file = known.info.file ?? id
  return [
    {
      path: 'code',
      message: `the code of "${id}" has changed: it was ${then}, ${file} is ${now}`,
      hint: 'give back the file of then, or leave out `code` to take the one of now',
    },
  ]
}

function unknownScheme({ id, code }: SchemeRef, known: readonly KnownScheme[]): Issue {
  const ids = known.map(({ info }) => info.id)
  if (code === undefined) {
    const message = `"${id}" is not a known scheme`
    return { path: 'id', message, hint: didYouMean(id, ids) }
  }
  const hint = 'the code that stands here is never run by itself: give its file by --scheme-file'
  return { path: 'id', message: `"${id}" is a scheme of a user’s that is not loaded`, hint }
}

/** Issues of a scheme reference, paths relative to it: `id`, `params.periodNs`. */
export function checkScheme(ref: SchemeRef, { schemes }: Known = SHIPPED): readonly Issue[] {
  const known = schemes.find(({ info }) => info.id === ref.id)
  if (known === undefined) return [unknownScheme(ref, schemes)]
  return [...checkCode(known, ref), ...checkParams(known.info, ref)]
}
