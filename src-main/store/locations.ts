/**
 * Where the store finds its worker and migrations: beside the source, in dist/, in a package. The
 * build makes each `x.worker.ts` into the self-contained `dist/workers/x/x.js`.
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { assert } from '../core/base/assert.ts'

const here = fileURLToPath(import.meta.url)

/** Threads cannot start from inside an asar archive; the package holds the workers unpacked. */
const unpacked = (file: string): string => file.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked')

/** The worker's module: the source when run from source, else the bundle. */
export function defaultWorkerUrl(): URL {
  if (here.endsWith('.ts')) return new URL('store.worker.ts', import.meta.url)
  const bundle = findUp(path.join('workers', 'store', 'store.js'))
  assert(bundle !== undefined, 'the store worker is not where the build puts it')
  return pathToFileURL(unpacked(bundle))
}

/** The folder of the migrations: the package's resources, or the project's. */
export function defaultMigrationsFolder(): string {
  const { resourcesPath } = process as { resourcesPath?: string }
  const packaged = resourcesPath === undefined ? undefined : path.join(resourcesPath, 'migrations')
  if (packaged !== undefined && existsSync(packaged)) return packaged
  const folder = findUp('migrations')
  assert(folder !== undefined, 'there is no folder of migrations')
  return folder
}

/** The nearest `name` in a folder above this file. */
function findUp(name: string): string | undefined {
  for (let folder = path.dirname(here); ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, name)
    if (existsSync(candidate)) return candidate
    if (folder === path.dirname(folder)) return undefined
  }
}
