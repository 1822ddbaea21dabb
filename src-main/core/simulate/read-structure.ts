/** read-structure: a parsed file against its schema; a file of another kind is one issue. */
import * as v from 'valibot'
import { err, ok } from '../base/result.ts'
import type { Issue, Result } from '../base/result.ts'
import { schemaIssues } from '../base/schema-issues.ts'

const HINTS: Readonly<Record<string, string>> = {
  scenario: 'this file describes a single scenario',
  campaign: 'this file describes a campaign',
  workload: 'this file describes a workload: put it under a VM as workload.definition',
}

/** The file with its defaults, or what is wrong with its structure. */
export function readStructure<T>(
  schema: v.GenericSchema<unknown, T>,
  input: unknown,
): Result<T, readonly Issue[]> {
  const parsed = v.safeParse(schema, input)
  if (parsed.success) return ok(parsed.output)
  const issues = schemaIssues(schema, input, parsed.issues)
  const kind = issues.find((issue) => issue.path === 'kind')
  if (kind === undefined) return err(issues)
  const given = String((input as Readonly<Record<string, unknown>>)['kind'])
  const hint = Object.hasOwn(HINTS, given) ? (HINTS[given] ?? '') : kind.hint
  return err([{ ...kind, hint }])
}
