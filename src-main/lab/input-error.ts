/** InputError: a file that was refused, with each thing that is wrong with it. */
import { LabError } from '../core/base/lab-error.ts'
import { formatIssue } from '../core/base/result.ts'
import type { Issue, Result } from '../core/base/result.ts'

/** A refused file; `issues` for those who list them, the message for the others. */
export class InputError extends LabError {
  readonly issues: readonly Issue[]

  constructor(what: string, issues: readonly Issue[]) {
    super('bad-input', `${what}: ${issues.map(formatIssue).join('; ')}`)
    this.issues = issues
  }
}

/** The value of a file that was read well. @throws InputError */
export function valueOf<T>(what: string, read: Result<T, readonly Issue[]>): T {
  if (read.ok) return read.value
  throw new InputError(what, read.error)
}
