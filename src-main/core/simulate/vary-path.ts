/** vary-path: reaches a field of a scenario by its path, for the axes that users make up. */
import { didYouMean } from '../base/did-you-mean.ts'
import { err, ok } from '../base/result.ts'
import type { Result } from '../base/result.ts'
import type { ParamValue } from '../contract/scenario.ts'

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

function below(container: unknown, step: PathStep): readonly unknown[] {
  if (step === '*') return Array.isArray(container) ? (container as readonly unknown[]) : []
  if (typeof container !== 'object' || container === null) return []
  return Object.hasOwn(container, step) ? [(container as Container)[step]] : []
}

/** Sets a field in place; false where the path leads nowhere. `root` must be the caller's own. */
export function setAtPath(root: object, steps: readonly PathStep[], value: ParamValue): boolean {
  const last = steps.at(-1)
  if (last === undefined) return false
  const containers = steps
    .slice(0, -1)
    .reduce<readonly unknown[]>((found, step) => found.flatMap((c) => below(c, step)), [root])
    .filter((c): c is Container => typeof c === 'object' && c !== null)
  for (const container of containers) container[last] = value
  return containers.length > 0
}
