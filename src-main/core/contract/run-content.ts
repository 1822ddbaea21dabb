/**
 * What makes a run the run it is: its scenario and its result, without the wall time that the
 * machine happened to need. The store and the archive hash this text.
 */
import { canonicalJson } from '../base/canonical-json.ts'
import type { RunResult } from './result.ts'
import type { Scenario } from './scenario.ts'

/** Canonical JSON of `{result, scenario}` with `result.wallMs` left out; hash it with SHA-256. */
export function runContentJson(scenario: Scenario, result: RunResult): string {
  return canonicalJson({ result: { ...result, wallMs: undefined }, scenario })
}
