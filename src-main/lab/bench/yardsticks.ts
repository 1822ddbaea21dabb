/**
 * Yardsticks: the hold model in C++ and in SimPy, where this machine can run them. One of the few
 * places that start programs (docs/adr/0041-bench-yardsticks.md): a compiler and an interpreter, on
 * our own files, without a shell.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { assert } from '../../core/base/assert.ts'
import { findProgram } from '../doctor/programs.ts'
import type { HoldRun } from './hold.ts'

const run = promisify(execFile)

/** An implementation of the hold model that can be run here. */
export type Yardstick = {
  readonly id: 'c++' | 'simpy'
  /** What it is, with versions. */
  readonly name: string
  readonly run: (entities: number, holds: number, signal: AbortSignal) => Promise<HoldRun>
}

/** A yardstick that cannot be run here, and what to do about it. */
export type Missing = { readonly id: Yardstick['id']; readonly reason: string }

/** The Python that Debian's modules are installed for; another may come first on the PATH. */
const PYTHONS = ['/usr/bin/python3', 'python3']
const SOURCES = import.meta.dirname

/** Compiles and finds what there is; `close` removes what was compiled. */
export async function openYardsticks(signal: AbortSignal): Promise<{
  readonly there: readonly Yardstick[]
  readonly missing: readonly Missing[]
  readonly close: () => Promise<void>
}> {
  const folder = await mkdtemp(path.join(tmpdir(), 'flexlab-bench-'))
  const found = [await compileCpp(folder, signal), await findSimpy(signal)]
  return {
    there: found.filter((one) => 'run' in one),
    missing: found.filter((one) => 'reason' in one),
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Our engine, as a program like the others: each round starts with nothing compiled. */
export const runEngine: Yardstick['run'] = (...counts) =>
  hold(process.execPath, [path.join(SOURCES, 'hold-program.ts')], ...counts)

async function compileCpp(folder: string, signal: AbortSignal): Promise<Yardstick | Missing> {
  const compiler = findProgram(['g++'])
  if (compiler === null) return { id: 'c++', reason: 'g++ is not here (Debian package g++)' }
  const program = path.join(folder, 'hold')
  const source = path.join(SOURCES, 'hold.cpp')
  await run(compiler, ['-O2', '-std=c++17', '-o', program, source], { shell: false, signal })
  const version = await run(compiler, ['-dumpfullversion'], { shell: false, signal })
  return {
    id: 'c++',
    name: `C++ std::priority_queue, g++ ${version.stdout.trim()} -O2`,
    run: (...counts) => hold(program, [], ...counts),
  }
}

async function findSimpy(signal: AbortSignal): Promise<Yardstick | Missing> {
  const ask = 'import sys, simpy; print(sys.version.split()[0], simpy.__version__)'
  for (const candidate of PYTHONS) {
    const python = path.isAbsolute(candidate) ? candidate : findProgram([candidate])
    if (python === null) continue
    // A Python that is not here or has no SimPy is what we look for: the next one may have it.
    const answer = await run(python, ['-c', ask], { shell: false, signal }).catch(() => null)
    if (answer === null) continue
    const [version = '', simpy = ''] = answer.stdout.trim().split(' ')
    const script = path.join(SOURCES, 'hold.py')
    return {
      id: 'simpy',
      name: `SimPy ${simpy}, Python ${version}`,
      run: (...counts) => hold(python, [script], ...counts),
    }
  }
  return { id: 'simpy', reason: 'SimPy is not here (Debian package python3-simpy3)' }
}

async function hold(
  program: string,
  args: readonly string[],
  ...[entities, holds, signal]: Parameters<Yardstick['run']>
): Promise<HoldRun> {
  const counts = [String(entities), String(holds)]
  const { stdout } = await run(program, [...args, ...counts], { shell: false, signal })
  const [cpuSeconds = NaN, lastTime = NaN] = stdout.trim().split(' ').map(Number)
  assert(cpuSeconds >= 0 && lastTime > 0, `${program} printed ${stdout}`)
  return { cpuSeconds, lastTime }
}
