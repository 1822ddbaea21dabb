/** Result: how bytes from outside are refused without exceptions (see architecture.md, "Style"). */

/** Either a value or the reasons why there is none. */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E }

/** Wraps a value that was parsed well. */
export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value })

/** Wraps the reason for a refusal. */
export const err = <E>(error: E): Result<never, E> => ({ ok: false, error })

/** One thing that is wrong with a file: where (`vms[0].vcpus`), what, and what to do about it. */
export type Issue = { readonly path: string; readonly message: string; readonly hint: string }

/** An issue as one line: `vms[0].vcpus: must be at least 1 (hint: …)`. */
export function formatIssue(issue: Issue): string {
  const where = issue.path === '' ? 'file' : issue.path
  return issue.hint === ''
    ? `${where}: ${issue.message}`
    : `${where}: ${issue.message} (hint: ${issue.hint})`
}
