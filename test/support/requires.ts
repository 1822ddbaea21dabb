// Some suites need a program that npm cannot install. On a developer's machine they are skipped and
// named at the end of the run; under CI a missing program is a failure, so nothing is lost quietly.
import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

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
  sshd: 'openssh-server',
} as const

/** A program that some suites need, by the name it is started with (`simpy`: a Python module). */
export type Tool = keyof typeof PACKAGES

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
  const argv = tool === 'simpy' ? [PYTHON_PATH, '-c', 'import simpy'] : ['which', tool]
  const [program = '', ...args] = argv
  return spawnSync(program, args, { shell: false }).status === 0
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
