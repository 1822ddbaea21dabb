/** The Python that has a module: first Debian's, for which Debian's modules are installed. */
import path from 'node:path'
import { findProgram } from '../doctor/programs.ts'
import { outputOf } from './start-program.ts'

const PYTHONS = ['/usr/bin/python3', 'python3']

/** The first Python that can run `ask`, and what that prints; null where none can. */
export async function findPython(
  ask: string,
  signal: AbortSignal,
): Promise<{ readonly python: string; readonly answer: string } | null> {
  for (const candidate of PYTHONS) {
    const python = path.isAbsolute(candidate) ? candidate : findProgram([candidate])
    if (python === null) continue
    // One that is not here or lacks the module is what we look for: the next may have it.
    const answer = await outputOf(python, ['-c', ask], signal).catch(() => null)
    if (answer !== null) return { python, answer }
  }
  return null
}
