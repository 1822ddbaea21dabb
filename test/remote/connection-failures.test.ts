// Each way a connection fails, made to fail so against a real sshd: what the user is told of it.
import { rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { once } from 'node:events'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { LabError } from '../../src-main/core/base/lab-error.ts'
import { connectAgent } from '../../src-main/remote/connect-agent.ts'
import { agentBundle } from '../../src-main/remote/deploy/agent-bundle.ts'
import { hostShell } from '../../src-main/remote/host-shell.ts'
import { openSsh, type OpenSsh } from '../../src-main/remote/open-ssh.ts'
import { buildAgent } from '../support/build-agent.ts'
import { requiresTool } from '../support/requires.ts'
import { parseHost } from './support/parse-host.ts'
import { SshServer } from './support/ssh-server.ts'

describe.runIf(requiresTool('sshd'))('a connection', () => {
  let server: SshServer
  let ssh: OpenSsh
  const options = { onProgress: () => undefined, onNotice: () => undefined }

  beforeAll(async () => {
    buildAgent()
    server = await SshServer.start()
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    rmSync(path.join(server.home, '.cache'), { recursive: true, force: true })
    server.configure()
    server.configureClient()
    trust('host_key')
    await reopen()
  })
  afterEach(() => ssh.close())

  async function reopen(): Promise<void> {
    await ssh?.close()
    ssh = await openSsh({ knownHostsFile: server.file('ours'), configFile: server.configFile })
  }

  function trust(key: string | null): void {
    const line = key === null ? '' : `[127.0.0.1]:${server.port} ${server.publicKey(key)}\n`
    writeFileSync(server.file('ours'), line)
  }

  async function connect(target = 'bed') {
    return connectAgent(await hostShell(ssh, parseHost(target)), options)
  }

  async function failure(target?: string): Promise<LabError> {
    const error: unknown = await connect(target).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    if (error instanceof LabError) return error
    throw new Error('it did not fail with a LabError', { cause: error })
  }

  /** Another host of the client's configuration, which reads it anew. */
  async function withHost(...lines: string[]): Promise<void> {
    server.configureClient(['Host other', ...lines.map((line) => `  ${line}`)])
    await reopen()
  }

  it('to a host whose key is not known says how to accept it', async () => {
    trust(null)
    expect(await failure()).toMatchObject({
      code: 'conflict',
      message: 'the key of the host bed is not known yet',
      hint: expect.stringContaining('flexlab host trust bed') as string,
    })
  })

  it('to a host whose key was changed says that it may not be the host', async () => {
    server.makeKey('another_key')
    trust('another_key')
    expect(await failure()).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('shows another host key than the one') as string,
      hint: expect.stringContaining('Somebody may stand between') as string,
    })
  })

  it('that is not let in says as whom it tried, and what the host takes', async () => {
    server.makeKey('another_user')
    await withHost(
      'HostName 127.0.0.1',
      `Port ${server.port}`,
      `IdentityFile ${server.file('another_user')}`,
    )
    writeFileSync(server.file('authorized_keys.none'), '')
    server.configure([`AuthorizedKeysFile ${server.file('authorized_keys.none')}`])
    const error = await failure('other')
    expect(error).toMatchObject({ code: 'unavailable' })
    expect(error.message).toMatch(/^other does not let us in as \w+ \(it takes publickey\)$/)
    expect(error.hint).toContain('ssh -o BatchMode=yes other true')
  })

  it('to a name that does not exist says which name', async () => {
    await withHost('HostName no-such-host.invalid')
    expect((await failure('other')).message).toContain('there is no host no-such-host.invalid')
  })

  it('to a port where nothing listens says which port', async () => {
    const closed = net.createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const { port } = closed.address() as net.AddressInfo
    closed.close()
    await withHost('HostName 127.0.0.1', `Port ${port}`)
    expect((await failure('other')).message).toBe(
      `other refuses connections on 127.0.0.1 port ${port}`,
    )
  })

  it('to a port that never answers is given up', async () => {
    const sockets: net.Socket[] = []
    const mute = net.createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const { port } = mute.address() as net.AddressInfo
    await withHost('HostName 127.0.0.1', `Port ${port}`)
    const error = await failure('other')
    for (const socket of sockets) socket.destroy()
    mute.close()
    expect(error.message).toContain(`other does not answer on 127.0.0.1 port ${port}`)
  })

  it('to a port where something else speaks is told apart', async () => {
    const http = net.createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await once(http.listen(0, '127.0.0.1'), 'listening')
    await withHost('HostName 127.0.0.1', `Port ${(http.address() as net.AddressInfo).port}`)
    const error = await failure('other')
    http.close()
    expect(error.code).toBe('unavailable')
    expect(error.message).toMatch(/^other closes connections on 127\.0\.0\.1 port \d+: /)
  })

  it('to a host with which there is no algorithm in common says so', async () => {
    server.configure(['Ciphers aes128-ctr'])
    await withHost('HostName 127.0.0.1', `Port ${server.port}`, 'Ciphers aes256-ctr')
    expect((await failure('other')).message).toContain('have no algorithm in common')
  })

  it('is not tried with a configuration that ssh cannot read', async () => {
    writeFileSync(server.configFile, 'Host bed\n  NoSuchOption yes\n')
    await reopen()
    expect(await failure()).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('Bad configuration option: nosuchoption') as string,
    })
  })

  it('that is cut ends the session with the reason', async () => {
    const session = await connect()
    const { pid } = await session.opened
    process.kill(pid, 'SIGKILL')
    expect((await session.ended)?.message).toContain('the connection to bed was lost, or what ran')
  })

  it('to an agent that was tampered with is refused', async () => {
    await (await connect()).close()
    const { sha256 } = await agentBundle()
    const file = path.join(server.home, '.cache/flexlab/agents', sha256, 'agent.mjs')
    writeFileSync(file, '\n', { flag: 'a' })
    expect(await failure()).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is not the one that this lab put there') as string,
    })
  })

  it('to a host with a banner is told apart all the same', async () => {
    const banner = server.file('banner')
    writeFileSync(banner, 'No ED25519 host key is known for you and your kind.\n\u001b[2J\n')
    server.configure([`Banner ${banner}`, `AuthorizedKeysFile ${server.file('nobody')}`])
    expect((await failure()).message).toMatch(/^bed does not let us in/)
    server.configure([`Banner ${banner}`])
    await (await connect()).close()
  })

  it('that is cancelled on its way ends at once', async () => {
    const shell = await hostShell(ssh, server.target)
    const cancelled = connectAgent(shell, { ...options, signal: AbortSignal.abort() })
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('works where a server allows one session a connection', async () => {
    server.configure(['MaxSessions 1'])
    const [first, second] = await Promise.all([connect(), connect()])
    expect((await first.opened).pid).not.toBe((await second.opened).pid)
    await Promise.all([first.close(), second.close()])
  })
})
