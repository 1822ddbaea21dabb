/**
 * Whether Electron's binary is there, without `require('electron')`: that would start a download.
 * The package has no install script, so a fresh clone has the package but not the binary.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** Where to look; the process and the project have all of it. */
export type ElectronPlace = {
  /** The folder of the electron package. */
  readonly packageDir: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
}

/** The binary's path, or why there is none. */
export type ElectronBinary =
  | { readonly kind: 'found'; readonly program: string }
  | { readonly kind: 'missing'; readonly reason: string; readonly canInstall: boolean }

const PROGRAMS: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  linux: 'electron',
  win32: 'electron.exe',
}

/** Finds the binary: the user's own distribution, else the one of exactly the package's version. */
export function findElectron(place: ElectronPlace): ElectronBinary {
  const name = PROGRAMS[place.platform]
  if (name === undefined) return missing(`Electron does not exist for ${place.platform}`)
  const override = place.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override !== undefined && override !== '') {
    const program = path.join(override, name)
    return existsSync(program)
      ? { kind: 'found', program }
      : missing(`ELECTRON_OVERRIDE_DIST_PATH holds no ${name}`)
  }
  const wanted = packageVersion(place.packageDir)
  if (wanted === null) return missing('the electron package is not installed')
  const program = path.join(place.packageDir, 'dist', name)
  const version = readText(path.join(place.packageDir, 'dist', 'version'))
    .replace(/^v/, '')
    .trim()
  if (existsSync(program) && version === wanted) return { kind: 'found', program }
  const reason =
    version === ''
      ? `Electron ${wanted} is not downloaded`
      : `Electron ${version} is there instead of ${wanted}`
  return missing(reason, true)
}

function packageVersion(packageDir: string): string | null {
  const text = readText(path.join(packageDir, 'package.json'))
  return text === '' ? null : (JSON.parse(text) as { version: string }).version
}

function missing(reason: string, canInstall = false): ElectronBinary {
  return { kind: 'missing', reason, canInstall }
}

function readText(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
