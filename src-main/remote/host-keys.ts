/**
 * Host keys: first use asks, afterwards only that key. ssh itself decides what is known, changed or
 * revoked, with hashed files, certificates and hosts on the way; the lab only learns the key of an
 * unknown host without trusting it, shows its fingerprint, and on consent writes down that key.
 */
import { createHash } from 'node:crypto'
import { appendFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { LabError } from '../core/base/lab-error.ts'
import { err, ok, type Result } from '../core/base/result.ts'
import type { OpenSsh, SshHost } from './open-ssh.ts'
import { failureKind, isRefusedBy, sshFailure } from './ssh-failure.ts'

/** A host's public key. `fingerprint` as ssh-keygen shows it: `SHA256:…`. */
export type HostKey = {
  /** The name it is kept under: `host` or `[host]:port`. */
  readonly name: string
  readonly type: string
  readonly fingerprint: string
  /** The line of a known_hosts file. */
  readonly line: string
}

/** Whether a host's key is known; an unknown one with the key that it shows. */
export type HostKeyState =
  { readonly state: 'known' } | { readonly state: 'unknown'; readonly key: HostKey }

/** As far as the host's key, and no further: nothing of ours is offered to the host. */
const KEY_ONLY = 'PreferredAuthentications=none'

const KNOWN_HOSTS_LINE =
  /^([A-Za-z0-9._:[\]-]+) ((?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+) ([A-Za-z0-9+/]+={0,2})$/

/**
 * Asks a host for its key and ssh whether that is known.
 * @throws LabError `conflict` when it is another than the known one, or revoked; `unavailable` when
 *   the host cannot be reached
 */
export async function checkHostKey(
  ssh: OpenSsh,
  host: SshHost,
  signal?: AbortSignal,
): Promise<HostKeyState> {
  const exit = await ssh.connect(host, [KEY_ONLY], signal)
  if (exit.code === 0) return { state: 'known' }
  if (isRefusedBy(host.resolved, exit.stderr)) return { state: 'known' }
  if (failureKind(exit.stderr) !== 'unknown-key') throw sshFailure(host, exit)
  return { state: 'unknown', key: await learnKey(ssh, host, signal) }
}

/**
 * Keeps the key that a host shows, if it has the fingerprint that the user accepted.
 * @throws LabError `conflict` when it shows another; otherwise as checkHostKey
 */
export async function trustHostKey(
  ssh: OpenSsh,
  host: SshHost,
  fingerprint: string,
  signal?: AbortSignal,
): Promise<void> {
  const found = await checkHostKey(ssh, host, signal)
  if (found.state === 'known') return
  if (found.key.fingerprint !== fingerprint) {
    throw new LabError(
      'conflict',
      `${host.target} shows the key ${found.key.fingerprint}, not ${fingerprint}`,
      'Compare again; a host that shows two keys may be two hosts.',
    )
  }
  await appendLine(ssh.knownHostsFile, found.key.line)
}

/** ssh writes the key of an unknown host into a file that is thrown away afterwards. */
async function learnKey(ssh: OpenSsh, host: SshHost, signal?: AbortSignal): Promise<HostKey> {
  const folder = await mkdtemp(path.join(ssh.folder, 'key-'))
  const file = path.join(folder, 'offered')
  const options = [
    KEY_ONLY,
    'StrictHostKeyChecking=accept-new',
    `UserKnownHostsFile=${file}`,
    'GlobalKnownHostsFile=/dev/null',
  ]
  try {
    const exit = await ssh.connect(host, options, signal)
    const parsed = parseKnownHosts(await readIfThere(file))
    if (parsed.ok) return parsed.value
    // Without a key of the host's, it was one on the way that is not known, or a failure between.
    throw sshFailure(host, exit)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The one key in a known_hosts file. */
function parseKnownHosts(text: string): Result<HostKey, string> {
  const lines = text.split('\n').filter((line) => line !== '')
  const [line = ''] = lines
  const match = KNOWN_HOSTS_LINE.exec(line)
  if (lines.length !== 1 || match === null) return err('not one line with one host key')
  const [, name = '', type = '', blob = ''] = match
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64')
  return ok({ name, type, fingerprint: `SHA256:${digest.replace(/=+$/, '')}`, line })
}

/** One write at the end of the file, so that two processes do not undo each other's. */
async function appendLine(file: string, line: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const before = await readIfThere(file)
  const separator = before === '' || before.endsWith('\n') ? '' : '\n'
  await appendFile(file, `${separator}${line}\n`, { mode: 0o600 })
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
