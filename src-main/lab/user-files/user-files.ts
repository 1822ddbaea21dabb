/** user-files: finds and reads the schemes and workloads that a user has added; judges nothing. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

/** Where a user's own files are looked for. */
export type UserPlaces = {
  /** Its `schemes` and `workloads` are read; null: no folder. */
  readonly folder: string | null
  /** Files named by the user: a problem with one of them is an error. */
  readonly schemeFiles: readonly string[]
  readonly workloadFiles: readonly string[]
}

/** A file of the user's. `named`: by the user, not found in the folder. */
export type UserFile = { readonly file: string; readonly named: boolean }

/** A file's text and its SHA-256, 64 hex digits. */
export type UserText = UserFile & { readonly text: string; readonly sha256: string }

/** Why a file cannot be used; the message names it. */
export type Refusal = { readonly message: string; readonly hint: string }

/** A file of the user's that cannot be used. */
export type UserProblem = UserFile & Refusal

const SCHEME = /\.(?:ts|mts|js|mjs)$/
const TYPES_ONLY = /\.d\.m?ts$/
const WORKLOAD = /\.(?:ya?ml|json)$/

/** The scheme files of the user's places, those of the folder first, by name. */
export const schemeFiles = ({ folder, schemeFiles: named }: UserPlaces): readonly UserFile[] => [
  ...filesIn(folder, 'schemes', (name) => SCHEME.test(name) && !TYPES_ONLY.test(name)),
  ...namedFiles(named),
]

/** The workload files of the user's places. */
export const workloadFiles = ({
  folder,
  workloadFiles: named,
}: UserPlaces): readonly UserFile[] => [
  ...filesIn(folder, 'workloads', (name) => WORKLOAD.test(name)),
  ...namedFiles(named),
]

const namedFiles = (files: readonly string[]): readonly UserFile[] =>
  [...new Set(files.map((file) => path.resolve(file)))].map((file) => ({ file, named: true }))

function filesIn(
  folder: string | null,
  kind: string,
  fits: (name: string) => boolean,
): readonly UserFile[] {
  if (folder === null) return []
  const files = namesIn(path.join(folder, kind)).filter(fits).sort()
  return files.map((name) => ({ file: path.join(folder, kind, name), named: false }))
}

/** Without the folder there is nothing of the user's, which is how it starts. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** The text of a file, or why it cannot be had. */
export function readUserFile(file: UserFile, lengthMax: number): UserText | UserProblem {
  try {
    if (statSync(file.file).size > 4 * lengthMax) return tooLong(file, lengthMax)
    const bytes = readFileSync(file.file)
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (text.length > lengthMax) return tooLong(file, lengthMax)
    return { ...file, text, sha256: createHash('sha256').update(text).digest('hex') }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ...file, message: `${file.file} cannot be read: ${reason}`, hint: '' }
  }
}

const tooLong = (file: UserFile, lengthMax: number): UserProblem => ({
  ...file,
  message: `${file.file} is longer than ${lengthMax} characters`,
  hint: 'is this the right file?',
})
