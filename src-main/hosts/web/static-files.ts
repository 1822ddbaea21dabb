/**
 * The built renderer, read once at start. A request can only name a key of this map, so there is no
 * path to traverse, and a rebuild under a running app cannot mix two versions.
 */
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { LabError } from '../../core/contract/wire-error.ts'

/** One file of the renderer, ready to send. */
export type StaticFile = {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** The Content-Type. */
  readonly mediaType: string
  /** The Cache-Control. */
  readonly cacheControl: string
}

/** Files by URL path: `/` and `/assets/index-Bx3k.js`. */
export type StaticFiles = ReadonlyMap<string, StaticFile>

const MEDIA_TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}

const INDEX = 'index.html'
const ASSETS = 'assets/'

/**
 * Reads every servable file under a folder; other kinds (source maps, links) are left out.
 * Throws LabError `not-found` when the renderer was not built.
 */
export async function readStaticFiles(folder: string): Promise<StaticFiles> {
  const files = new Map<string, StaticFile>()
  for (const name of await listFiles(folder)) {
    const mediaType = MEDIA_TYPES[path.extname(name)]
    if (mediaType === undefined) continue
    const bytes = new Uint8Array(await readFile(path.join(folder, name)))
    files.set(`/${name}`, { bytes, mediaType, cacheControl: cacheControl(name) })
  }
  const index = files.get(`/${INDEX}`)
  if (index === undefined) throw notBuilt(folder)
  return files.set('/', index)
}

/** Names of all files below a folder, with `/`; [] without the folder. Works inside an asar. */
async function listFiles(folder: string, below = ''): Promise<string[]> {
  const entries = await readdir(path.join(folder, below), { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    },
  )
  const names: string[] = []
  for (const entry of entries) {
    const name = `${below}${entry.name}`
    if (entry.isDirectory()) names.push(...(await listFiles(folder, `${name}/`)))
    else if (entry.isFile()) names.push(name)
  }
  return names
}

/** Names under assets/ hold a hash of their contents; everything else may change under its name. */
function cacheControl(name: string): string {
  return name.startsWith(ASSETS) ? 'private, max-age=31536000, immutable' : 'no-store'
}

function notBuilt(folder: string): LabError {
  const where = path.join(folder, INDEX)
  return new LabError('not-found', `the workbench is not built: no ${where}`, 'Run: npm run build')
}
