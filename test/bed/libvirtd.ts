// A libvirtd of the bed's own, without systemd and without a change to this machine: it sees the
// bed's folder where the system's configuration and state would be (a private mount namespace), so
// that `virsh` in an SSH session finds it as `qemu:///system`, as on any KVM host.
import { execFile, spawn, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { findProgram } from './programs.ts'
import type { Reaper } from './reaper.ts'

/** A libvirtd that answers. */
export interface LibvirtServer {
  readonly pid: number
  /** For clients outside of the namespace; inside, and over the bed's SSH, it is qemu:///system. */
  readonly uri: string
  /** Starts a program in the namespace: an argv to put before its own. */
  readonly through: readonly string[]
}

/** What a libvirtd is started with. */
export interface LibvirtOptions {
  readonly folder: string
  readonly reaper: Pick<Reaper, 'watchFolder'>
  /** Told of each process as it starts. */
  readonly onStart: (pid: number) => void
}

/** Where libvirt (of Debian) looks, by the folder of the bed that it finds there. */
const PLACES = {
  etc: '/etc/libvirt',
  run: '/run/libvirt',
  lib: '/var/lib/libvirt',
  cache: '/var/cache/libvirt',
  log: '/var/log/libvirt',
}

const DAEMON_CONFIG = `
auth_unix_ro = "none"
auth_unix_rw = "none"
unix_sock_rw_perms = "0700"
`

const QEMU_CONFIG = `
user = "root"
group = "root"
dynamic_ownership = 0
security_driver = "none"
namespaces = []
cgroup_controllers = ["cpu", "cpuset", "cpuacct"]
stdio_handler = "file"
`

/** The first connection has taken 9 s on a quiet machine. */
const START_MS_MAX = 60_000
const POLL_MS = 100

const execute = promisify(execFile)

/** @throws Error without root (mounts need it), or with the log when libvirtd does not start */
export async function startLibvirt(options: LibvirtOptions): Promise<LibvirtServer> {
  if (os.userInfo().uid !== 0) throw new Error('a bed with libvirt needs root')
  const folder = path.join(options.folder, 'libvirt')
  // libvirt makes its folders itself; the one with the process ids is watched from before.
  const places = [...Object.keys(PLACES), 'run/qemu']
  for (const name of places) mkdirSync(path.join(folder, name), { recursive: true })
  writeFileSync(path.join(folder, 'etc/libvirtd.conf'), DAEMON_CONFIG)
  writeFileSync(path.join(folder, 'etc/qemu.conf'), QEMU_CONFIG)
  options.reaper.watchFolder(path.join(folder, 'run/qemu'))
  const through = await openNamespace(folder, options.onStart)
  const log = path.join(folder, 'libvirtd.log')
  const pid = await start([...through, findProgram('libvirtd')], log, options.onStart)
  const uri = `qemu+unix:///system?socket=${folder}/run/libvirt-sock`
  const deadlineMs = performance.now() + START_MS_MAX
  while (!(await answers(uri))) {
    if (performance.now() > deadlineMs) throw new Error(`libvirtd: ${readFileSync(log, 'utf8')}`)
    await sleep(POLL_MS)
  }
  return { pid, uri, through }
}

/**
 * Runs virsh and gives back what it prints.
 *
 * @throws Error with virsh's words when it fails
 */
export async function virsh(uri: string, ...argv: string[]): Promise<string> {
  const { stdout } = await execute(findProgram('virsh'), ['--quiet', '-c', uri, ...argv])
  return stdout.trim()
}

async function answers(uri: string): Promise<boolean> {
  try {
    await virsh(uri, 'version')
    return true
  } catch {
    return false
  }
}

/** A mount namespace with the bed's folders in place, held open by a process that sleeps. */
async function openNamespace(folder: string, onStart: (pid: number) => void) {
  const sleeper = findProgram('sleep')
  const argv = [findProgram('unshare'), '--mount', '--propagation', 'private', sleeper, 'infinity']
  const pid = await start(argv, path.join(folder, 'namespace.log'), onStart)
  // unshare has made the namespace once it has become the program that it was asked to start.
  while (path.basename(readlinkSync(`/proc/${pid}/exe`)) === 'unshare') await sleep(1)
  const through = [findProgram('nsenter'), `--mount=/proc/${pid}/ns/mnt`]
  for (const [name, place] of Object.entries(PLACES)) {
    // An init script would have made /run/libvirt.
    mkdirSync(place, { recursive: true })
    const mount = [...through, findProgram('mount'), '--bind', path.join(folder, name), place]
    await execute(mount[0]!, mount.slice(1))
  }
  return through
}

async function start(argv: readonly string[], log: string, onStart: (pid: number) => void) {
  const output = openSync(log, 'a')
  const stdio: StdioOptions = ['ignore', output, output]
  const child = spawn(argv[0]!, argv.slice(1), { detached: true, stdio, shell: false })
  closeSync(output)
  child.unref()
  await once(child, 'spawn')
  onStart(child.pid!)
  return child.pid!
}
