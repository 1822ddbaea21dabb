/** The folder that a library lies in: made where it is ours, demanded where the user chose it. */
import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { LabError } from '../core/base/lab-error.ts'
import { defaultDatabaseFile } from './default-paths.ts'

/**
 * Makes the default library's folder; any other must exist, so that a mistyped path is noticed.
 * @throws LabError `not-found` without the folder, `bad-input` where the library would be a folder
 */
export function prepareFolder(databaseFile: string): void {
  if (isFolder(databaseFile)) {
    const hint = 'name a file, e.g. library.sqlite in it'
    throw new LabError('bad-input', `${databaseFile} is a folder, not a library`, hint)
  }
  const folder = path.dirname(databaseFile)
  if (isFolder(folder)) return
  if (databaseFile === defaultDatabaseFile()) {
    mkdirSync(folder, { recursive: true })
    return
  }
  throw new LabError('not-found', `there is no folder ${folder}`, 'make it, or check the path')
}

function isFolder(name: string): boolean {
  try {
    return statSync(name).isDirectory()
  } catch {
    // Whatever cannot be looked at cannot be used as a folder either.
    return false
  }
}
