// Where the bed finds programs: some are in sbin, which is not on everybody's PATH.
import { accessSync, constants } from 'node:fs'
import path from 'node:path'

const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin']

/**
 * The absolute path of a program on the PATH or in a system folder.
 *
 * @throws Error when there is none; `npm run setup:debian` installs all that the bed uses
 */
export function findProgram(name: string): string {
  const found = searchPath()
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find(isExecutable)
  if (found !== undefined) return found
  throw new Error(`${name} is not installed; npm run setup:debian installs what the bed needs`)
}

/** The PATH with the folders of system programs at its end. */
export function searchPath(): string {
  return [process.env['PATH'] ?? '', ...SYSTEM_FOLDERS].join(path.delimiter)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
