/** Scheme: a policy with its description. One file each; the registry lists them. */
import type { Quantity } from '../base/quantity.ts'
import { quantity } from '../base/quantity.ts'
import type { Policy } from '../model/policy.ts'
import type { SimSpec } from '../model/spec.ts'

/** A parameter of a scheme: number, text of a list, or switch, with its provenance. */
export type SchemeParameter = Omit<Quantity, 'value'> & {
  readonly key: string
  readonly label: string
  readonly value: number | string | boolean
  readonly choices?: string[]
}

/** What a scheme is, for people. */
export type SchemeText = {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly fixes: string
  readonly breaks: string
  readonly source: string
  readonly note: string
  readonly parameters: SchemeParameter[]
}

/** Parameters of one use of a scheme, as the scenario gives them; missing ones have defaults. */
export type SchemeParams = Readonly<Record<string, number | string | boolean>>

/** A scheduling scheme. */
export type Scheme = {
  readonly id: string
  readonly info: SchemeText
  readonly create: (spec: SimSpec, params: SchemeParams) => Policy
}

/** A numeric parameter. */
export const numberParameter = (
  key: string,
  label: string,
  ...[value, unit, mark, source]: Parameters<typeof quantity>
): SchemeParameter => ({ key, label, ...quantity(value, unit, mark, source) })

/** A parameter that is one of a few words. */
export const choiceParameter = (
  key: string,
  label: string,
  choices: string[],
  value: string,
  source: string,
): SchemeParameter => ({ key, label, value, unit: '', mark: 'A', source, choices })

/** The parameters of one use: defaults, then what the scenario says. */
export function resolveParams(info: SchemeText, params: SchemeParams): SchemeParams {
  const defaults = Object.fromEntries(info.parameters.map((p) => [p.key, p.value]))
  return Object.freeze({ ...defaults, ...params })
}
