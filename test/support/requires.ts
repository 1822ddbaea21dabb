// Some suites need a program that npm cannot install. On a developer's machine they are skipped and
// named at the end of the run; under CI a missing program is a failure, so nothing is lost quietly.
import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { findGuestKernel } from '../bed/initramfs.ts'

/** The command that installs every program named here. */
export const SETUP_COMMAND = 'npm run setup:debian'

/** Environment variable with the file that the test runner collects skipped suites from. */
export const SKIPPED_FILE_VARIABLE = 'FLEXLAB_TEST_SKIPPED'

/** Where Debian's chromium package puts the browser. */
export const CHROMIUM_PATH = '/usr/bin/chromium'

/** The Python that Debian's modules are installed for; another may come first on the PATH. */
export const PYTHON_PATH = '/usr/bin/python3'

/** A test file that was skipped, and what it lacks. */
export interface SkippedSuite {
  readonly file: string
  readonly reason: string
}

const PACKAGES = {
  chromium: 'chromium',
  pdftotext: 'poppler-utils',
  pdfinfo: 'poppler-utils',
  pdftoppm: 'poppler-utils',
  qpdf: 'qpdf',
  'g++': 'g++',
  gcc: 'gcc',
  simpy: 'python3-simpy3',
  protoc: 'protobuf-compiler',
  'qemu-system-x86_64': 'qemu-system-x86',
  'guest kernel': 'linux-image-cloud-amd64',
  busybox: 'busybox-static',
  cpio: 'cpio',
  'qemu-ga': 'qemu-guest-agent',
  sshd: 'openssh-server',
  ssh: 'openssh-client',
  libvirtd: 'libvirt-daemon-system',
  virsh: 'libvirt-clients',
} as const

/**
 * A program that some suites need, by the name it is started with (`simpy`: a Python module;
 * `guest kernel`: a kernel for the guests of the test bed).
 */
export type Tool = keyof typeof PACKAGES

/** What the test bed is made of (test/bed). */
export const BED_TOOLS = [
  'qemu-system-x86_64',
  'guest kernel',
  'busybox',
  'cpio',
  'qemu-ga',
  'sshd',
  'ssh',
  'gcc',
] as const satisfies Tool[]

/** Where system programs are; not on everybody's PATH. */
const SYSTEM_PATH = `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`

/**
 * Whether every named tool is here: `describe.runIf(requiresTool('chromium'))('…', …)`.
 * Where one is missing the calling file is listed at the end of the run.
 *
 * @throws Error under CI (`CI` set and not `false`), where a missing tool fails the file
 */
export function requiresTool(...tools: Tool[]): boolean {
  const missing = tools.filter((tool) => !isToolThere(tool))
  if (missing.length === 0) return true
  const needs = missing.map((tool) => `${tool} (Debian package ${PACKAGES[tool]})`).join(', ')
  if (isCi()) throw new Error(`${needs} is missing; install it with: ${SETUP_COMMAND}`)
  record({ file: callingTestFile(), reason: `needs ${needs}` })
  return false
}

/** The suites recorded in `file` by the workers of one run, each once. */
export function readSkippedSuites(file: string): SkippedSuite[] {
  if (!existsSync(file)) return []
  const lines = new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean))
  return [...lines].map((line) => JSON.parse(line) as SkippedSuite)
}

function isToolThere(tool: Tool): boolean {
  if (tool === 'guest kernel') return findGuestKernel() !== undefined
  const argv = tool === 'simpy' ? [PYTHON_PATH, '-c', 'import simpy'] : ['which', tool]
  const [program = '', ...args] = argv
  const env = { ...process.env, PATH: SYSTEM_PATH }
  return spawnSync(program, args, { env, shell: false }).status === 0
}

function isCi(): boolean {
  const value = process.env['CI'] ?? ''
  return value !== '' && value !== 'false' && value !== '0'
}

function record(suite: SkippedSuite): void {
  const file = process.env[SKIPPED_FILE_VARIABLE]
  if (file === undefined) process.stderr.write(`skipped ${suite.file}: ${suite.reason}\n`)
  else appendFileSync(file, `${JSON.stringify(suite)}\n`)
}

/** The test file that is being collected, from the stack: Vitest has no name for it that early. */
function callingTestFile(): string {
  const frame = (new Error().stack ?? '').split('\n').find((line) => /\.test\.ts/.test(line))
  const place = frame?.match(/(file:\/\/)?(\/[^()]*\.test\.ts)/)
  if (place?.[2] === undefined) return 'a test file'
  const file = place[1] === undefined ? place[2] : fileURLToPath(`file://${place[2]}`)
  return path.relative(process.cwd(), file)
}
