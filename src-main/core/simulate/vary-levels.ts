/**
 * vary-levels: the levels of a further axis, and how one changes a scenario. An axis is values of
 * one field, or levels by name that set some fields and multiply others, so that one axis can hold
 * unlike changes (one at a time), or a change of several fields by a common factor.
 */
import { didYouMean } from '../base/did-you-mean.ts'
import type { Vary } from '../contract/campaign.ts'
import type { ParamValue } from '../contract/values.ts'
import { defaultsBeside } from './default-number.ts'
import type { Known } from './known.ts'
import { fieldsAt, parsePath, setField, valueAt } from './vary-path.ts'
import type { FieldSteps, PathError } from './vary-path.ts'

/** What a level does to the fields of a path. `pathAt`, `valueAt`: where the axis says so. */
export type Change = {
  readonly path: string
  readonly action: 'set' | 'times'
  readonly value: ParamValue
  readonly pathAt: string
  readonly valueAt: string
}

/** One level: how it is shown, and what it changes. */
export type Level = { readonly label: ParamValue; readonly changes: readonly Change[] }

/** A scenario that is being put together. */
export type Draft = Record<string, unknown>

/** The levels of an axis, in its order. */
export function levelsOf({ path, values, levels }: Vary): readonly Level[] {
  if (levels !== undefined) {
    return levels.map(({ name, set, times }, i) => ({
      label: name,
      changes: [...changesOf('set', set, i), ...changesOf('times', times, i)],
    }))
  }
  if (path === undefined || values === undefined) return []
  return values.map((value, i) => ({
    label: value,
    changes: [{ path, action: 'set', value, pathAt: 'path', valueAt: `values[${i}]` }],
  }))
}

function changesOf(
  action: Change['action'],
  fields: Readonly<Record<string, ParamValue>>,
  level: number,
): readonly Change[] {
  return Object.entries(fields).map(([path, value]) => {
    const at = `levels[${level}].${action}.${path}`
    return { path, action, value, pathAt: at, valueAt: at }
  })
}

/** Changes the draft in place; null, or why it cannot. The draft must be the caller's own. */
export function applyChange(draft: Draft, change: Change, known: Known): PathError | null {
  const { path, action, value } = change
  const steps = parsePath(path)
  if (!steps.ok) return steps.error
  const fields = fieldsAt(draft, steps.value)
  if (fields.length === 0) return { message: `"${path}" leads nowhere`, hint: '' }
  for (const field of fields) {
    const product = action === 'set' ? value : multiplied(draft, field, Number(value), known)
    if (product === null) {
      const names = Object.keys(defaultsBeside(draft, field, known))
      const hint = names.length === 0 ? 'set it' : didYouMean(String(field.at(-1)), names)
      return { message: `"${path}" is no number that could be multiplied`, hint }
    }
    setField(draft, field, product)
  }
  return null
}

function multiplied(draft: Draft, field: FieldSteps, factor: number, known: Known): number | null {
  const written = valueAt(draft, field)
  const defaults = defaultsBeside(draft, field, known)
  const key = String(field.at(-1))
  const number = written ?? (Object.hasOwn(defaults, key) ? defaults[key] : undefined)
  return typeof number === 'number' ? number * factor : null
}
