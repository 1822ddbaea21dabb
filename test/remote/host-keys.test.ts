// First use asks, afterwards only that key: against a real sshd.
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkHostKey, trustHostKey } from '../../src-main/remote/host-keys.ts'
import { openSsh, type OpenSsh, type SshHost } from '../../src-main/remote/open-ssh.ts'
import { finish } from '../../src-main/remote/start-program.ts'
import { requiresTool } from '../support/requires.ts'
import { parseHost } from './support/parse-host.ts'
import { run, SshServer } from './support/ssh-server.ts'

/** As in an app's data folder: with a space, and with what ssh_config would expand. */
const OURS = 'our 100%n keys'

describe.runIf(requiresTool('sshd'))('the key of a host', () => {
  let server: SshServer
  let ssh: OpenSsh
  let host: SshHost

  beforeAll(async () => {
    server = await SshServer.start()
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    server.makeKey('host_key')
    server.configure()
    server.configureClient()
    for (const name of [OURS, 'user_known_hosts']) rmSync(server.file(name), { force: true })
    await reopen()
  })
  afterEach(() => ssh.close())

  /** As when the app is started anew: nothing is left but the files. */
  async function reopen(): Promise<void> {
    await ssh?.close()
    ssh = await openSsh({
      knownHostsFile: server.file(OURS),
      configFile: server.configFile,
    })
    host = await ssh.host(server.target)
  }

  async function trust(): Promise<void> {
    const found = await checkHostKey(ssh, host)
    if (found.state !== 'unknown') throw new Error('the key is known already')
    await trustHostKey(ssh, host, found.key.fingerprint)
  }

  async function login() {
    return finish(await ssh.start(host, 'echo in'), { timeoutMs: 20_000 })
  }

  it('is shown with the fingerprint of ssh-keygen, and is not trusted by that', async () => {
    const found = await checkHostKey(ssh, host)
    const expected = server.fingerprint('host_key')
    expect(found).toMatchObject({
      state: 'unknown',
      key: { type: 'ssh-ed25519', fingerprint: expected, name: `[127.0.0.1]:${server.port}` },
    })
    expect(existsSync(server.file(OURS))).toBe(false)
    expect(await login()).toMatchObject({ code: 255, stdout: '' })
  })

  it('is written down by consent, and then lets us in', async () => {
    await trust()
    const line = `[127.0.0.1]:${server.port} ${server.publicKey('host_key')}\n`
    expect(readFileSync(server.file(OURS), 'utf8')).toBe(line)
    expect(await checkHostKey(ssh, host)).toEqual({ state: 'known' })
    expect(await login()).toMatchObject({ code: 0, stdout: 'in\n' })
  })

  it('is not written down when consent was to another fingerprint', async () => {
    const other = `SHA256:${'A'.repeat(43)}`
    await expect(trustHostKey(ssh, host, other)).rejects.toMatchObject({ code: 'conflict' })
    expect(existsSync(server.file(OURS))).toBe(false)
  })

  it('is not written down when the host showed another one meanwhile', async () => {
    const found = await checkHostKey(ssh, host)
    server.makeKey('host_key')
    const { fingerprint } = found.state === 'unknown' ? found.key : { fingerprint: '' }
    await expect(trustHostKey(ssh, host, fingerprint)).rejects.toMatchObject({ code: 'conflict' })
    expect(existsSync(server.file(OURS))).toBe(false)
  })

  it('is refused as changed when the host shows one of another type', async () => {
    await trust()
    server.makeKey('other_key', 'ecdsa')
    server.configure([], ['other_key'])
    await expect(checkHostKey(ssh, host)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('that was changed is told with its fingerprint and how to remove the old one', async () => {
    await trust()
    server.makeKey('host_key')
    const error = await checkHostKey(ssh, host).catch((thrown: unknown) => thrown)
    const name = `[127.0.0.1]:${server.port}`
    expect(error).toMatchObject({
      message: expect.stringContaining(server.fingerprint('host_key')) as string,
      hint: expect.stringContaining(`ssh-keygen -R '${name}' -f '${server.file(OURS)}'`) as string,
    })
    run('ssh-keygen', ['-R', name, '-f', server.file(OURS)])
    await trust()
    expect(await login()).toMatchObject({ code: 0 })
  })

  it('is known from the files of the user, hashed or not', async () => {
    const file = server.file('user_known_hosts')
    writeFileSync(file, `[127.0.0.1]:${server.port} ${server.publicKey('host_key')}\n`)
    run('ssh-keygen', ['-H', '-f', file])
    expect(readFileSync(file, 'utf8')).toMatch(/^\|1\|/)
    expect(await checkHostKey(ssh, host)).toEqual({ state: 'known' })
    server.makeKey('host_key')
    await expect(checkHostKey(ssh, host)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('is refused when the user marked it as revoked, even if it was accepted', async () => {
    await trust()
    const key = server.publicKey('host_key')
    writeFileSync(server.file('user_known_hosts'), `@revoked [127.0.0.1]:${server.port} ${key}\n`)
    await expect(checkHostKey(ssh, host)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('revoked') as string,
    })
  })

  it('is known by the certificate of an authority that the user trusts', async () => {
    server.makeKey('authority')
    const sign = ['-q', '-s', server.file('authority'), '-I', 'bed', '-h', '-n', '127.0.0.1']
    run('ssh-keygen', [...sign, server.file('host_key.pub')])
    server.configure([`HostCertificate ${server.file('host_key-cert.pub')}`])
    const line = `@cert-authority [127.0.0.1]:* ${server.publicKey('authority')}\n`
    writeFileSync(server.file('user_known_hosts'), line)
    expect(await checkHostKey(ssh, host)).toEqual({ state: 'known' })
    expect(await login()).toMatchObject({ code: 0 })
  })

  it('of a host on the way is asked for first', async () => {
    const far = ['Host far', '  HostName 127.0.0.1', `  Port ${server.port}`, '  ProxyJump bed']
    server.configureClient([...far, `  HostKeyAlias far-away`])
    await reopen()
    const behind = await ssh.host(parseHost('far'))
    await expect(checkHostKey(ssh, behind)).rejects.toMatchObject({
      message: expect.stringContaining('the host bed on the way to far') as string,
      hint: expect.stringContaining('flexlab host add bed') as string,
    })
    await trust()
    expect(await checkHostKey(ssh, behind)).toMatchObject({
      state: 'unknown',
      key: { name: 'far-away', fingerprint: server.fingerprint('host_key') },
    })
  })

  it('is not taken for known because a host on the way refuses the login', async () => {
    const door = ['Host door', '  HostName localhost', `  Port ${server.port}`]
    const far = ['Host far', '  HostName 127.0.0.1', `  Port ${server.port}`, '  ProxyJump door']
    server.makeKey('no_user')
    server.configureClient([...door, ...far], 'no_user')
    await reopen()
    const name = `[localhost]:${server.port}`
    writeFileSync(server.file(OURS), `${name} ${server.publicKey('host_key')}\n`)
    await expect(checkHostKey(ssh, await ssh.host(parseHost('far')))).rejects.toMatchObject({
      message: expect.stringContaining(
        'localhost, on the way to far, does not let us in',
      ) as string,
    })
  })

  it('is asked for whatever the configuration of the user says of it', async () => {
    server.configureClient(['Host *', '  StrictHostKeyChecking no', '  LogLevel QUIET'])
    await reopen()
    expect(await login()).toMatchObject({ code: 255 })
    expect(await checkHostKey(ssh, host)).toMatchObject({ state: 'unknown' })
  })

  it('goes on its own line of a file that somebody edited', async () => {
    appendFileSync(server.file(OURS), '# mine')
    await trust()
    expect(readFileSync(server.file(OURS), 'utf8')).toMatch(/^# mine\n\[127\.0\.0\.1\]:\d+ ssh-/)
    expect(await login()).toMatchObject({ code: 0 })
  })
})
