/**
 * Our programs, compiled on the host: static, so that they run in whatever guest there is. Kept in
 * the agent's own folder by the hash of their source.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { LabError } from '../../core/base/lab-error.ts'
import { runProgram } from '../backend/run-program.ts'
import { PROGRAM_SOURCES, type OwnProgram } from '../micro/sources.ts'

const COMPILE_MS = 120_000
const COMPILERS = ['gcc', 'cc', 'clang']
const FLAGS = ['-std=c11', '-O2', '-pthread', '-static']
const HINT = 'install gcc and libc6-dev (with libc.a) on the host'

/** A program's name with the hash of its source: never the same for different programs. */
export function buildName(program: OwnProgram): string {
  const hash = createHash('sha256').update(PROGRAM_SOURCES[program]).update(FLAGS.join())
  return `${program}-${hash.digest('hex').slice(0, 16)}`
}

/** Compiles programs, each once. */
export class HostBuilds {
  readonly #folder: string
  readonly #builds = new Map<OwnProgram, Promise<string>>()

  constructor(folder = path.join(cacheFolder(), 'flexlab', 'programs')) {
    this.#folder = folder
  }

  /** Where the program is on this host. @throws LabError `unavailable` without a compiler */
  path(program: OwnProgram): Promise<string> {
    const build = this.#builds.get(program) ?? this.#build(program)
    this.#builds.set(program, build)
    build.catch(() => this.#builds.delete(program))
    return build
  }

  async #build(program: OwnProgram): Promise<string> {
    const file = path.join(this.#folder, buildName(program))
    if (existsSync(file)) return file
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    // Two agents may build at once; each writes its own file and the last rename wins.
    const unfinished = `${file}.${process.pid}`
    const source = `${unfinished}.c`
    writeFileSync(source, PROGRAM_SOURCES[program])
    try {
      await compile([...FLAGS, '-o', unfinished, source])
      renameSync(unfinished, file)
    } finally {
      rmSync(source, { force: true })
    }
    return file
  }
}

function cacheFolder(): string {
  const given = process.env['XDG_CACHE_HOME'] ?? ''
  return path.isAbsolute(given) ? given : path.join(homedir(), '.cache')
}

async function compile(args: readonly string[]): Promise<void> {
  let why = ''
  for (const compiler of COMPILERS) {
    try {
      const { code, stderr } = await runProgram([compiler, ...args], COMPILE_MS)
      if (code === 0) return
      why = stderr.trim().split('\n').at(-1) ?? ''
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      why = error.message
    }
  }
  throw new LabError('unavailable', `our programs cannot be compiled on the host: ${why}`, HINT)
}
