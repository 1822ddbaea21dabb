/** workloads: what VMs run. Data files in, the flat programs of the model out. */
import { didYouMean } from '../base/did-you-mean.ts'
import { err } from '../base/result.ts'
import type { Issue, Result } from '../base/result.ts'
import type { WorkloadSpec } from '../model/program.ts'
import { compileDefinition } from './compile-definition.ts'
import type { Names } from './expression.ts'
import { APP_IDS, findWorkload } from './library.ts'

export { compileDefinition } from './compile-definition.ts'
export { APP_IDS, findWorkload, WORKLOADS } from './library.ts'
export { readWorkload } from './read-workload.ts'
export { allParams, paramIssue, resolveParams } from './resolve-params.ts'
export type { WorkloadFile, WorkloadParam } from './workload-file.ts'

/** The issue of an app id that nothing is known about; path `app`. */
export const unknownApp = (app: string): Issue => ({
  path: 'app',
  message: `"${app}" is not a known app`,
  hint: didYouMean(app, APP_IDS),
})

/**
 * Compiles a shipped workload for a VM of `vcpus`. `params.threads` defaults to `vcpus`. Issues
 * name the field: `app`, `params.cv`.
 */
export function compileWorkload(
  app: string,
  params: Names,
  vcpus: number,
): Result<WorkloadSpec, readonly Issue[]> {
  const file = findWorkload(app)
  if (file === undefined) return err([unknownApp(app)])
  const compiled = compileDefinition(file, params, vcpus)
  return compiled.ok ? compiled : err(compiled.error.map(shippedIssue))
}

/** The user of a shipped app sees its parameters, not its file: say which number they spoil. */
function shippedIssue(issue: Issue): Issue {
  const where = /^definition\.(.*)$/.exec(issue.path)?.[1]
  if (where === undefined) return issue
  return {
    ...issue,
    path: 'params',
    message: `make the program's ${where} wrong: ${issue.message}`,
  }
}
