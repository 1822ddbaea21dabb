/**
 * From a host to a session: ask what it has, put there what it lacks, start the agent, say hello.
 * What was put there stays, under its hash, so that the next time nothing is sent.
 */
import { LabError } from '../core/base/lab-error.ts'
import { agentBundle, isKnownSystem, shippedNode } from './deploy/agent-bundle.ts'
import { probeHost, type Probe } from './deploy/probe.ts'
import { START } from './deploy/scripts.ts'
import { upload, type Payload, type UploadProgress } from './deploy/upload.ts'
import { openSession, type AgentSession } from './agent-session.ts'
import type { HostShell } from './host-shell.ts'

/** How a host is connected. */
export type ConnectOptions = {
  readonly onProgress: (progress: UploadProgress) => void
  /** Told of what the agent reports outside of requests, such as a lost lease. */
  readonly onNotice: (notice: LabError) => void
  readonly signal?: AbortSignal | undefined
}

/** The oldest Node that runs the agent. */
const NODE_MAJOR_MIN = 22
/** The C library that nodejs.org's builds need. */
const GLIBC_MIN = [2, 28] as const
const INSTALL_HINT =
  'Install Node 22 or newer on the host, so that this works: ssh HOST node --version'

/**
 * A session with the agent of this lab on a host, put there first where it is missing.
 * @throws LabError what failed on the way, and what to do about it
 */
export async function connectAgent(
  shell: HostShell,
  options: ConnectOptions,
): Promise<AgentSession> {
  const bundle = await agentBundle()
  const probe = await probeHost(shell, options.signal)
  if (!isKnownSystem(probe.system)) {
    const needs = 'the agent needs Linux on x86_64 or aarch64'
    throw new LabError('unavailable', `${shell.target} is a ${probe.system}; ${needs}`)
  }
  const node = await placeNode(shell, probe, options)
  if (!probe.agents.includes(bundle.sha256)) await put(shell, probe, bundle, options)
  const transport = await shell.start(START)
  transport.input.write(`${node} ${bundle.sha256}\n`)
  const { onNotice, signal } = options
  return openSession({ shell, transport, agentSha256: bundle.sha256, onNotice, signal })
}

/** The Node that the agent runs on: the newest of the host, else the lab's. */
async function placeNode(shell: HostShell, probe: Probe, options: ConnectOptions): Promise<string> {
  const found = probe.nodes
    .filter(({ major }) => major >= NODE_MAJOR_MIN)
    .reduce<Probe['nodes'][number] | null>((a, b) => (a && a.major >= b.major ? a : b), null)
  if (found !== null) return found.place
  const shipped = await shippedNode(probe.system)
  const missing = `${shell.target} has no Node ${NODE_MAJOR_MIN} or newer`
  if (shipped === null) {
    const message = `${missing}, and this lab ships none for ${probe.system}`
    throw new LabError('unavailable', message, INSTALL_HINT)
  }
  if (isTooOld(probe.libc)) {
    const message = `${missing}, and the lab's does not run with its C library (${probe.libc})`
    throw new LabError('unavailable', message, INSTALL_HINT)
  }
  await put(shell, probe, shipped, options)
  return shipped.sha256
}

async function put(
  shell: HostShell,
  probe: Probe,
  payload: Payload,
  { onProgress, signal }: ConnectOptions,
): Promise<void> {
  if (!probe.canWrite) {
    const message = `${probe.home} of ${shell.target} cannot be written`
    throw new LabError('unavailable', message, 'The agent goes into ~/.cache/flexlab there.')
  }
  if (probe.freeBytes !== null && probe.freeBytes < payload.bytes) {
    const needs = `${megabytes(payload.bytes)} MB are needed`
    const message = `${shell.target} has ${megabytes(probe.freeBytes)} MB free, ${needs}`
    throw new LabError('unavailable', message, 'Make room in the home folder there.')
  }
  await upload(shell, payload, { gzip: probe.canGunzip, onProgress, signal })
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)

/** musl, or a glibc older than nodejs.org builds for; what cannot be told is tried. */
function isTooOld(libc: string): boolean {
  if (/musl/i.test(libc)) return true
  const version = /(?:glibc|GLIBC|GNU libc)\D*(\d+)\.(\d+)/.exec(libc)
  if (version === null) return false
  const [major, minor] = [Number(version[1]), Number(version[2])]
  return major < GLIBC_MIN[0] || (major === GLIBC_MIN[0] && minor < GLIBC_MIN[1])
}
