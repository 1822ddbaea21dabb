// The whole system of a guest as one initramfs, made from files of installed Debian packages: no
// image to download, no root needed, and two seconds of work that a cache saves the next time.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  chmodSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { findProgram } from './programs.ts'

/** Drivers of the guest agent's channel, in the order in which they need each other. */
const MODULES = [
  'virtio/virtio_ring',
  'virtio/virtio',
  'virtio/virtio_pci_legacy_dev',
  'virtio/virtio_pci_modern_dev',
  'virtio/virtio_pci',
  'char/virtio_console',
]

const NO_KERNEL = 'no kernel in /boot has virtio modules; install linux-image-cloud-amd64'

const FOLDERS = 'proc sys dev run tmp root etc usr/bin usr/sbin usr/lib usr/lib64 usr/lib/modules'
const LINKS = { bin: 'usr/bin', sbin: 'usr/sbin', lib: 'usr/lib', lib64: 'usr/lib64' }

const HERE = import.meta.dirname
const ROOT = path.join(HERE, '..', '..')
const MICRO_SOURCE = path.join(ROOT, 'src-main/agent/micro/flexlab-micro.c')

/** Where things that the next bed can use again are kept. */
export const BED_CACHE = path.join(ROOT, 'node_modules/.cache/flexlab-bed')

/** What a guest boots from. */
export interface GuestSystem {
  readonly kernel: string
  readonly initrd: string
}

/** A file of the guest: its path there without the leading slash, and its content's source. */
interface GuestFile {
  readonly to: string
  readonly from: string
  readonly isProgram: boolean
}

/**
 * The newest installed kernel that has the drivers as modules, and an initramfs for it.
 *
 * @throws Error when a program, the kernel or a driver is missing
 */
export function buildGuestSystem(): GuestSystem {
  const found = findGuestKernel()
  if (found === undefined) throw new Error(NO_KERNEL)
  const { kernel, modules } = found
  mkdirSync(BED_CACHE, { recursive: true })
  const files = guestFiles(modules)
  const initrd = path.join(BED_CACHE, `initramfs-${hashOf(files)}.cpio`)
  if (!existsSync(initrd)) pack(files, initrd)
  return { kernel, initrd }
}

/** The newest kernel in /boot that has the drivers as modules, and these in loading order. */
export function findGuestKernel(): { kernel: string; modules: string[] } | undefined {
  const versions = (existsSync('/boot') ? readdirSync('/boot') : [])
    .filter((name) => name.startsWith('vmlinuz-'))
    .map((name) => name.slice('vmlinuz-'.length))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
  for (const version of versions) {
    const modules = MODULES.map((name) => `/lib/modules/${version}/kernel/drivers/${name}.ko`)
    if (modules.every((file) => existsSync(file))) {
      return { kernel: `/boot/vmlinuz-${version}`, modules }
    }
  }
  return undefined
}

function guestFiles(modules: readonly string[]): GuestFile[] {
  const programs = [
    { to: 'usr/bin/busybox', from: findProgram('busybox') },
    { to: 'usr/sbin/qemu-ga', from: findProgram('qemu-ga') },
    { to: 'init', from: path.join(HERE, 'guest/init.sh') },
    { to: 'usr/bin/flexlab-micro', from: compileMicro() },
  ]
  const libraries = new Set(programs.flatMap(({ from }) => librariesOf(from)))
  const data = [
    { to: 'etc/inittab', from: path.join(HERE, 'guest/inittab') },
    ...modules.map((from) => ({ to: `lib/modules/${path.basename(from)}`, from })),
  ]
  return [
    ...programs.map((file) => ({ ...file, isProgram: true })),
    ...[...libraries].map((from) => ({ to: from.slice(1), from, isProgram: true })),
    ...data.map((file) => ({ ...file, isProgram: false })),
  ]
}

/** The micro-benchmark as a static program, kept by the hash of its source. */
function compileMicro(): string {
  const hash = createHash('sha256').update(readFileSync(MICRO_SOURCE)).digest('hex')
  const program = path.join(BED_CACHE, `flexlab-micro-${hash.slice(0, 16)}`)
  if (existsSync(program)) return program
  const unfinished = `${program}.${process.pid}`
  run('gcc', ['-std=c11', '-O2', '-pthread', '-static', '-o', unfinished, MICRO_SOURCE])
  renameSync(unfinished, program)
  return program
}

/** Shared libraries that the dynamic linker would load, and the linker itself. */
function librariesOf(program: string): string[] {
  const { stdout } = spawnSync(findProgram('ldd'), [program], { encoding: 'utf8', shell: false })
  return [...stdout.matchAll(/(?:=> |^\t)(\/\S+) \(0x/gm)].map(([, library]) => library!)
}

function hashOf(files: readonly GuestFile[]): string {
  const hash = createHash('sha256').update(readFileSync(import.meta.filename))
  for (const { to, from } of files) hash.update(`${to}\0`).update(readFileSync(from)).update('\0')
  return hash.digest('hex').slice(0, 16)
}

function pack(files: readonly GuestFile[], target: string): void {
  const stage = mkdtempSync(path.join(os.tmpdir(), 'flexlab-initramfs-'))
  try {
    lay(stage, files)
    // Two beds may build at once; each writes its own file and the last rename wins.
    const unfinished = `${target}.${process.pid}`
    archive(stage, unfinished)
    renameSync(unfinished, target)
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

function lay(stage: string, files: readonly GuestFile[]): void {
  for (const folder of FOLDERS.split(' ')) mkdirSync(path.join(stage, folder), { recursive: true })
  for (const [link, to] of Object.entries(LINKS)) symlinkSync(to, path.join(stage, link))
  for (const { to, from, isProgram } of files) {
    const place = path.join(stage, to)
    mkdirSync(path.dirname(place), { recursive: true })
    copyFileSync(from, place)
    chmodSync(place, isProgram ? 0o755 : 0o644)
  }
  const busybox = path.join(stage, 'usr/bin/busybox')
  for (const applet of run(busybox, ['--list']).split('\n').filter(Boolean)) {
    const place = path.join(stage, 'usr/bin', applet)
    if (!existsSync(place)) symlinkSync('busybox', place)
  }
  symlinkSync('/usr/bin/busybox', path.join(stage, 'usr/sbin/init'))
  writeText(stage, 'etc/modules', MODULES.map((name) => `${path.basename(name)}\n`).join(''))
  writeText(stage, 'etc/passwd', 'root:x:0:0:root:/:/bin/sh\n')
  writeText(stage, 'etc/group', 'root:x:0:\n')
  writeText(stage, 'etc/os-release', 'ID=flexlab-bed\nPRETTY_NAME="FlexCore Lab test bed"\n')
}

function writeText(stage: string, name: string, text: string): void {
  writeFileSync(path.join(stage, name), text)
}

function archive(stage: string, target: string): void {
  const names = readdirSync(stage, { recursive: true, encoding: 'utf8' }).sort()
  const output = openSync(target, 'w')
  try {
    // Not compressed: under TCG unpacking takes longer than loading eight more megabytes.
    const argv = ['--create', '--format=newc', '--owner=+0:+0', '--null', '--quiet']
    const options = { cwd: stage, input: names.join('\0'), stdio: ['pipe', output, 'inherit'] }
    const { status } = spawnSync(findProgram('cpio'), argv, { ...options, shell: false } as object)
    if (status !== 0) throw new Error(`cpio failed with exit code ${String(status)}`)
  } finally {
    closeSync(output)
  }
}

function run(program: string, argv: readonly string[]): string {
  const { status, stdout, error } = spawnSync(program, argv, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: false,
  })
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? String(status)}`)
  return stdout
}
