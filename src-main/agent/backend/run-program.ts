/** Other programs of the host (taskset, virsh): argument vectors, no shell, a deadline, a cap. */
import { spawn } from 'node:child_process'
import { LabError } from '../../core/base/lab-error.ts'
import { DeadlineError } from './deadline.ts'

const OUTPUT_BYTES_MAX = 16 * 1024 * 1024

/** What a program did. */
export type ProgramEnd = {
  /** Exit code; 128 + n after signal n is not told apart from a code. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a program to its end. @throws LabError `unavailable` when it is not there, DeadlineError
 * (and it is killed) when it takes too long, `budget` when it writes too much
 */
export function runProgram(argv: readonly string[], timeoutMs: number): Promise<ProgramEnd> {
  const [program = '', ...args] = argv
  const env = { ...process.env, LC_ALL: 'C' }
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], shell: false })
  const { promise, resolve, reject } = Promise.withResolvers<ProgramEnd>()
  const out: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] }
  let left = OUTPUT_BYTES_MAX
  const fail = (error: LabError) => {
    child.kill('SIGKILL')
    reject(error)
  }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      left -= chunk.length
      if (left < 0) fail(new LabError('budget', `${program} wrote over ${OUTPUT_BYTES_MAX} bytes`))
      else out[name].push(chunk)
    })
  }
  const timer = setTimeout(() => {
    fail(new DeadlineError(`${program} ${args[0] ?? ''}`, timeoutMs))
  }, timeoutMs)
  child.on('error', (error) => {
    reject(new LabError('unavailable', `cannot run ${program}: ${error.message}`))
  })
  child.on('close', (code) => {
    clearTimeout(timer)
    const text = (name: 'stdout' | 'stderr') => Buffer.concat(out[name]).toString()
    resolve({ code: code ?? 128, stdout: text('stdout'), stderr: text('stderr') })
  })
  return promise
}
