// The bootstrap in a made-up checkout with a made-up npm: what a first command on a new machine
// does, without a network.
import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** Installs the running Node as the project's own, slowly enough for two to meet, and notes it. */
const NPM = `
const fs = require('node:fs')
fs.appendFileSync('installs.log', process.argv.slice(2).join(' ') + '\\n')
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
const bin = 'node_modules/node-' + process.platform + '-' + process.arch + '/bin'
fs.mkdirSync(bin, { recursive: true })
fs.rmSync(bin + '/node', { force: true })
fs.symlinkSync(process.execPath, bin + '/node')
`

const CLI = `
const waits = process.argv[2] === 'wait'
if (waits) process.on('SIGTERM', () => process.exit(42))
console.log(JSON.stringify(process.argv.slice(2)))
if (waits) setInterval(() => {}, 1000)
else process.exit(7)
`

let root = ''

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'flexlab-bootstrap-'))
  cpSync('bootstrap.mjs', path.join(root, 'bootstrap.mjs'))
  mkdirSync(path.join(root, 'src-main/hosts/cli'), { recursive: true })
  writeFileSync(path.join(root, 'src-main/hosts/cli/main.ts'), CLI)
  writeFileSync(path.join(root, 'package.json'), '{"type": "module"}')
  writeFileSync(path.join(root, 'package-lock.json'), '{"packages": {}}')
  // The bootstrap knows npm by the name npm gives itself.
  mkdirSync(path.join(root, 'npm'))
  writeFileSync(path.join(root, 'npm/package.json'), '{"type": "commonjs"}')
  writeFileSync(path.join(root, 'npm/npm-cli.js'), NPM)
})

afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

function start(...args: string[]) {
  const npm = path.join(root, 'npm/npm-cli.js')
  const env = { ...process.env, npm_execpath: npm, npm_node_execpath: process.execPath }
  const child = spawn(process.execPath, ['bootstrap.mjs', ...args], { cwd: root, env })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stdout, stderr })
    })
  })
  return { child, ended }
}

function installs(): number {
  const log = path.join(root, 'installs.log')
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0
}

describe('the bootstrap', () => {
  it('installs the packages, then hands over arguments, output and the exit code', async () => {
    const { code, stdout, stderr } = await start('flexlab', 'list', '--json').ended
    expect({ code, stdout }).toEqual({ code: 7, stdout: '["list","--json"]\n' })
    expect(stderr).toContain('node_modules is missing')
  })

  it('installs once when two commands start together', async () => {
    const both = [start('flexlab', 'a'), start('flexlab', 'b')]
    const codes = (await Promise.all(both.map(({ ended }) => ended))).map(({ code }) => code)
    expect(codes).toEqual([7, 7])
    expect(installs()).toBe(1)
  })

  it('installs again only when the lock file changed', async () => {
    await start('flexlab').ended
    await start('flexlab').ended
    expect(installs()).toBe(1)
    writeFileSync(path.join(root, 'package-lock.json'), '{"packages": {"": {}}}')
    await start('flexlab').ended
    expect(installs()).toBe(2)
  })

  it('takes over the lock of a bootstrap that was killed', async () => {
    writeFileSync(path.join(root, '.bootstrap-install.lock'), '999999999')
    expect((await start('flexlab').ended).code).toBe(7)
  })

  it('passes a signal on and reports how the command ended', async () => {
    const { child, ended } = start('flexlab', 'wait')
    await new Promise((resolve) => child.stdout.once('data', resolve))
    child.kill('SIGTERM')
    expect((await ended).code).toBe(42)
  })

  it('refuses a command it does not know and lists those it does', async () => {
    const { code, stderr } = await start('frobnicate').ended
    expect(code).toBe(2)
    expect(stderr).toContain('setup:debian')
    expect(installs()).toBe(0)
  })
})
