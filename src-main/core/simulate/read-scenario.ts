/** read-scenario: scenario text in, a checked scenario or a list of what is wrong with it out. */
import * as v from 'valibot'
import { err, ok } from '../base/result.ts'
import type { Issue, Result } from '../base/result.ts'
import { issuesUnder, schemaIssue } from '../base/schema-issues.ts'
import { ScenarioSchema } from '../contract/scenario.ts'
import type { Scenario } from '../contract/scenario.ts'
import { buildSpec } from './build-spec.ts'
import { checkScheme } from './check-scheme.ts'
import { readYaml } from './read-yaml.ts'

/** What is wrong with a scenario whose structure is right: names, ranges, limits. */
export function checkScenario(scenario: Scenario): readonly Issue[] {
  const spec = buildSpec(scenario)
  return [...(spec.ok ? [] : spec.error), ...issuesUnder('scheme', checkScheme(scenario.scheme))]
}

/** A scenario from a value that was parsed already (JSON over the bridge, an expanded cell). */
export function readScenarioValue(input: unknown): Result<Scenario, readonly Issue[]> {
  try {
    const parsed = v.safeParse(ScenarioSchema, input)
    if (!parsed.success) {
      return err(parsed.issues.map((issue) => schemaIssue(ScenarioSchema, input, issue)))
    }
    const issues = checkScenario(parsed.output)
    return issues.length > 0 ? err(issues) : ok(parsed.output)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return err([{ path: '', message: 'is nested too deeply', hint: '' }])
  }
}

/** A scenario from YAML or JSON text. Never throws on any text. */
export function readScenario(text: string): Result<Scenario, readonly Issue[]> {
  const value = readYaml(text)
  return value.ok ? readScenarioValue(value.value) : value
}
