/** read-scenario: scenario text in, a checked scenario or a list of what is wrong with it out. */
import { err, ok } from '../base/result.ts'
import type { Issue, Result } from '../base/result.ts'
import { issuesUnder } from '../base/schema-issues.ts'
import { ScenarioSchema } from '../contract/scenario.ts'
import type { Scenario } from '../contract/scenario.ts'
import { buildSpec } from './build-spec.ts'
import { checkMeasured } from './check-measured.ts'
import { fillCalibrated } from './calibrated-host.ts'
import { checkScheme } from './check-scheme.ts'
import { selfContained, SHIPPED } from './known.ts'
import type { Known } from './known.ts'
import { readStructure } from './read-structure.ts'
import { readYaml } from './read-yaml.ts'

/** What is wrong with a scenario whose structure is right: names, ranges, limits. */
export function checkScenario(scenario: Scenario, known: Known = SHIPPED): readonly Issue[] {
  if (scenario.measured !== undefined) return checkMeasured(scenario)
  const spec = buildSpec(scenario)
  return [
    ...(spec.ok ? [] : spec.error),
    ...issuesUnder('scheme', checkScheme(scenario.scheme, known)),
  ]
}

/**
 * A scenario from a value that was parsed already (JSON over the bridge, an expanded cell). What it
 * names of the user's own is part of it from then on.
 */
export function readScenarioValue(
  input: unknown,
  known: Known = SHIPPED,
): Result<Scenario, readonly Issue[]> {
  try {
    const filled = fillCalibrated(input, known.calibrated)
    if (!filled.ok) return filled
    const parsed = readStructure(ScenarioSchema, filled.value)
    if (!parsed.ok) return parsed
    const isMeasured = parsed.value.measured !== undefined
    const scenario = isMeasured ? parsed.value : selfContained(parsed.value, known)
    const issues = checkScenario(scenario, known)
    return issues.length > 0 ? err(issues) : ok(scenario)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return err([{ path: '', message: 'is nested too deeply', hint: '' }])
  }
}

/** A scenario from YAML or JSON text. Never throws on any text. */
export function readScenario(
  text: string,
  known: Known = SHIPPED,
): Result<Scenario, readonly Issue[]> {
  const value = readYaml(text)
  return value.ok ? readScenarioValue(value.value, known) : value
}
