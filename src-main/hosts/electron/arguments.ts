/** The arguments by which the launcher tells the desktop app which files the user has named. */
import path from 'node:path'
import type { UserPlaces } from '../../lab/index.ts'

const DATABASE_SWITCH = '--flexlab-db='
const SCHEME_SWITCH = '--flexlab-scheme-file='
const WORKLOAD_SWITCH = '--flexlab-workload-file='

/** The argument for a library's file. */
export function databaseArgument(databaseFile: string): string {
  return `${DATABASE_SWITCH}${path.resolve(databaseFile)}`
}

/** The library's file that the arguments name; null when they name none. */
export function databaseFileOf(args: readonly string[]): string | null {
  return valuesOf(args, DATABASE_SWITCH)[0] ?? null
}

/** The arguments of a start with another library. */
export const withDatabase = (args: readonly string[], databaseFile: string): string[] => [
  ...args.filter((one) => !one.startsWith(DATABASE_SWITCH)),
  databaseArgument(databaseFile),
]

type NamedFiles = Pick<UserPlaces, 'schemeFiles' | 'workloadFiles'>

/** The arguments for schemes and workloads of the user's. */
export const fileArguments = ({ schemeFiles, workloadFiles }: NamedFiles): readonly string[] => [
  ...schemeFiles.map((file) => `${SCHEME_SWITCH}${path.resolve(file)}`),
  ...workloadFiles.map((file) => `${WORKLOAD_SWITCH}${path.resolve(file)}`),
]

/** The schemes and workloads that the arguments name. */
export const namedFilesOf = (args: readonly string[]): NamedFiles => ({
  schemeFiles: valuesOf(args, SCHEME_SWITCH),
  workloadFiles: valuesOf(args, WORKLOAD_SWITCH),
})

const valuesOf = (args: readonly string[], option: string): readonly string[] =>
  args.filter((one) => one.startsWith(option)).map((one) => one.slice(option.length))
