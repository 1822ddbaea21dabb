// Programs on a host, behind a real sshd and on the lab's own machine: the same bytes, the same
// exits, one connection for all of them.
import { existsSync, readdirSync } from 'node:fs'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkHostKey, trustHostKey } from '../../src-main/remote/host-keys.ts'
import { hostShell, type HostShell } from '../../src-main/remote/host-shell.ts'
import { openSsh, type OpenSsh } from '../../src-main/remote/open-ssh.ts'
import { finish } from '../../src-main/remote/start-program.ts'
import { requiresTool } from '../support/requires.ts'
import { parseHost } from './support/parse-host.ts'
import { SshServer } from './support/ssh-server.ts'

const TIMEOUT_MS = 20_000

describe.runIf(requiresTool('sshd'))('a program of a host', () => {
  let server: SshServer
  let ssh: OpenSsh

  beforeAll(async () => {
    server = await SshServer.start()
    ssh = await openSsh({ knownHostsFile: server.file('ours'), configFile: server.configFile })
    const host = await ssh.host(server.target)
    const found = await checkHostKey(ssh, host)
    if (found.state === 'unknown') await trustHostKey(ssh, host, found.key.fingerprint)
  })
  afterAll(async () => {
    await ssh.close()
    await server.stop()
  })

  const run = async (shell: HostShell, command: string, input = '') =>
    finish(await shell.start(command), { timeoutMs: TIMEOUT_MS, input })

  describe.each(['bed', 'local:'])('on %s', (target) => {
    let shell: HostShell

    beforeAll(async () => {
      shell = await hostShell(ssh, parseHost(target))
    })

    it('gets every byte of its input and gives every byte of its output', async () => {
      const transport = await shell.start('cat; echo end')
      const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) % 256))
      transport.input.end(bytes)
      const chunks: Buffer[] = []
      for await (const chunk of transport.output) chunks.push(chunk as Buffer)
      expect(Buffer.concat(chunks).equals(Buffer.concat([bytes, Buffer.from('end\n')]))).toBe(true)
      expect(await transport.exited).toMatchObject({ code: 0, signal: null })
    })

    it('ends with its own exit code and error output, made printable and cut', async () => {
      const exit = await run(shell, 'cat >&2; exit 42', 'a\u001b[2Jb\u202ec')
      expect(exit).toMatchObject({ code: 42, stdout: '', stderr: 'a\uFFFD[2Jb\uFFFDc' })
      const long = await run(shell, 'yes | head -c 100000 >&2; echo last >&2')
      expect(long.stderr.length).toBeLessThanOrEqual(16_384)
      expect(long.stderr).toMatch(/\nlast\n$/)
    })

    it('sees the end of its input when it is killed here', async () => {
      const mark = server.file(`ended-${target.replace(':', '')}`)
      const transport = await shell.start(`echo in; cat >/dev/null && : >${mark}`)
      await once(transport.output, 'data')
      if (target === 'local:') transport.input.end()
      else transport.kill()
      await expect.poll(() => existsSync(mark), { timeout: TIMEOUT_MS }).toBe(true)
    })

    it('is not waited for longer than asked', async () => {
      const exit = await finish(await shell.start('sleep 60'), { timeoutMs: 300 })
      expect(exit.signal).toBe('SIGKILL')
    })
  })

  it('shares one connection with all others of the host', async () => {
    const shell = await hostShell(ssh, server.target)
    await run(shell, 'true')
    const before = server.connections
    const all = await Promise.all([1, 2, 3, 4].map((n) => run(shell, `echo ${n}`)))
    expect(all.map(({ stdout }) => stdout)).toEqual(['1\n', '2\n', '3\n', '4\n'])
    expect(server.connections).toBe(before)
  })

  it('is a constant that any login shell takes, with what varies on its input', async () => {
    const shell = await hostShell(ssh, server.target)
    expect(() => shell.start('echo hi!')).toThrow('must quote in every shell')
    const variable = await run(shell, 'read -r line; echo "$line"', '$(id); `id`\n')
    expect(variable.stdout).toBe('$(id); `id`\n')
  })

  it('leaves nothing behind when ssh is closed', async () => {
    const { configFile } = server
    const other = await openSsh({ knownHostsFile: server.file('ours'), configFile })
    const shell = await hostShell(other, server.target)
    await run(shell, 'true')
    expect(readdirSync(other.folder).filter((name) => name.startsWith('s'))).toHaveLength(1)
    await other.close()
    expect(existsSync(other.folder)).toBe(false)
  })
})
