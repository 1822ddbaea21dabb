/** LabError: the one kind of error that crosses the bridge to a screen or a terminal. */

/** What kind of thing went wrong; the CLI's exit code and the screen's wording follow from it. */
export type LabErrorCode =
  | 'bad-input'
  | 'not-found'
  | 'conflict'
  | 'cancelled'
  | 'budget'
  | 'store'
  | 'unavailable'
  | 'internal'

/** An error that a user sees: what happened, and what to do about it. */
export class LabError extends Error {
  readonly code: LabErrorCode
  readonly hint: string

  constructor(code: LabErrorCode, message: string, hint = '') {
    super(message)
    this.name = 'LabError'
    this.code = code
    this.hint = hint
  }
}
