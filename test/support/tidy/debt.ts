// Known exceptions to the tidy rules. Each is listed with a date and a reason in
// test/tidy-debt.json, and an entry that no longer excuses anything must go.
import type { Violation } from './source-files.ts'

/** One listed exception: every violation of `rule` in `file`. `since` is a date (YYYY-MM-DD). */
export interface Debt {
  readonly file: string
  readonly rule: string
  readonly since: string
  readonly reason: string
}

/** The violations that no entry excuses, as lines `file:line [rule] message`, in file order. */
export function unexcused(violations: readonly Violation[], debts: readonly Debt[]): string[] {
  return violations
    .filter((violation) => !debts.some((debt) => excuses(debt, violation)))
    .map(({ file, line, rule, message }) => `${file}:${line} [${rule}] ${message}`)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}

/** What is wrong with the list itself: entries without a date or reason, or with no use left. */
export function debtProblems(violations: readonly Violation[], debts: readonly Debt[]): string[] {
  return debts.flatMap((debt) => {
    const name = `${debt.file} [${debt.rule}]`
    if (!/^\d{4}-\d\d-\d\d$/.test(debt.since)) return [`${name} has no date`]
    if (debt.reason.trim() === '') return [`${name} has no reason`]
    const isUsed = violations.some((violation) => excuses(debt, violation))
    return isUsed ? [] : [`${name} is paid; remove the entry`]
  })
}

function excuses(debt: Debt, violation: Violation): boolean {
  return debt.file === violation.file && debt.rule === violation.rule
}
