// Hosts that show a key that nobody accepted, or another than the accepted one: refused each time,
// by a real sshd's own log. `npm run test:fault` makes the full count.
import { readFileSync, rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkHostKey, trustHostKey } from '../../src-main/remote/host-keys.ts'
import { openSsh, type OpenSsh, type SshHost } from '../../src-main/remote/open-ssh.ts'
import { finish } from '../../src-main/remote/start-program.ts'
import { SshServer } from '../remote/support/ssh-server.ts'
import { requiresTool } from '../support/requires.ts'

const COUNT = process.env['FLEXLAB_FAULT'] === 'full' ? 100 : 5
const TIMEOUT_MS = 20_000

describe.runIf(requiresTool('sshd'))('a host', { timeout: 1_800_000 }, () => {
  let server: SshServer
  let ssh: OpenSsh
  let host: SshHost

  beforeAll(async () => {
    server = await SshServer.start()
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    rmSync(server.file('ours'), { force: true })
    await reopen()
  })
  afterEach(() => ssh.close())

  /** As when the app is started anew: nothing is left but the files. */
  async function reopen(): Promise<void> {
    await ssh?.close()
    ssh = await openSsh({ knownHostsFile: server.file('ours'), configFile: server.configFile })
    host = await ssh.host(server.target)
  }

  async function loginFails(): Promise<boolean> {
    const exit = await finish(await ssh.start(host, 'echo in'), { timeoutMs: TIMEOUT_MS })
    const isIn = (await server.log()).includes('Accepted')
    return exit.code === 255 && exit.stdout === '' && !isIn
  }

  it('whose key is not known gets no login and no command', async () => {
    let refused = 0
    for (let i = 0; i < COUNT; i++) {
      server.makeKey('host_key')
      await reopen()
      if (await loginFails()) refused++
    }
    console.log(`unknown host key ${JSON.stringify({ count: COUNT, refused })}`)
    expect(refused).toBe(COUNT)
  })

  it('whose key has changed gets none, and the new key cannot be accepted', async () => {
    const found = await checkHostKey(ssh, host)
    if (found.state === 'unknown') await trustHostKey(ssh, host, found.key.fingerprint)
    const accepted = readFileSync(server.file('ours'), 'utf8')
    let refused = 0
    for (let i = 0; i < COUNT; i++) {
      server.makeKey('host_key')
      await reopen()
      const isOut = await loginFails()
      const trusting = trustHostKey(ssh, host, server.fingerprint('host_key'))
      await expect(trusting).rejects.toMatchObject({ code: 'conflict' })
      if (isOut && readFileSync(server.file('ours'), 'utf8') === accepted) refused++
    }
    console.log(`changed host key ${JSON.stringify({ count: COUNT, refused })}`)
    expect(refused).toBe(COUNT)
  })
})
