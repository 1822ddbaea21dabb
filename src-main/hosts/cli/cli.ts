/** The frame of every command: options, terminal, lab, errors and exit codes in one place. */
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import path from 'node:path'
import packageJson from '../../../package.json' with { type: 'json' }
import { formatIssue } from '../../core/base/result.ts'
import {
  defaultDatabaseFile,
  defaultUserFolder,
  InputError,
  LabError,
  openLab,
} from '../../lab/index.ts'
import type { Lab, UserPlaces } from '../../lab/index.ts'
import { EXIT, exitCodeOf } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'
import { Interrupts } from './interrupts.ts'
import { Terminal } from './output/terminal.ts'

/** Version of this app. */
export const APP_VERSION: string = packageJson.version

const WORKERS_MAX = 256

/** Options that every command knows. */
export type CommonOptions = {
  readonly db: string
  readonly quiet: boolean
  readonly workers?: number
  readonly schemeFile: readonly string[]
  readonly workloadFile: readonly string[]
}

/** What a command's action works with. */
export type Session<Options> = {
  readonly options: Options & CommonOptions
  readonly terminal: Terminal
  readonly interrupts: Interrupts
  /** Opens the library (or the named one), once; it is closed when the command ends. */
  readonly lab: (file?: string) => Promise<Lab>
}

/** A command's action. */
export type Action<Options> = (
  session: Session<Options>,
  ...args: string[]
) => Promise<ExitCode> | ExitCode

/** Adds the options that every command knows. */
export function addCommonOptions(program: Command): void {
  program
    .option('--db <file>', 'the library’s SQLite file', absolute, defaultDatabaseFile())
    .option(
      '--workers <n>',
      'simulation workers (default: one for each CPU)',
      wholeNumber(1, WORKERS_MAX),
    )
    .option('--scheme-file <file>', 'a scheme of your own (TypeScript); repeatable', collect, [])
    .option('--workload-file <file>', 'a workload of your own (YAML); repeatable', collect, [])
    .option('-q, --quiet', 'print results and errors only', false)
}

/** Gives a command its action; the process's exit code is the action's. */
export function act<Options>(command: Command, action: Action<Options>): void {
  command.action(async (...given: unknown[]) => {
    const args = given.slice(0, command.registeredArguments.length).map(text)
    process.exitCode = await perform(command, action, args)
  })
}

async function perform<Options>(
  command: Command,
  action: Action<Options>,
  args: readonly string[],
): Promise<ExitCode> {
  const options = command.optsWithGlobals<Options & CommonOptions>()
  const { stdout: out, stderr: err, env: environment } = process
  const terminal = new Terminal({ out, err, quiet: options.quiet, environment })
  const interrupts = new Interrupts(terminal)
  let opening: Promise<Lab> | null = null
  const lab = async (file = options.db): Promise<Lab> => {
    opening ??= openFor(file, options, terminal)
    try {
      return await opening
    } catch (error) {
      opening = null
      throw error
    }
  }
  try {
    return await action({ options, terminal, interrupts, lab }, ...args)
  } catch (error) {
    return complain(terminal, error)
  } finally {
    await close(opening, terminal)
    interrupts.dispose()
  }
}

async function openFor(
  databaseFile: string,
  options: CommonOptions,
  terminal: Terminal,
): Promise<Lab> {
  const { workers } = options
  const lab = await openLab({
    databaseFile,
    host: 'cli',
    appVersion: APP_VERSION,
    userPlaces: userPlaces(options),
    ...(workers === undefined ? {} : { workers }),
  })
  const label = terminal.paintMessage('yellow', 'not loaded:')
  for (const { message } of lab.userProblems) terminal.complain(`${label} ${visible(message)}`)
  return lab
}

/** Where this user's own schemes and workloads are. */
export const userPlaces = ({ schemeFile, workloadFile }: CommonOptions): UserPlaces => ({
  folder: defaultUserFolder(),
  schemeFiles: schemeFile,
  workloadFiles: workloadFile,
})

const collect = (file: string, before: readonly string[]): readonly string[] => [...before, file]

async function close(opening: Promise<Lab> | null, terminal: Terminal): Promise<void> {
  if (opening === null) return
  const [opened] = await Promise.allSettled([opening])
  // A library that did not open was complained about where it was needed.
  if (opened.status === 'rejected') return
  try {
    await opened.value.close()
  } catch (error) {
    complain(terminal, error)
  }
}

/** Prints an error as one line and a hint, a refused file as one line for each problem. */
export function complain(terminal: Terminal, error: unknown): ExitCode {
  const label = terminal.paintMessage('red', 'error:')
  if (error instanceof InputError) {
    for (const issue of error.issues) terminal.complain(`${label} ${visible(formatIssue(issue))}`)
    return EXIT.badInput
  }
  if (error instanceof LabError) {
    terminal.complain(`${label} ${visible(error.message)}`)
    if (error.hint !== '')
      terminal.complain(`${terminal.paintMessage('dim', 'hint:')} ${visible(error.hint)}`)
    return exitCodeOf(error.code)
  }
  terminal.complain(
    `${label} ${error instanceof Error ? (error.stack ?? error.message) : text(error)}`,
  )
  return EXIT.internal
}

/** Text from a file or an option on one line, in which nothing steers the terminal. */
const visible = (message: string): string => message.replaceAll(/\p{Cc}+/gu, ' ')

/** An option's value as a whole number, `min` … `max`. */
export const wholeNumber =
  (min: number, max = Number.MAX_SAFE_INTEGER) =>
  (value: string): number => {
    const number = Number(value)
    if (!Number.isSafeInteger(number) || number < min || value.trim() === '') {
      throw new InvalidArgumentError(`It must be a whole number of at least ${min}.`)
    }
    if (number > max) throw new InvalidArgumentError(`It must be at most ${max}.`)
    return number
  }

/** An option's value as a list: `cfs,gang`. */
export const list = (value: string): string[] => value.split(',').map((item) => item.trim())

function absolute(file: string): string {
  if (file === '') throw new InvalidArgumentError('It must name a file.')
  return file === ':memory:' ? file : path.resolve(file)
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
