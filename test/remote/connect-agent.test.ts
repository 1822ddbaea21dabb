// From a host that has nothing to a session with the lab's own agent, over a real sshd.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connectAgent } from '../../src-main/remote/connect-agent.ts'
import { agentBundle } from '../../src-main/remote/deploy/agent-bundle.ts'
import { probeHost } from '../../src-main/remote/deploy/probe.ts'
import { upload, type Payload, type UploadProgress } from '../../src-main/remote/deploy/upload.ts'
import { checkHostKey, trustHostKey } from '../../src-main/remote/host-keys.ts'
import { hostShell, type HostShell } from '../../src-main/remote/host-shell.ts'
import { openSsh, type OpenSsh } from '../../src-main/remote/open-ssh.ts'
import { buildAgent } from '../support/build-agent.ts'
import { requiresTool } from '../support/requires.ts'
import { SshServer } from './support/ssh-server.ts'

describe.runIf(requiresTool('sshd'))('a host', () => {
  let server: SshServer
  let ssh: OpenSsh
  let shell: HostShell
  let progress: UploadProgress[] = []
  const options = { onProgress: (one: UploadProgress) => progress.push(one), onNotice: () => {} }
  const cache = (...names: string[]) => path.join(server.home, '.cache', 'flexlab', ...names)

  beforeAll(async () => {
    buildAgent()
    server = await SshServer.start()
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    progress = []
    rmSync(path.join(server.home, '.cache'), { recursive: true, force: true })
    ssh = await openSsh({ knownHostsFile: server.file('ours'), configFile: server.configFile })
    const host = await ssh.host(server.target)
    const found = await checkHostKey(ssh, host)
    if (found.state === 'unknown') await trustHostKey(ssh, host, found.key.fingerprint)
    withPath(process.execPath)
    shell = await hostShell(ssh, server.target)
  })
  afterEach(() => ssh.close())

  /** Programs of the host are those of this machine, with another Node or none. */
  function withPath(node: string | null): void {
    const bin = server.file('bin')
    rmSync(bin, { recursive: true, force: true })
    mkdirSync(bin)
    for (const name of PROGRAMS) symlinkSync(which(name), path.join(bin, name))
    if (node !== null) symlinkSync(node, path.join(bin, 'node'))
    server.configure([`SetEnv HOME=${server.home} PATH=${bin}`])
  }

  it('gets the agent, and has it the next time', async () => {
    const { sha256, bytes } = await agentBundle()
    const session = await connectAgent(shell, options)
    expect(await session.opened).toMatchObject({ agentSha256: sha256, recovered: null })
    await session.close()
    expect(progress.at(-1)).toEqual({ kind: 'agents', doneBytes: bytes, totalBytes: bytes })
    const file = cache('agents', sha256, 'agent.mjs')
    expect(statSync(file).mode & 0o777).toBe(0o700)
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
    progress = []
    const again = await connectAgent(shell, options)
    expect((await again.opened).pid).toBeGreaterThan(0)
    await again.close()
    expect(progress).toEqual([])
  })

  it('gets a Node as well when it has none, and keeps it', async () => {
    withPath(null)
    const session = await connectAgent(shell, options)
    expect((await session.opened).node).toBe(process.versions.node)
    await session.close()
    expect(new Set(progress.map(({ kind }) => kind))).toEqual(new Set(['node', 'agents']))
    expect(readdirSync(cache('node'))).toHaveLength(1)
    progress = []
    const again = await connectAgent(shell, options)
    await again.close()
    expect(progress).toEqual([])
  })

  it('gets whole files when several labs connect at once', async () => {
    const sessions = await Promise.all([1, 2, 3].map(() => connectAgent(shell, options)))
    const pids = await Promise.all(sessions.map(async ({ opened }) => (await opened).pid))
    expect(new Set(pids).size).toBe(3)
    await Promise.all(sessions.map((session) => session.close()))
    const { sha256 } = await agentBundle()
    expect(readdirSync(cache('agents', sha256))).toEqual(['agent.mjs'])
  })

  it('is told apart when its home cannot be written', async () => {
    writeFileSync(path.join(server.home, '.cache'), 'a file')
    await expect(connectAgent(shell, options)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('~/.cache/flexlab cannot be made there') as string,
    })
  })

  it('is told apart when its Node is too old and none of the lab runs there', async () => {
    withPath(fakeNode('v20.1.0'))
    replaceProgram('getconf', 'echo glibc 2.17')
    await expect(connectAgent(shell, options)).rejects.toMatchObject({
      message: expect.stringContaining('C library (glibc 2.17)') as string,
      hint: expect.stringContaining('Install Node 22') as string,
    })
    expect(existsSync(cache())).toBe(false)
  })

  it('is told apart when it is no system that an agent runs on', async () => {
    replaceProgram('uname', 'echo SunOS')
    await expect(connectAgent(shell, options)).rejects.toMatchObject({
      message: expect.stringContaining('is a SunOS SunOS') as string,
    })
  })

  it('is told apart when it has no Node, and the lab has none for its processor', async () => {
    withPath(null)
    replaceProgram('uname', 'case $1 in -s) echo Linux;; -m) echo aarch64;; esac')
    await expect(connectAgent(shell, options)).rejects.toMatchObject({
      message: 'bed has no Node 22 or newer, and this lab ships none for Linux aarch64',
      hint: expect.stringContaining('Install Node 22') as string,
    })
  })

  it('is told apart when it has no home', async () => {
    server.configure([`SetEnv HOME=/nonexistent PATH=${server.file('bin')}`])
    await expect(connectAgent(shell, options)).rejects.toMatchObject({
      message: '/nonexistent of bed cannot be written',
    })
  })

  it('is told apart when it has too little space, before anything is sent', async () => {
    replaceProgram('df', 'echo Filesystem; echo disk 1000 999 1 99% /')
    await expect(connectAgent(shell, options)).rejects.toMatchObject({
      message: expect.stringMatching(/^bed has 0\.0 MB free, 0\.\d MB are needed$/) as string,
    })
    expect(progress).toEqual([])
  })

  it('is told apart when its space runs out meanwhile', async () => {
    // A file whose every write fails with ENOSPC.
    replaceProgram('mktemp', 'ln -s /dev/full $HOME/.cache/full; echo $HOME/.cache/full')
    await expect(connectAgent(shell, options)).rejects.toMatchObject({
      message: expect.stringContaining('there is no space left: ') as string,
    })
    rmSync(path.join(server.home, '.cache', 'full'), { force: true })
  })

  it('is told apart when its login runs no commands', async () => {
    server.configure(['ForceCommand echo This account is not available; exit 1'])
    await expect(probeHost(shell)).rejects.toMatchObject({
      message: expect.stringContaining('does not run commands') as string,
    })
  })

  it('answers although its login shell prints around it', async () => {
    server.configure(['ForceCommand echo hello; eval "$SSH_ORIGINAL_COMMAND"; echo bye'])
    const session = await connectAgent(shell, options)
    expect((await session.opened).protocol).toBe(1)
    await session.close()
  })

  it('gets nothing from a lab whose agent was not built', async () => {
    await expect(agentBundle(server.file('no-agent'))).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('npm run build') as string,
    })
  })

  describe('that gets a file', () => {
    const put = (payload: Payload, gzip = true) =>
      upload(shell, payload, { gzip, onProgress: options.onProgress })

    it('throws a damaged one away', async () => {
      const payload = { ...(await agentBundle()), sha256: 'a'.repeat(64) }
      await expect(put(payload)).rejects.toMatchObject({
        message: expect.stringContaining('arrived damaged') as string,
      })
      expect(readdirSync(cache('agents', payload.sha256))).toEqual([])
    })

    it('throws half a file away when the connection is cut', async () => {
      const payload = await agentBundle()
      const abort = new AbortController()
      const endless = function* () {
        for (;;) yield randomBytes(65_536)
      }
      const folder = cache('agents', payload.sha256)
      const seen = new Set<string>()
      const onProgress = ({ doneBytes }: UploadProgress) => {
        if (doneBytes < 8_000_000) return
        for (const name of existsSync(folder) ? readdirSync(folder) : []) seen.add(name)
        abort.abort()
      }
      const large = { ...payload, open: () => Readable.from(endless()) }
      const cut = upload(shell, large, { gzip: false, onProgress, signal: abort.signal })
      await expect(cut).rejects.toMatchObject({ code: 'cancelled' })
      expect([...seen]).toEqual([expect.stringMatching(/^\.part-/)])
      await expect.poll(() => readdirSync(folder), { timeout: 20_000 }).toEqual([])
    })

    it('takes it unpacked where it has no gzip', async () => {
      const payload = await agentBundle()
      await put(payload, false)
      expect(readdirSync(cache('agents', payload.sha256))).toEqual(['agent.mjs'])
    })

    it('refuses a Node that does not run there', async () => {
      const payload = { ...(await agentBundle()), kind: 'node' as const }
      await expect(put(payload)).rejects.toMatchObject({
        message: expect.stringContaining('does not run there') as string,
      })
      expect(readdirSync(cache('node', payload.sha256))).toEqual([])
    })

    it('refuses a request that would leave the folder', async () => {
      const payload = { ...(await agentBundle()), sha256: `../${'a'.repeat(61)}` }
      await expect(put(payload)).rejects.toMatchObject({ code: 'unavailable' })
      expect(existsSync(cache())).toBe(false)
    })
  })

  function replaceProgram(name: string, script: string): void {
    const file = path.join(server.file('bin'), name)
    rmSync(file)
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }

  function fakeNode(version: string): string {
    const file = server.file('old-node')
    writeFileSync(file, `#!/bin/sh\necho ${version}\n`)
    chmodSync(file, 0o755)
    return file
  }
})

/** What the scripts use of a host. */
const PROGRAMS = [
  ...['sh', 'uname', 'getconf', 'head', 'tail', 'df', 'gzip', 'expr', 'mkdir', 'find', 'mktemp'],
  ...['cat', 'rm', 'mv', 'chmod', 'sha256sum', 'echo', 'true', 'ln'],
]

function which(program: string): string {
  const { stdout } = spawnSync('/bin/sh', ['-c', `command -v ${program}`], { encoding: 'utf8' })
  const file = stdout.trim()
  return path.isAbsolute(file) ? file : `/usr/bin/${program}`
}
