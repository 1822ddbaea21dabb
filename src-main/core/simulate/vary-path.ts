/** vary-path: reaches a field of a scenario by its path, for the axes that users make up. */
import { didYouMean } from '../base/did-you-mean.ts'
import { err, ok } from '../base/result.ts'
import type { Result } from '../base/result.ts'
import type { ParamValue } from '../contract/values.ts'

/** One step: a key, an index, or every element of a list. */
export type PathStep = string | number | '*'

/** Why a path cannot be followed. */
export type PathError = { readonly message: string; readonly hint: string }

const ROOTS = ['host', 'guest', 'switches', 'budget', 'vms', 'scheme']
const FORM = /^[A-Za-z][\w-]*(?:\[(?:\d{1,4}|\*)\])?(?:\.[A-Za-z][\w-]*(?:\[(?:\d{1,4}|\*)\])?)*$/

/** Fields with an axis of their own, and the axis. */
const OTHER_AXES: Readonly<Record<string, string>> = {
  'scheme.id': 'axes.scheme',
  scheme: 'axes.scheme',
  vms: 'axes.mix',
}

/** Steps of a path such as `vms[*].workload.params.threads`, or what is wrong with it. */
export function parsePath(path: string): Result<readonly PathStep[], PathError> {
  const example = 'e.g. host.costs.vmExitNs, vms[0].weight, vms[*].workload.params.cv'
  if (!FORM.test(path)) return err({ message: `"${path}" is not a path`, hint: example })
  const axis = OTHER_AXES[path] ?? (path.endsWith('.workload.app') ? 'axes.app' : undefined)
  if (axis !== undefined) return err({ message: `"${path}" has its own axis`, hint: `use ${axis}` })
  const steps = path.match(/[\w-]+|\*/g) ?? []
  const root = steps[0] ?? ''
  if (!ROOTS.includes(root)) {
    return err({ message: `"${root}" cannot be varied`, hint: didYouMean(root, ROOTS) })
  }
  return ok(steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step)))
}

type Container = Record<PathStep, unknown>

/** Steps without `*`: of one field. */
export type FieldSteps = readonly (string | number)[]

const isContainer = (value: unknown): value is Container =>
  typeof value === 'object' && value !== null

/** What stands at the steps; undefined where nothing does. Inherited properties do not count. */
export const valueAt = (root: unknown, steps: FieldSteps): unknown =>
  steps.reduce<unknown>(
    (value, step) => (isContainer(value) && Object.hasOwn(value, step) ? value[step] : undefined),
    root,
  )

/** The fields that a path means: `*` is every element, and what holds each field exists. */
export function fieldsAt(root: object, steps: readonly PathStep[]): readonly FieldSteps[] {
  const last = steps.at(-1)
  if (last === undefined || last === '*') return []
  const holders = steps.slice(0, -1).reduce<readonly FieldSteps[]>(
    (found, step) =>
      found.flatMap((holder) => {
        if (step !== '*') return [[...holder, step]]
        const list = valueAt(root, holder)
        return Array.isArray(list) ? list.map((_, i) => [...holder, i]) : []
      }),
    [[]],
  )
  return holders
    .filter((holder) => isContainer(valueAt(root, holder)))
    .map((holder) => [...holder, last])
}

/** Sets a field in place; what holds it exists. `root` must be the caller's own. */
export function setField(root: object, steps: FieldSteps, value: ParamValue): void {
  const holder = valueAt(root, steps.slice(0, -1)) as Container
  holder[steps.at(-1)!] = value
}
