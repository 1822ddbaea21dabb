/** load-user-files: everything that a user has added, checked; what cannot be used is a problem. */
import { err, formatIssue } from '../../core/base/result.ts'
import type { Issue, Result } from '../../core/base/result.ts'
import type { SchemeInfo } from '../../core/contract/catalogue.ts'
import { SCHEME_LENGTH_MAX } from '../../core/contract/scenario.ts'
import { SHIPPED } from '../../core/simulate/known.ts'
import type { Known, KnownScheme } from '../../core/simulate/known.ts'
import { FILE_LENGTH_MAX, readYaml } from '../../core/simulate/read-yaml.ts'
import { compileDefinition, readWorkload } from '../../core/workloads/index.ts'
import type { WorkloadFile } from '../../core/workloads/index.ts'
import { readSchemes } from './read-schemes.ts'
import type { SchemeSource } from './scheme-loader.ts'
import { readUserFile, schemeFiles, workloadFiles } from './user-files.ts'
import type { Refusal, UserFile, UserPlaces, UserProblem, UserText } from './user-files.ts'

/** What a user has added to the lab. */
export type UserFiles = {
  /** The shipped names and the user's. */
  readonly known: Known
  /** The code that the workers may run. */
  readonly sources: readonly SchemeSource[]
  readonly problems: readonly UserProblem[]
}

/** A lab to which nothing was added. */
export const NO_USER_FILES: UserFiles = { known: SHIPPED, sources: [], problems: [] }

/** vCPUs for which a workload is compiled on trial. */
const TRIAL_VCPUS = 4

/** Reads and checks all of it. Runs the users' schemes in a worker, to ask them who they are. */
export async function loadUserFiles(places: UserPlaces): Promise<UserFiles> {
  const problems: UserProblem[] = []
  const schemeTexts = readTexts(schemeFiles(places), SCHEME_LENGTH_MAX, problems)
  const readings = schemeTexts.length === 0 ? [] : await readSchemes(schemeTexts)
  const shippedSchemes = SHIPPED.schemes.map(({ info }) => info.id)
  const schemes = accept('scheme', shippedSchemes, schemeTexts, readings, problems)
  const workloadTexts = readTexts(workloadFiles(places), FILE_LENGTH_MAX, problems)
  const shippedApps = SHIPPED.workloads.map(({ id }) => id)
  const judged = workloadTexts.map(judgeWorkload)
  const workloads = accept('workload', shippedApps, workloadTexts, judged, problems)
  return {
    known: {
      ...SHIPPED,
      schemes: [...SHIPPED.schemes, ...schemes.map(knownScheme)],
      ownWorkloads: workloads.map(({ value }) => value),
    },
    sources: schemes.map(({ file, text, sha256 }) => ({ file, text, sha256 })),
    problems,
  }
}

const knownScheme = ({ file, text, sha256, value }: Accepted<SchemeInfo>): KnownScheme => ({
  info: { ...value, file },
  code: { sha256, text },
})

function readTexts(
  files: readonly UserFile[],
  lengthMax: number,
  problems: UserProblem[],
): readonly UserText[] {
  const read = files.map((file) => readUserFile(file, lengthMax))
  problems.push(...read.filter((one) => 'message' in one))
  return read.filter((one) => 'text' in one)
}

type Accepted<T> = UserText & { readonly value: T }

/** Those that are well and whose id is not taken; the others are problems. */
function accept<T extends { readonly id: string }>(
  kind: string,
  shipped: readonly string[],
  texts: readonly UserText[],
  judged: readonly Result<T, Refusal>[],
  problems: UserProblem[],
): readonly Accepted<T>[] {
  const owners = new Map(shipped.map((id) => [id, `the ${kind} that ships with the app`]))
  return texts.flatMap((text, i) => {
    const { file, named } = text
    const one = judged[i]!
    if (!one.ok) {
      problems.push({ file, named, ...one.error })
      return []
    }
    const { id } = one.value
    const owner = owners.get(id)
    if (owner !== undefined) {
      const message = `${file}: "${id}" is the id of ${owner} already`
      problems.push({ file, named, message, hint: 'give it another id' })
      return []
    }
    owners.set(id, `the ${kind} of ${file}`)
    return [{ ...text, value: one.value }]
  })
}

function judgeWorkload({ file, text }: UserText): Result<WorkloadFile, Refusal> {
  const refuse = (issues: readonly Issue[]): Result<never, Refusal> =>
    err({ message: `${file}: ${issues.map(formatIssue).join('; ')}`, hint: '' })
  const value = readYaml(text)
  if (!value.ok) return refuse(value.error)
  const workload = readWorkload(value.value)
  if (!workload.ok) return refuse(workload.error)
  const compiled = compileDefinition(workload.value, {}, TRIAL_VCPUS)
  return compiled.ok ? workload : refuse(compiled.error)
}
