/** How a failure reaches the screen: what happened and what to do, whatever threw it. */
import { LabError } from '../../src-main/core/base/lab-error.ts'
import { strings } from '../strings/index.ts'

/** An error as a screen shows it. */
export type Problem = { readonly code: string; readonly message: string; readonly hint: string }

/** Reads a LabError that came over the bridge, or any other thrown value. */
export function problemOf(error: unknown): Problem {
  if (error instanceof LabError) {
    return { code: error.code, message: error.message, hint: error.hint }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'internal', message: message === '' ? strings.errors.unknown : message, hint: '' }
}

/** Whether a call was given up by ourselves, which nobody needs to read. */
export function isCancelled(error: unknown): boolean {
  if (error instanceof LabError) return error.code === 'cancelled'
  return error instanceof Error && error.name === 'AbortError'
}
