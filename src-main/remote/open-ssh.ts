/**
 * The system's OpenSSH, as the lab runs it: without a shell, with a constant remote command, one
 * connection a host for all that is asked of it.
 */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { HostTarget } from '../core/contract/agent/names.ts'
import { parseResolvedHost, type ResolvedHost } from './resolved-host.ts'
import { makeRuntimeFolder, removeRuntimeFolder } from './runtime-folder.ts'
import { knownHostsOption, sshConfigText } from './ssh-options.ts'
import { sshFailure } from './ssh-failure.ts'
import { runProgram, startProgram, type Finished, type Transport } from './start-program.ts'

/** Whose keys are trusted, and where hosts are configured. */
export type SshSettings = {
  /** The app's own known_hosts file; read beside the user's, written only by consent. */
  readonly knownHostsFile: string
  /** Read instead of ~/.ssh/config and the system's, as by `ssh -F`. */
  readonly configFile?: string
}

/** A host that ssh reaches, as ssh resolved it. */
export type SshHost = { readonly target: HostTarget; readonly resolved: ResolvedHost }

/** ssh's own failures; what a remote program ends with is below it. */
export const SSH_FAILED = 255

/** How long the master stays after the last session, s: apply follows plan on one connection. */
const PERSIST_S = 30
const RESOLVE_TIMEOUT_MS = 10_000
/** ConnectTimeout of each host on the way, and what a slow login takes. */
const CONNECT_TIMEOUT_MS = 30_000
const LOCAL_TIMEOUT_MS = 5000

/**
 * Gets ssh ready: a runtime folder with its configuration.
 * @throws LabError `bad-input` for paths that ssh_config cannot hold
 */
export async function openSsh(settings: SshSettings): Promise<OpenSsh> {
  const absolute = absolutePaths(settings)
  const config = sshConfigText(absolute.knownHostsFile, absolute.configFile)
  const folder = await makeRuntimeFolder()
  await writeFile(path.join(folder, 'config'), config, { mode: 0o600 })
  return new OpenSsh(folder, absolute)
}

/** ssh, and the runtime folder that it needs. */
export class OpenSsh {
  readonly folder: string
  readonly #settings: SshSettings
  readonly #hosts = new Map<HostTarget, Promise<SshHost>>()

  /** `folder` has the configuration of ours already: see openSsh. */
  constructor(folder: string, settings: SshSettings) {
    this.folder = folder
    this.#settings = settings
  }

  get knownHostsFile(): string {
    return this.#settings.knownHostsFile
  }

  /** What ssh makes of a name. @throws LabError where its configuration cannot be read */
  host(target: HostTarget): Promise<SshHost> {
    const known = this.#hosts.get(target) ?? this.#resolve(target)
    this.#hosts.set(target, known)
    known.catch(() => this.#hosts.delete(target))
    return known
  }

  /** Starts a constant command on a host, on the connection that there is, or on a new one. */
  start(host: SshHost, command: string): Promise<Transport> {
    return startProgram(this.#argv(host, this.#shared(host), command))
  }

  /**
   * Connects anew, only as far as options like `PreferredAuthentications=none` allow, and ends.
   * The command does nothing, in case that a host lets anybody in.
   */
  connect(
    host: SshHost,
    options: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Finished> {
    const argv = this.#argv(host, ['ControlPath=none', 'ControlMaster=no', ...options], 'true')
    return runProgram(argv, { timeoutMs: CONNECT_TIMEOUT_MS, signal })
  }

  /** Ends the connections and removes the folder. */
  async close(): Promise<void> {
    const hosts = await Promise.allSettled(this.#hosts.values())
    const masters = hosts.flatMap((host) => (host.status === 'fulfilled' ? [host.value] : []))
    await Promise.all(masters.map((host) => this.#exitMaster(host)))
    await removeRuntimeFolder(this.folder)
  }

  async #resolve(target: HostTarget): Promise<SshHost> {
    const { configFile } = this.#settings
    const file = configFile === undefined ? [] : ['-F', configFile]
    const argv = ['ssh', ...file, '-G', '--', target]
    const { code, stdout, ...exit } = await runProgram(argv, { timeoutMs: RESOLVE_TIMEOUT_MS })
    const parsed = parseResolvedHost(stdout)
    if (code === 0 && parsed.ok) return { target, resolved: parsed.value }
    throw sshFailure({ target }, { code, ...exit })
  }

  async #exitMaster(host: SshHost): Promise<void> {
    if (!canShare()) return
    const options = [`ControlPath=${this.#socket(host)}`]
    const argv = ['ssh', '-F', path.join(this.folder, 'config'), ...flagged(options)]
    // Without a master this fails, which is as good.
    await runProgram([...argv, '-O', 'exit', '--', host.target], { timeoutMs: LOCAL_TIMEOUT_MS })
  }

  #argv(host: SshHost, options: readonly string[], command: string): string[] {
    const files = [this.#settings.knownHostsFile, ...host.resolved.knownHostsFiles]
    const all = [...options, knownHostsOption([...new Set(files)])]
    return [
      'ssh',
      '-F',
      path.join(this.folder, 'config'),
      ...flagged(all),
      '--',
      host.target,
      command,
    ]
  }

  #shared(host: SshHost): string[] {
    if (!canShare()) return []
    const socket = this.#socket(host)
    return [`ControlPath=${socket}`, 'ControlMaster=auto', `ControlPersist=${PERSIST_S}`]
  }

  #socket(host: SshHost): string {
    const name = createHash('sha256').update(host.target).digest('hex').slice(0, 15)
    return path.join(this.folder, `s${name}`)
  }
}

function flagged(options: readonly string[]): string[] {
  return options.flatMap((option) => ['-o', option])
}

/** Windows' port of OpenSSH has no masters. */
function canShare(): boolean {
  return process.platform !== 'win32'
}

function absolutePaths({ knownHostsFile, configFile }: SshSettings): SshSettings {
  if (configFile === undefined) return { knownHostsFile: path.resolve(knownHostsFile) }
  return { knownHostsFile: path.resolve(knownHostsFile), configFile: path.resolve(configFile) }
}
