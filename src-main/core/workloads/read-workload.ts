/** read-workload: checks the structure of a workload file, shipped or inline in a scenario. */
import * as v from 'valibot'
import { err, ok } from '../base/result.ts'
import type { Issue, Result } from '../base/result.ts'
import { schemaIssues } from '../base/schema-issues.ts'
import { WorkloadFileSchema } from './workload-file.ts'
import type { WorkloadFile } from './workload-file.ts'

/** The file, or what is wrong with its structure (paths relative to the file). */
export function readWorkload(input: unknown): Result<WorkloadFile, readonly Issue[]> {
  const parsed = v.safeParse(WorkloadFileSchema, input)
  if (parsed.success) return ok(parsed.output)
  return err(schemaIssues(WorkloadFileSchema, input, parsed.issues))
}
