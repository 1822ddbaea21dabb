/**
 * `npm start`: the desktop app where it can run, else the same workbench in the browser, saying
 * which and why. Runs in Node, not in Electron, and never imports it.
 */
import path from 'node:path'
import { hasDisplay, serveLab } from '../web/index.ts'
import type { ServeLabOptions } from '../web/index.ts'
import { runToEnd } from '../web/start-program.ts'
import { databaseArgument, fileArguments } from './arguments.ts'
import { findElectron } from './electron-binary.ts'
import type { ElectronBinary } from './electron-binary.ts'

/** What the launcher asks of the machine; a test gives its own. */
export type LaunchMachine = {
  readonly hasDisplay: () => boolean
  readonly isRoot: () => boolean
  readonly findElectron: () => ElectronBinary
  /** Downloads Electron's binary; resolves to the installer's exit code. */
  readonly installElectron: (signal: AbortSignal) => Promise<number>
  /** Runs a program until it ends; resolves to its exit code. */
  readonly run: (program: string, args: readonly string[], signal: AbortSignal) => Promise<number>
  readonly nowMs: () => number
  readonly serve: (options: ServeLabOptions) => Promise<void>
}

/** How to start; the options of serving are used when it comes to that. */
export type StartOptions = Omit<ServeLabOptions, 'open'>

const ROOT = path.join(import.meta.dirname, '..', '..', '..')
const ELECTRON = path.join(ROOT, 'node_modules', 'electron')

/** An Electron that fails sooner never showed a window: a library or its sandbox is missing. */
const START_FAILED_WITHIN_MS = 15_000

/**
 * Starts the workbench and resolves to an exit code when it has ended.
 * Throws LabError like serveLab, when it comes to serving.
 */
export async function start(
  options: StartOptions,
  machine: LaunchMachine = thisMachine(),
): Promise<number> {
  const desktop = await findDesktop(options, machine)
  if (desktop.kind === 'found') {
    const code = await runDesktop(desktop.program, options, machine)
    if (code !== null) return code
  } else {
    options.say(`Starting in the browser: ${desktop.reason}.`)
  }
  await machine.serve({ ...options, open: true })
  return 0
}

/** Electron's binary, downloaded once when there is a display to show it on. */
async function findDesktop(
  { say, signal }: StartOptions,
  machine: LaunchMachine,
): Promise<ElectronBinary> {
  if (!machine.hasDisplay()) return noDesktop('there is no display for the desktop app')
  if (machine.isRoot()) return noDesktop('the desktop app does not run as root, for its sandbox')
  const first = machine.findElectron()
  if (first.kind === 'found' || !first.canInstall) return first
  say(`${first.reason}: downloading it now, once (about 110 MB) …`)
  const code = await machine.installElectron(signal)
  if (code !== 0) return noDesktop(`Electron could not be downloaded (exit code ${code})`)
  return machine.findElectron()
}

/** Runs the desktop app; null when it could not start, so that the browser is next. */
async function runDesktop(
  program: string,
  { databaseFile, userPlaces, say, signal }: StartOptions,
  machine: LaunchMachine,
): Promise<number | null> {
  say('Starting the desktop app.')
  const startedMs = machine.nowMs()
  const files = userPlaces === undefined ? [] : fileArguments(userPlaces)
  const args = [ROOT, databaseArgument(databaseFile), ...files]
  const code = await machine.run(program, args, signal)
  const isEarly = machine.nowMs() - startedMs < START_FAILED_WITHIN_MS
  if (code === 0 || signal.aborted || !isEarly) return code
  say(`Starting in the browser: the desktop app did not start (exit code ${code}).`)
  return null
}

function noDesktop(reason: string): ElectronBinary {
  return { kind: 'missing', reason, canInstall: false }
}

function thisMachine(): LaunchMachine {
  const installer = path.join(ELECTRON, 'install.js')
  return {
    hasDisplay: () => hasDisplay(process),
    isRoot: () => process.getuid?.() === 0,
    findElectron: () =>
      findElectron({ packageDir: ELECTRON, env: process.env, platform: process.platform }),
    installElectron: (signal) => runToEnd(process.execPath, [installer], { signal }),
    run: (program, args, signal) => runToEnd(program, args, { env: desktopEnv(), signal }),
    nowMs: () => performance.now(),
    serve: serveLab,
  }
}

/** With this variable set, e.g. by an editor's terminal, Electron would be a plain Node. */
function desktopEnv(): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  return env
}
