/**
 * user-scheme: what a user's file exports in, a checked scheme out. The file's default export is a
 * function that gets the scheme API and returns a scheme of the same shape as the shipped ones.
 */
import * as v from 'valibot'
import { didYouMean } from '../base/did-you-mean.ts'
import { formatIssue } from '../base/result.ts'
import { schemaIssues } from '../base/schema-issues.ts'
import { ParameterSchema } from '../contract/catalogue.ts'
import { ONE_LINE } from '../contract/values.ts'
import { CFS_HOST } from '../model/host-cfs.ts'
import type { HostScheduler } from '../model/host-scheduler.ts'
import type { Policy } from '../model/policy.ts'
import { SCHEME_API } from '../schemes/scheme-api.ts'
import type { Scheme } from '../schemes/scheme.ts'

const line = (max: number) =>
  v.pipe(v.string(), v.maxLength(max), v.regex(ONE_LINE, 'must be one line'))
const optionalLine = v.optional(line(2000), '')

/** An id of a scheme or workload. */
const Id = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9-]{0,59}$/, 'an id is lower-case, e.g. "my-scheme"'),
)

const UserParameterSchema = v.pipe(
  v.strictObject({
    ...ParameterSchema.entries,
    key: v.pipe(v.string(), v.regex(/^[A-Za-z]\w{0,59}$/, 'a key is a letter, then letters, …')),
    value: v.union([v.pipe(v.number(), v.finite()), line(200), v.boolean()]),
    label: line(200),
    unit: line(40),
    source: line(2000),
    choices: v.optional(v.pipe(v.array(line(200)), v.minLength(1))),
  }),
  v.check(
    ({ value, choices }) => choices === undefined || choices.includes(String(value)),
    'its value must be one of its choices',
  ),
)

const UserSchemeSchema = v.strictObject({
  /** Stands in `info` too; here it may be left out. */
  id: v.optional(Id),
  info: v.strictObject({
    id: Id,
    title: v.pipe(line(200), v.minLength(1)),
    summary: v.pipe(line(2000), v.minLength(1)),
    fixes: optionalLine,
    breaks: optionalLine,
    source: optionalLine,
    note: optionalLine,
    parameters: v.optional(v.array(UserParameterSchema), []),
  }),
  create: v.function('create must be a function'),
})

/** Every member of a policy, so that a mistyped one is refused instead of never called. */
export const POLICY_HOOKS: Readonly<Record<keyof Policy, 'function' | 'object'>> = {
  host: 'object',
  start: 'function',
  timer: 'function',
  resized: 'function',
  allows: 'function',
  vmChanged: 'function',
  defersNs: 'function',
  sectionLeft: 'function',
  ipiSent: 'function',
  spinEnded: 'function',
}

/** A user's scheme that is not what a scheme must be. */
export class UserSchemeError extends Error {
  readonly hint: string

  constructor(message: string, hint: string) {
    super(message)
    this.name = 'UserSchemeError'
    this.hint = hint
  }
}

const refuse = (message: string, hint = ''): never => {
  throw new UserSchemeError(message, hint)
}

/** The scheme of a module's exports. @throws UserSchemeError, or what the user's code throws */
export function readUserScheme(exported: unknown): Scheme {
  const factory = (exported as { default?: unknown } | null)?.default
  if (typeof factory !== 'function') {
    refuse('its default export is not a function', 'write: export default (lab) => ({ … })')
  }
  const given: unknown = (factory as (lab: typeof SCHEME_API) => unknown)(SCHEME_API)
  const parsed = v.safeParse(UserSchemeSchema, given)
  if (!parsed.success) {
    const issues = schemaIssues(UserSchemeSchema, given, parsed.issues)
    return refuse(`it does not describe a scheme: ${issues.map(formatIssue).join('; ')}`)
  }
  const { id, info } = parsed.output
  if (id !== undefined && id !== info.id) refuse(`id "${id}" must be info.id, "${info.id}"`)
  repeatedKeys(info.parameters.map(({ key }) => key))
  const scheme = given as Scheme
  return Object.freeze({
    id: info.id,
    info: info as Scheme['info'],
    create: (...use: Parameters<Scheme['create']>) => checkPolicy(scheme.create(...use)),
  })
}

function repeatedKeys(keys: readonly string[]): void {
  const twice = keys.find((key, i) => keys.indexOf(key) !== i)
  if (twice !== undefined) refuse(`parameter "${twice}" stands there twice`)
}

function checkPolicy(policy: unknown): Policy {
  if (typeof policy !== 'object' || policy === null) refuse('create must return an object of hooks')
  for (const [name, member] of Object.entries(policy as object)) {
    const type = (POLICY_HOOKS as Readonly<Record<string, string>>)[name]
    if (type === undefined) {
      refuse(
        `create returns "${name}", which is no hook`,
        didYouMean(name, Object.keys(POLICY_HOOKS)),
      )
    }
    if (member !== undefined && typeof member !== type) refuse(`${name} must be a ${type}`)
  }
  const { host } = policy as Policy
  if (host !== undefined) checkHost(host)
  return policy as Policy
}

/** Null has passed as an object. */
function checkHost(host: Partial<HostScheduler> | null): void {
  const names = Object.keys(CFS_HOST) as (keyof HostScheduler)[]
  const missing = names.find((name) => typeof host?.[name] !== 'function')
  if (missing === undefined) return
  refuse(`host.${missing} must be a function`, 'start from CFS: host: { ...lab.CFS_HOST, … }')
}
