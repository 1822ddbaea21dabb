/**
 * How errors cross the bridge, in one place for both sides: a host turns what a handler threw into
 * a plain WireError, the renderer turns what arrived back into a LabError. Anything else that is
 * thrown is our bug and becomes `internal`; stacks never leave the host.
 */
import { LabError } from '../base/lab-error.ts'
import type { LabErrorCode } from '../base/lab-error.ts'

export { LabError }

/** What is sent: the fields of an oRPC error, with the hint as its data. */
export type WireError = {
  readonly code: LabErrorCode
  readonly status: number
  readonly message: string
  readonly data: { readonly hint: string }
}

/** HTTP status of each code; oRPC only tells failures (≥ 400) from successes by it. */
const STATUS: Record<LabErrorCode, number> = {
  'bad-input': 400,
  'not-found': 404,
  conflict: 409,
  budget: 422,
  cancelled: 499,
  store: 500,
  internal: 500,
  unavailable: 503,
}

const ISSUES_SHOWN_MAX = 3

/** Describes what a handler threw, for the other side of the bridge. */
export function toWireError(error: unknown): WireError {
  const { code, message, hint } = toLabError(error)
  return { code, status: STATUS[code], message, data: { hint } }
}

/** The LabError that the other side meant, or one that says what broke on the way. */
export function fromWireError(error: unknown): LabError {
  return toLabError(error)
}

function toLabError(error: unknown): LabError {
  if (error instanceof LabError) return error
  if (!isRecord(error)) return new LabError('internal', String(error))
  const message = typeof error.message === 'string' ? error.message : ''
  const data = isRecord(error.data) ? error.data : {}
  if (isLabErrorCode(error.code)) {
    return new LabError(error.code, message, typeof data.hint === 'string' ? data.hint : '')
  }
  if (error.name === 'AbortError') return new LabError('cancelled', 'the request was cancelled')
  if (error.code === 'BAD_REQUEST') return new LabError('bad-input', badRequest(message, data))
  if (error.code === 'NOT_FOUND') {
    const hint = 'Reload the window: it may be older or newer than the lab behind it.'
    return new LabError('not-found', 'the lab does not know this request', hint)
  }
  return new LabError('internal', message === '' ? 'unknown error' : message)
}

/** `id: Invalid length; …` from the issues of a schema, or the message itself. */
function badRequest(message: string, data: Record<string, unknown>): string {
  const issues = Array.isArray(data.issues) ? data.issues.filter(isRecord) : []
  if (issues.length === 0) return message
  const lines = issues.slice(0, ISSUES_SHOWN_MAX).map((issue) => {
    const path = Array.isArray(issue.path) ? issue.path.map(segment).join('.') : ''
    return path === '' ? String(issue.message) : `${path}: ${String(issue.message)}`
  })
  const more = issues.length - lines.length
  return more > 0 ? `${lines.join('; ')}; and ${more} more` : lines.join('; ')
}

function segment(part: unknown): string {
  return String(isRecord(part) && 'key' in part ? part.key : part)
}

function isLabErrorCode(code: unknown): code is LabErrorCode {
  return typeof code === 'string' && Object.hasOwn(STATUS, code)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
