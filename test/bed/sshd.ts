// A real OpenSSH server on loopback with throw-away keys: what the workbench connects to.
import { spawn, spawnSync, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findProgram } from './programs.ts'

/** A server that accepts connections, and what a client needs for one. */
export interface SshServer {
  readonly pid: number
  readonly port: number
  /** For `ssh -F`: names the server as host `bed`. */
  readonly configFile: string
  /** Holds the server's key; the client is strict about it. */
  readonly knownHostsFile: string
  /** Public host key as in a known_hosts line: type and base64. */
  readonly hostKey: string
  /** HOME of those who log in; goes with the bed. */
  readonly home: string
}

/** What a server is started with. */
export interface SshServerOptions {
  readonly folder: string
  /** Programs that the server is started through, such as nsenter with its options. */
  readonly through: readonly string[]
  /** Told of each server process as it starts. */
  readonly onStart: (pid: number) => void
}

/** The host's name in the client's configuration. */
export const SSH_HOST = 'bed'

const STARTS_MAX = 5
const START_MS_MAX = 10_000
const POLL_MS = 20

/** @throws Error with the server's log when it does not start */
export async function startSshServer(options: SshServerOptions): Promise<SshServer> {
  const folder = path.join(options.folder, 'ssh')
  const home = path.join(options.folder, 'home')
  for (const one of [folder, home]) mkdirSync(one, { mode: 0o700 })
  // sshd of root separates its privileges in this folder, which an init script would have made.
  if (os.userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  for (const name of ['host_key', 'user_key']) makeKey(path.join(folder, name))
  copyFileSync(path.join(folder, 'user_key.pub'), path.join(folder, 'authorized_keys'))
  const { pid, port } = await startOnFreePort(folder, home, options)
  const [type = '', base64 = ''] = readText(path.join(folder, 'host_key.pub')).split(' ')
  const hostKey = `${type} ${base64}`
  const knownHostsFile = path.join(folder, 'known_hosts')
  writeFileSync(knownHostsFile, `[127.0.0.1]:${port} ${hostKey}\n`)
  const configFile = path.join(folder, 'config')
  writeFileSync(configFile, clientConfig(folder, port))
  return { pid, port, configFile, knownHostsFile, hostKey, home }
}

function makeKey(file: string): void {
  const argv = ['-q', '-t', 'ed25519', '-N', '', '-C', 'flexlab-bed', '-f', file]
  const { status } = spawnSync(findProgram('ssh-keygen'), argv, { stdio: 'inherit', shell: false })
  if (status !== 0) throw new Error(`ssh-keygen failed with exit code ${String(status)}`)
}

async function startOnFreePort(folder: string, home: string, options: SshServerOptions) {
  const log = path.join(folder, 'sshd.log')
  for (let start = 0; start < STARTS_MAX; start += 1) {
    const port = await freePort()
    writeFileSync(path.join(folder, 'sshd_config'), serverConfig(folder, home, port))
    const pid = await startOn(port, folder, log, options)
    if (pid !== undefined) return { pid, port }
  }
  throw new Error(`sshd does not start: ${readText(log)}`)
}

/** The server's process id once it accepts connections; undefined when it has ended instead. */
async function startOn(port: number, folder: string, log: string, options: SshServerOptions) {
  const argv = ['-D', '-e', '-f', path.join(folder, 'sshd_config')]
  const [program = '', ...rest] = [...options.through, findProgram('sshd'), ...argv]
  const output = openSync(log, 'a')
  const stdio: StdioOptions = ['ignore', output, output]
  const sshd = spawn(program, rest, { detached: true, stdio, shell: false })
  closeSync(output)
  sshd.unref()
  await once(sshd, 'spawn')
  options.onStart(sshd.pid!)
  const deadlineMs = performance.now() + START_MS_MAX
  while (sshd.exitCode === null && performance.now() < deadlineMs) {
    if (await accepts(port)) return sshd.pid!
    await sleep(POLL_MS)
  }
  sshd.kill('SIGKILL')
  return undefined
}

/** A port that was free a moment ago; whoever loses the race for it tries another. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function accepts(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

function serverConfig(folder: string, home: string, port: number): string {
  return `${[
    'ListenAddress 127.0.0.1',
    `Port ${port}`,
    `HostKey ${folder}/host_key`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    'PidFile none',
    `AllowUsers ${os.userInfo().username}`,
    'AuthenticationMethods publickey',
    'UsePAM no',
    'StrictModes no',
    'UseDNS no',
    // Sessions of tests that run side by side, and of clients that are killed in the middle.
    'MaxStartups 200',
    'MaxSessions 200',
    // What a session leaves at home goes with the bed instead of staying with the user.
    `SetEnv HOME=${home}`,
  ].join('\n')}\n`
}

function clientConfig(folder: string, port: number): string {
  return `${[
    `Host ${SSH_HOST}`,
    '  HostName 127.0.0.1',
    `  Port ${port}`,
    `  User ${os.userInfo().username}`,
    `  IdentityFile ${folder}/user_key`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${folder}/known_hosts`,
    '  GlobalKnownHostsFile none',
    '  StrictHostKeyChecking yes',
  ].join('\n')}\n`
}

function readText(file: string): string {
  return readFileSync(file, 'utf8')
}
