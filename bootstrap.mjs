// Makes every npm script work from a clean clone: installs the packages when they are missing or
// stale, builds the renderer when a command needs it, then runs the command on the project's own
// Node 24. Plain JavaScript that runs on Node 20 with nothing installed, so it imports only node:.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = path.dirname(fileURLToPath(import.meta.url))
const MODULES = path.join(ROOT, 'node_modules')
const INSTALL_STAMP = path.join(MODULES, '.flexlab-install')
const CLI = path.join(ROOT, 'src-main', 'hosts', 'cli', 'main.ts')
const LOCK_WAIT_MAX_MS = 15 * 60 * 1000

/** The whole of dist/: a change in any of `inputs` makes it stale, which `stamp` tells. */
const WORKBENCH = {
  name: 'workbench',
  stamp: path.join(ROOT, 'dist', '.flexlab-build'),
  inputs: ['src-renderer', 'src-main', 'vite.config.ts', 'package-lock.json'],
  vite: [],
}
/** The part of it that goes on a host, which takes a second. */
const AGENT = {
  name: 'agent',
  stamp: path.join(ROOT, 'dist', '.flexlab-agent'),
  inputs: [
    'src-main/agent',
    'src-main/core',
    'vite.config.ts',
    'package.json',
    'package-lock.json',
  ],
  vite: ['--mode', 'agent'],
}

/** A failure that its message explains in full, so no stack is printed. */
class BootstrapError extends Error {}

/** Every command of package.json's scripts. `build` says what of dist/ is needed; null: nothing. */
const COMMANDS = {
  flexlab: { run: runFlexlab, build: buildForFlexlab },
  demo: { run: (args) => runFlexlab(['demo', ...args]) },
  start: { run: (args) => runFlexlab(['start', ...args]), build: () => WORKBENCH },
  bench: { run: (args) => runFlexlab(['bench', ...args]) },
  test: { run: (args) => runScript('test/support/run-tests.ts', args) },
  'test:fault': { run: (args) => runScript('test/support/run-tests.ts', ['--fault', ...args]) },
  check: { run: (args) => runScript('test/support/check.ts', ['all', ...args]) },
  typecheck: { run: (args) => runScript('test/support/check.ts', ['types', ...args]) },
  lint: { run: (args) => runScript('test/support/check.ts', ['lint', ...args]) },
  format: { run: (args) => runBin('prettier', ['--write', ...(args.length ? args : ['.'])]) },
  build: { run: runBuild },
  package: { run: runPackage, build: () => WORKBENCH },
  bed: { run: (args) => runScript('test/bed/main.ts', args) },
  'bed:check': { run: (args) => runScript('test/bed/check.ts', args), build: () => AGENT },
  'setup:debian': { run: setupDebian, bare: true },
}

async function main(name, args) {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) {
    say(`unknown command "${name}"; there are: ${Object.keys(COMMANDS).join(', ')}`)
    return 2
  }
  try {
    if (!command.bare) await ensureInstalled()
    const needed = command.build?.(args) ?? null
    if (needed !== null) await ensureBuild(needed)
    return await command.run(args)
  } catch (error) {
    say(error instanceof BootstrapError ? error.message : String(error?.stack ?? error))
    return 1
  }
}

// stdout belongs to the command (`flexlab … --json` is read by programs), so messages go to stderr.
function say(text) {
  process.stderr.write(`flexlab: ${text}\n`)
}

// ---------------------------------------------------------------------------------- the commands

function runFlexlab(args) {
  if (!fs.existsSync(CLI)) throw new BootstrapError(`${path.relative(ROOT, CLI)} does not exist`)
  return run(nodePath(), [CLI, ...args], { cwd: callerDirectory() })
}

function runScript(script, args) {
  return run(nodePath(), [path.join(ROOT, script), ...args], { cwd: ROOT })
}

function runBin(name, args) {
  return run(nodePath(), [binPath(name), ...args], { cwd: ROOT })
}

function buildForFlexlab([name]) {
  if (name === 'serve' || name === 'start') return WORKBENCH
  return ['host', 'calibrate', 'campaign'].includes(name) ? AGENT : null
}

async function runBuild(args) {
  const what = args.includes('--agent') ? AGENT : WORKBENCH
  if (args.includes('--if-stale')) {
    await ensureBuild(what)
    return 0
  }
  return withLock('build', () => build(what))
}

function runPackage(args) {
  const config = 'electron-builder.yml'
  if (!fs.existsSync(path.join(ROOT, config))) throw new BootstrapError(`${config} does not exist`)
  return runBin('electron-builder', args.length ? args : ['--dir'])
}

async function setupDebian(args) {
  const { installPackages } = await import('./test/support/debian-packages.mjs')
  return installPackages(args.includes('--bench'), say)
}

/** npm runs scripts in the project root; files named by the user are relative to where they are. */
function callerDirectory() {
  const here = process.cwd()
  const caller = process.env.INIT_CWD
  return here === ROOT && caller !== undefined && fs.existsSync(caller) ? caller : here
}

// -------------------------------------------------------------------------------- the installing

async function ensureInstalled() {
  if (isInstalled()) return
  await withLock('install', async () => {
    if (isInstalled()) return
    const why = fs.existsSync(MODULES) ? 'node_modules is stale' : 'node_modules is missing'
    say(`${why}: installing the packages (npm ci, about a minute) …`)
    const code = await npmCi()
    if (code !== 0) throw new BootstrapError(`npm ci failed with exit code ${code}`)
    fs.writeFileSync(INSTALL_STAMP, installHash())
  })
}

function isInstalled() {
  if (readText(INSTALL_STAMP) === installHash()) return true
  if (!matchesLockfile()) return false
  fs.writeFileSync(INSTALL_STAMP, installHash())
  return true
}

/** The platform belongs to the stamp: a folder shared between two machines needs other binaries. */
function installHash() {
  const lock = fs.readFileSync(path.join(ROOT, 'package-lock.json'))
  return createHash('sha256')
    .update(lock)
    .update(`${process.platform} ${process.arch}`)
    .digest('hex')
}

/** Whether npm's own record of what it installed agrees with the lock file (`npm install`). */
function matchesLockfile() {
  const record = readText(path.join(MODULES, '.package-lock.json'))
  if (record === '' || findNode() === undefined) return false
  const installed = JSON.parse(record).packages
  const wanted = JSON.parse(readText(path.join(ROOT, 'package-lock.json'))).packages
  return Object.entries(wanted).every(([place, pkg]) => {
    if (place === '') return true
    const found = installed[place]
    return found === undefined ? pkg.optional === true : found.integrity === pkg.integrity
  })
}

/** npm through the Node that npm itself runs on, because `npm ci` deletes the project's Node. */
function npmCi() {
  const npm = process.env.npm_execpath
  const stdio = ['ignore', process.stderr, process.stderr]
  // Under CI or NODE_ENV=production npm would leave out the packages that the tests need.
  const args = ['ci', '--include=dev', '--include=optional']
  if (npm?.endsWith('.js') && /npm-cli/.test(npm)) {
    const node = process.env.npm_node_execpath ?? process.execPath
    return run(node, [npm, ...args], { cwd: ROOT, stdio })
  }
  return run('npm', args, { cwd: ROOT, stdio, shell: process.platform === 'win32' })
}

function findNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const program = process.platform === 'win32' ? 'node.exe' : 'node'
  const packages = [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`]
  return packages
    .map((name) => path.join(MODULES, name, 'bin', program))
    .find((candidate) => fs.existsSync(candidate))
}

/** The project's Node 24; on a platform without a package for it, the Node that runs this file. */
function nodePath() {
  const found = findNode()
  if (found !== undefined) return found
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath
  throw new BootstrapError(
    `there is no packaged Node 24 for ${process.platform} ${process.arch}, and this is Node ` +
      `${process.versions.node}: install Node 24 or newer and run the command again`,
  )
}

function binPath(name) {
  const folder = path.join(MODULES, name)
  const { bin } = JSON.parse(readText(path.join(folder, 'package.json')))
  return path.join(folder, typeof bin === 'string' ? bin : bin[name])
}

// ---------------------------------------------------------------------------------- the building

async function ensureBuild(what) {
  if (isBuilt(what)) return
  await withLock('build', async () => {
    if (isBuilt(what)) return
    say(`the sources are newer than the build: building the ${what.name} …`)
    const code = await build(what)
    if (code !== 0) throw new BootstrapError(`the build failed with exit code ${code}`)
  })
}

function isBuilt(what) {
  return readText(what.stamp) === buildHash(what)
}

async function build(what) {
  // Taken before the build, so a source saved while it runs leaves the stamp stale.
  const made = what === WORKBENCH ? [WORKBENCH, AGENT] : [what]
  const hashes = made.map(buildHash)
  for (const { stamp } of made) fs.rmSync(stamp, { force: true })
  const args = [binPath('vite'), 'build', '--app', '--logLevel', 'warn', ...what.vite]
  const stdio = ['ignore', process.stderr, process.stderr]
  const code = await run(nodePath(), args, { cwd: ROOT, stdio })
  if (code === 0) {
    for (const [index, { stamp }] of made.entries()) {
      fs.mkdirSync(path.dirname(stamp), { recursive: true })
      fs.writeFileSync(stamp, hashes[index])
    }
  }
  return code
}

function buildHash(what) {
  const hash = createHash('sha256')
  for (const file of what.inputs.flatMap((name) => listFiles(name)).sort()) {
    hash
      .update(`${file}\0`)
      .update(fs.readFileSync(path.join(ROOT, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

function listFiles(name) {
  const stat = fs.statSync(path.join(ROOT, name), { throwIfNoEntry: false })
  if (stat === undefined) return []
  if (!stat.isDirectory()) return [name]
  return fs.readdirSync(path.join(ROOT, name)).flatMap((entry) => listFiles(`${name}/${entry}`))
}

// -------------------------------------------------------------------- processes, files and locks

/** Runs a program with this one's streams; resolves to its exit code, or dies by its signal. */
function run(program, args, options) {
  const bin = path.join(MODULES, '.bin')
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` }
  const child = spawn(program, args, { stdio: 'inherit', env, ...options })
  // At a terminal Ctrl-C reaches the whole process group; passing it on would deliver it twice.
  const passOn = (signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, passOn)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      for (const name of signals) process.off(name, passOn)
      resolve(code ?? 128 + (os.constants.signals[signal] ?? 0))
    })
  })
}

function readText(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
}

/** Runs `work` while no other bootstrap of this checkout runs work of the same name. */
async function withLock(name, work) {
  const lock = path.join(ROOT, `.bootstrap-${name}.lock`)
  await takeLock(lock, name)
  const release = () => fs.rmSync(lock, { force: true })
  process.on('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

async function takeLock(lock, name) {
  const mine = `${lock}.${process.pid}`
  // Linking a finished file is atomic: whoever sees the lock also sees its owner.
  fs.writeFileSync(mine, String(process.pid))
  try {
    const deadline = Date.now() + LOCK_WAIT_MAX_MS
    let told = false
    while (!tryLink(mine, lock)) {
      const owner = Number(readText(lock))
      if (owner > 0 && !isAlive(owner)) fs.rmSync(lock, { force: true })
      else if (Date.now() > deadline) {
        throw new BootstrapError(`process ${owner} has held ${lock} too long; remove it if stuck`)
      } else {
        if (!told && owner > 0) say(`waiting for the ${name} of process ${owner} …`)
        told = true
        await sleep(200)
      }
    }
  } finally {
    fs.rmSync(mine, { force: true })
  }
}

function tryLink(from, to) {
  try {
    fs.linkSync(from, to)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

process.exitCode = await main(process.argv[2] ?? '', process.argv.slice(3))
