// Counts the outcome of a test run for the runner's last line. Vitest's own summary leaves out
// what went wrong outside a test (a file that does not load, an unhandled rejection); here that is
// a failure.
import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/** Environment variable with the file that the counts are written to. */
export const COUNTS_FILE_VARIABLE = 'FLEXLAB_TEST_COUNTS'

/** Outcome of one test run; `failed` includes files that did not load and unhandled errors. */
export interface Counts {
  passed: number
  failed: number
  skipped: number
}

/** The last line to print, and the exit code: 0 only when tests ran and all of them passed. */
export function verdict(counts: Counts, vitestCode: number): { line: string; exitCode: 0 | 1 } {
  const { passed, skipped } = counts
  const isFailure = counts.failed > 0 || passed === 0 || vitestCode !== 0
  const failed = isFailure ? Math.max(counts.failed, 1) : 0
  const rest = skipped > 0 ? `, ${skipped} skipped` : ''
  return { line: `${passed} passed, ${failed} failed${rest}`, exitCode: isFailure ? 1 : 0 }
}

/** The reporter that Vitest constructs from its `--reporter` argument. */
export default class CountingReporter implements Reporter {
  /** Called once by Vitest after the last test. */
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const counts: Counts = { passed: 0, failed: errors.length, skipped: 0 }
    for (const module of modules) countModule(module, counts)
    const file = process.env[COUNTS_FILE_VARIABLE]
    if (file !== undefined) writeFileSync(file, JSON.stringify(counts))
  }
}

function countModule(module: TestModule, counts: Counts): void {
  counts.failed += module.errors().length
  for (const suite of module.children.allSuites()) counts.failed += suite.errors().length
  for (const test of module.children.allTests()) {
    const { state } = test.result()
    if (state === 'passed') counts.passed += 1
    else if (state === 'skipped') counts.skipped += 1
    // A test still pending when the run ends never gave a verdict.
    else counts.failed += 1
  }
}
