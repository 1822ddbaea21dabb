/**
 * What the lab ships for a host: the agent as one file, and a Node for hosts that have none. Both
 * are found beside the sources, in dist/, or in a packaged app.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { LabError } from '../../core/base/lab-error.ts'
import type { Payload } from './upload.ts'

const ROOT = path.join(import.meta.dirname, '..', '..', '..')
const BUNDLE = path.join(ROOT, 'dist', 'agent', 'agent.js')

/** Systems that the lab has a Node for, as `uname -sm` names them, and as npm does. */
const PLATFORMS: Readonly<Record<string, string>> = {
  'Linux x86_64': 'linux-x64',
  'Linux aarch64': 'linux-arm64',
}

/** Whether an agent can run on a system at all, `uname -sm`. */
export const isKnownSystem = (system: string): boolean => Object.hasOwn(PLATFORMS, system)

/** The agent of this lab. @throws LabError `not-found` when it was not built */
export async function agentBundle(file = BUNDLE): Promise<Payload> {
  const bytes = await readFile(file).catch(() => null)
  if (bytes === null) {
    const message = 'this lab has no agent to put on a host'
    throw new LabError('not-found', message, 'Build it (npm run build), or install the app again.')
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { kind: 'agents', sha256, bytes: bytes.length, open: () => Readable.from([bytes]) }
}

/** The Node that this lab ships for a system of `uname -sm`; null when it ships none. */
export async function shippedNode(system: string): Promise<Payload | null> {
  const platform = PLATFORMS[system]
  if (platform === undefined) return null
  for (const file of places(platform)) {
    const found = await stat(file).catch(() => null)
    if (found === null) continue
    const open = () => createReadStream(file)
    return { kind: 'node', sha256: await hashOf(file), bytes: found.size, open }
  }
  return null
}

/** In a packaged app a resource, since it must not be in the archive; else npm's package. */
function places(platform: string): string[] {
  const { resourcesPath } = process as { resourcesPath?: string }
  const npm = path.join(ROOT, 'node_modules', `node-${platform}`, 'bin', 'node')
  return resourcesPath === undefined ? [npm] : [path.join(resourcesPath, `node-${platform}`), npm]
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
