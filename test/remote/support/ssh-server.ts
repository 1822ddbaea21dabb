// A real OpenSSH server of one test file: `sshd -i` for each connection to a loopback port, so that
// the next one sees another key or setting as soon as the files say so, and no daemon stays.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { findProgram } from '../../bed/programs.ts'
import { parseHost } from './parse-host.ts'

/** A server, and what a client needs for it. */
export class SshServer {
  readonly folder: string
  readonly port: number
  /** HOME of who logs in. */
  readonly home: string
  readonly #server: net.Server
  #sessions: Promise<unknown>[] = []
  #log = ''

  /** `server` listens already: see start. */
  constructor(folder: string, server: net.Server) {
    this.folder = folder
    this.home = path.join(folder, 'home')
    this.#server = server
    this.port = (server.address() as net.AddressInfo).port
  }

  /** A server with a fresh key of the host (`ed25519`) and one of the user. */
  static async start(): Promise<SshServer> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-sshd-'))
    mkdirSync(path.join(folder, 'home'), { mode: 0o700 })
    // sshd of root separates its privileges in this folder, which an init script would have made.
    if (os.userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
    const server = net.createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const started = new SshServer(folder, server)
    server.on('connection', (socket) => started.#serve(socket))
    started.makeKey('host_key')
    started.makeKey('user_key')
    copyFileSync(started.file('user_key.pub'), started.file('authorized_keys'))
    started.configure()
    started.configureClient()
    return started
  }

  /** Connections up to now. */
  get connections(): number {
    return this.#sessions.length
  }

  /** What the server has logged once all its connections have ended. */
  async log(): Promise<string> {
    await Promise.all(this.#sessions)
    return this.#log
  }

  /** For `ssh -F`: names the server as `bed`. */
  get configFile(): string {
    return this.file('client_config')
  }

  file(name: string): string {
    return path.join(this.folder, name)
  }

  /** Makes a key pair, or makes it anew. */
  makeKey(name: string, type = 'ed25519'): void {
    rmSync(this.file(name), { force: true })
    run('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', '', '-f', this.file(name)])
  }

  /** Type and base64 of a public key. */
  publicKey(name: string): string {
    return readFileSync(this.file(`${name}.pub`), 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ')
      .trim()
  }

  /** A key's fingerprint as ssh-keygen shows it. */
  fingerprint(name: string): string {
    return run('ssh-keygen', ['-lf', this.file(`${name}.pub`)]).split(' ')[1] ?? ''
  }

  /** Sets the server's configuration for the next connection; `lines` win over the usual ones. */
  configure(lines: readonly string[] = [], hostKeys: readonly string[] = ['host_key']): void {
    const usual = [
      ...hostKeys.map((name) => `HostKey ${this.file(name)}`),
      `AuthorizedKeysFile ${this.file('authorized_keys')}`,
      'AuthenticationMethods publickey',
      'UsePAM no',
      'StrictModes no',
      'UseDNS no',
      'PrintMotd no',
      'PrintLastLog no',
      'MaxSessions 100',
      // With a Node that the agent runs on, whatever this machine has.
      `SetEnv HOME=${this.home} PATH=${path.dirname(process.execPath)}:/usr/bin:/bin`,
    ]
    writeFileSync(this.file('sshd_config'), `${[...lines, ...usual].join('\n')}\n`)
  }

  /** Sets the client's configuration; `lines` are added at the end. */
  configureClient(lines: readonly string[] = [], userKey = 'user_key'): void {
    const usual = [
      'Host *',
      `  User ${os.userInfo().username}`,
      `  IdentityFile ${this.file(userKey)}`,
      '  IdentitiesOnly yes',
      `  UserKnownHostsFile ${this.file('user_known_hosts')}`,
      '  GlobalKnownHostsFile /dev/null',
      'Host bed',
      '  HostName 127.0.0.1',
      `  Port ${this.port}`,
    ]
    writeFileSync(this.configFile, `${[...usual, ...lines].join('\n')}\n`)
  }

  /** The client's name of the server. */
  readonly target = parseHost('bed')

  async stop(): Promise<void> {
    this.#server.close()
    rmSync(this.folder, { recursive: true, force: true })
    await once(this.#server, 'close')
  }

  #serve(socket: net.Socket): void {
    const argv = ['-i', '-e', '-f', this.file('sshd_config')]
    const sshd = spawn(findProgram('sshd'), argv, { stdio: [socket, socket, 'pipe'], shell: false })
    sshd.stderr.on('data', (text: Buffer) => (this.#log += text.toString('utf8')))
    this.#sessions.push(once(sshd, 'close'))
    // The child has a descriptor of its own by now.
    sshd.once('spawn', () => socket.destroy())
  }
}

/** Runs a program of OpenSSH's. @throws Error with its output when it fails */
export function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', shell: false })
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`)
  return stdout
}
