/** Looks for programs without starting them: nothing but `remote` starts programs. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** The first of the named programs that is on the PATH, or null. */
export function findProgram(
  names: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | null {
  const folders = (environment['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  for (const name of names) {
    for (const folder of folders) {
      for (const suffix of suffixes) {
        const file = path.join(folder, name + suffix)
        if (isExecutable(file)) return file
      }
    }
  }
  return null
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The folder of an installed package, or null where it is not installed (or packed away). */
export function packageFolder(name: string): string | null {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? []
  const folders = paths.map((folder) => path.join(folder, name))
  return folders.find((folder) => existsSync(path.join(folder, 'package.json'))) ?? null
}

/** The Electron binary's state: where it is, or why there is none. Never loads the package. */
export function findElectron(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): { readonly folder: string | null; readonly version: string } {
  const override = environment['ELECTRON_OVERRIDE_DIST_PATH']
  const installed = packageFolder('electron')
  const folder = override ?? (installed === null ? null : path.join(installed, 'dist'))
  if (folder === null || !existsSync(path.join(folder, executable()))) {
    return { folder: null, version: '' }
  }
  return { folder, version: readVersion(path.join(folder, 'version')) }
}

function executable(): string {
  if (process.platform === 'win32') return 'electron.exe'
  return process.platform === 'darwin' ? 'Electron.app' : 'electron'
}

function readVersion(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : 'of unknown version'
}
