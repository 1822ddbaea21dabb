// Names that would be options, other hosts or commands: each is refused, or reaches ssh as the one
// argument it is, and reaches a shell (ssh's own, for a ProxyCommand) as the one word it is.
import fc from 'fast-check'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HostTargetSchema, type HostTarget } from '../../src-main/core/contract/agent/names.ts'
import { openSsh, type OpenSsh } from '../../src-main/remote/open-ssh.ts'
import { finish } from '../../src-main/remote/start-program.ts'
import { requiresTool } from '../support/requires.ts'

const NAMES = 10_000
const STARTED_MAX = 40
const COMMAND = 'exec true'

const HOSTILE = [
  '-oProxyCommand=touch canary',
  '-F/etc/passwd',
  '--',
  '`touch canary`',
  '$(touch canary)',
  'host;touch canary',
  "host';touch canary;'",
  'host"|touch canary|"',
  'host\ntouch canary',
  'host&touch canary',
  'user@-oProxyCommand=x',
  '-l@host',
  'host -oProxyCommand=x',
  '%h%r%d',
  '${HOME}',
  '~root',
  'ssh://host:22/',
  'host:22',
  '[::1]',
  'local:;x',
  ' local:',
  'a@b@c',
  '\u202ehost',
  '../../etc',
  '',
]

const piece = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.constantFrom(...'abz019.-_@:%$`;&|<>(){}[]\'"\\ \t\n\r\0~*?!#=,/'),
  fc.constantFrom('host', 'root@', 'local:', '::1', '127.0.0.1', 'fe80::1%eth0'),
  fc.string({ maxLength: 8, unit: 'binary' }),
)
const name = fc.array(piece, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''))

describe('a name of a host', () => {
  it.each([
    'bed',
    'root@10.0.0.1',
    'kvm-1.lab.example',
    'my_host',
    '::1',
    'user@fe80::1',
    'local:',
  ])('may be %s', (text) => expect(v.is(HostTargetSchema, text)).toBe(true))

  it.each(HOSTILE.map((text) => [JSON.stringify(text), text]))('may not be %s', (_, text) => {
    expect(v.is(HostTargetSchema, text)).toBe(false)
  })

  it('has no character that ssh or a shell would take for more than a name', () => {
    const accepted = generated().filter((text) => v.is(HostTargetSchema, text))
    expect(accepted.filter((text) => !/^[A-Za-z0-9_:][A-Za-z0-9._:@-]*$/.test(text))).toEqual([])
    expect(accepted.length).toBeGreaterThan(STARTED_MAX)
  })
})

describe.runIf(requiresTool('sshd'))('ssh', () => {
  let folder: string
  let ssh: OpenSsh
  const pathBefore = process.env['PATH']

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-hostile-'))
    mkdirSync(path.join(folder, 'bin'))
    const record = path.join(folder, 'bin', 'ssh')
    const real = realSsh()
    const lines = ['#!/bin/sh', `{ printf '%s\\1' "$@"; printf '\\2'; } >>"${folder}/argv"`]
    writeFileSync(record, `${[...lines, `exec ${real} "$@"`].join('\n')}\n`)
    chmodSync(record, 0o755)
    process.env['PATH'] = `${path.join(folder, 'bin')}${path.delimiter}${pathBefore}`
    const proxied = `ProxyCommand sh -c "echo %n >>${folder}/proxied; exit 1"`
    writeFileSync(path.join(folder, 'config'), `Host *\n  User nobody\n  ${proxied}\n`)
    ssh = await openSsh({
      knownHostsFile: path.join(folder, 'known_hosts'),
      configFile: path.join(folder, 'config'),
    })
  })
  afterAll(async () => {
    await ssh.close()
    process.env['PATH'] = pathBefore
    rmSync(folder, { recursive: true })
  })

  async function startEach(targets: readonly HostTarget[]): Promise<string[][]> {
    rmSync(path.join(folder, 'argv'), { force: true })
    for (const target of targets) {
      const host = await ssh.host(target).catch(() => null)
      if (host !== null) await finish(await ssh.start(host, COMMAND), { timeoutMs: 10_000 })
    }
    const calls = readFileSync(path.join(folder, 'argv'), 'utf8').split('\x02')
    return calls.filter((call) => call !== '').map((call) => call.split('\x01').slice(0, -1))
  }

  it(`gets of ${NAMES} hostile names only what is a name, as one argument`, async () => {
    const accepted = generated().filter(
      (text): text is HostTarget => v.is(HostTargetSchema, text) && text !== 'local:',
    )
    const targets = [...new Set(accepted)].slice(0, STARTED_MAX)
    const calls = await startEach(targets)
    expect(calls).toHaveLength(2 * targets.length)
    for (const [index, target] of targets.entries()) {
      expect(calls[2 * index]!.slice(-3)).toEqual(['-G', '--', target])
      expect(calls[2 * index + 1]!.slice(-3)).toEqual(['--', target, COMMAND])
    }
    const optionsOf = (argv: string[]) => argv.slice(0, -2).filter((word) => word.startsWith('-'))
    expect(new Set(calls.map((argv) => optionsOf(argv).join(' ')))).toEqual(
      new Set(['-F -G', '-F -o -o -o -o --']),
    )
    const named = readFileSync(path.join(folder, 'proxied'), 'utf8').trim().split('\n')
    const hosts = targets.map((target) => target.slice(target.indexOf('@') + 1))
    expect(named).toEqual(hosts)
  })

  it('takes no hostile name for an option, even where one passed the check', async () => {
    const calls = await startEach(HOSTILE.filter((text) => !text.includes('\0')) as HostTarget[])
    for (const argv of calls) {
      const end = argv.indexOf('--')
      expect(HOSTILE).toContain(argv[end + 1])
      expect(argv.slice(end + 2).filter((word) => word !== COMMAND)).toEqual([])
    }
    expect(existsSync('canary')).toBe(false)
  })
})

function generated(): string[] {
  return fc.sample(name, { numRuns: NAMES, seed: 20_261_124 })
}

function realSsh(): string {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  return folders.map((one) => path.join(one, 'ssh')).find((file) => existsSync(file)) ?? 'ssh'
}
