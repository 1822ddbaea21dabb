/** check-scheme: a scheme reference against the registry: id, parameter names, types, choices. */
import { didYouMean } from '../base/did-you-mean.ts'
import type { Issue } from '../base/result.ts'
import type { Parameter, SchemeInfo } from '../contract/catalogue.ts'
import type { ParamValue, SchemeRef } from '../contract/scenario.ts'
import { SCHEME_INFOS } from './scheme-infos.ts'

function checkValue(path: string, parameter: Parameter, value: ParamValue): readonly Issue[] {
  const issue = (message: string): readonly Issue[] => [{ path, message, hint: parameter.label }]
  if (typeof value !== typeof parameter.value) {
    const wanted = { number: 'a number', string: 'text', boolean: 'true or false' }
    const type = typeof parameter.value as keyof typeof wanted
    return issue(`must be ${wanted[type]}, not ${String(value)}`)
  }
  if (parameter.choices !== undefined && !parameter.choices.includes(String(value))) {
    return issue(`must be one of ${parameter.choices.join(', ')}, not ${String(value)}`)
  }
  return typeof value === 'number' && value < 0 ? issue(`must not be negative: ${value}`) : []
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

/** Issues of a scheme reference, paths relative to it: `id`, `params.periodNs`. */
export function checkScheme(ref: SchemeRef): readonly Issue[] {
  const info = SCHEME_INFOS.find((known) => known.id === ref.id)
  if (info !== undefined) return checkParams(info, ref)
  const known = SCHEME_INFOS.map((scheme) => scheme.id)
  const message = `"${ref.id}" is not a known scheme`
  return [{ path: 'id', message, hint: didYouMean(ref.id, known) }]
}
