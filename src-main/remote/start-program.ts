/**
 * The one place of this layer that starts processes: argument vectors, never a shell of ours, error
 * output kept as a capped tail. What is started is `ssh`, or `/bin/sh` for the local host.
 */
import { spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { LabError } from '../core/base/lab-error.ts'
import { Tail } from './printable.ts'

/** How a program ended. `stderr`: the end of its error output, printable. */
export type Exit = {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
}

/** A started program as two byte streams, the same for a host behind ssh and the local one. */
export type Transport = {
  readonly input: Writable
  readonly output: Readable
  /** Resolves once it has ended and its output was read; never rejects. */
  readonly exited: Promise<Exit>
  /** What it has written to its error output up to now. */
  readonly stderr: () => string
  /** Ends it at once, without a farewell: on the other side, the end of the input. */
  readonly kill: () => void
}

/** What a program that ran to its end gave. */
export type Finished = Exit & { readonly stdout: string }

/** More than this of a short program's output is not ours, characters. */
const STDOUT_LENGTH_MAX = 1024 * 1024

/** An older ssh's master keeps its error output open; that is not waited for. */
const STDERR_GRACE_MS = 200

/**
 * Starts a program. Its messages are in English, and it has no terminal to ask questions on.
 * @throws LabError `unavailable` when it is not installed
 */
export async function startProgram(argv: readonly string[]): Promise<Transport> {
  const [program = '', ...args] = argv
  const child = spawn(program, args, {
    shell: false,
    stdio: 'pipe',
    // A session of its own: Ctrl-C is ours to handle, and nothing can prompt on the terminal.
    detached: process.platform !== 'win32',
    windowsHide: true,
    env: { ...process.env, LC_ALL: 'C', SSH_ASKPASS_REQUIRE: 'never' },
  })
  const tail = new Tail()
  child.stderr.on('data', (chunk: Buffer) => tail.push(chunk))
  // Writing to a program that has ended is told by its exit, not by EPIPE.
  child.stdin.on('error', () => {})
  const exited = endOf(child, tail)
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) => reject(notStarted(program, error)))
  })
  return {
    input: child.stdin,
    output: child.stdout,
    exited,
    stderr: () => tail.text(),
    kill: () => killGroup(child),
  }
}

function endOf(child: ReturnType<typeof spawn>, tail: Tail): Promise<Exit> {
  return new Promise((resolve) => {
    const finish = (code: number | null, signal: NodeJS.Signals | null) =>
      resolve({ code, signal, stderr: tail.text() })
    child.once('close', finish)
    child.once('exit', (code, signal) => {
      const settle = () => setTimeout(finish, STDERR_GRACE_MS, code, signal)
      if (child.stdout === null || child.stdout.readableEnded) settle()
      else child.stdout.once('close', settle)
    })
  })
}

/** With what it started itself: a shell's command, a ProxyCommand. Its master is not among them. */
function killGroup(child: ReturnType<typeof spawn>): void {
  if (child.exitCode !== null || child.signalCode !== null) return
  try {
    if (process.platform === 'win32' || child.pid === undefined) child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has just ended by itself.
  }
}

function notStarted(program: string, error: Error): LabError {
  if (!('code' in error) || error.code !== 'ENOENT') {
    return new LabError('unavailable', `${program} could not be started: ${error.message}`)
  }
  const hint = 'Install the OpenSSH client (Debian: openssh-client) and see that it is on the PATH.'
  return new LabError('unavailable', `${program} is not installed`, hint)
}

/** How a program that runs to its end is run. */
export type RunOptions = {
  readonly input?: string
  /** Killed after this long; then its exit has the signal SIGKILL. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** Runs a program to its end; its output is capped. @throws LabError as startProgram */
export async function runProgram(argv: readonly string[], options: RunOptions): Promise<Finished> {
  return finish(await startProgram(argv), options)
}

/**
 * Lets a started program run to its end, with nothing more on its input than `input`.
 * @throws LabError `cancelled` when the signal is aborted
 */
export async function finish(transport: Transport, options: RunOptions): Promise<Finished> {
  const { input = '', timeoutMs, signal } = options
  const timer = setTimeout(transport.kill, timeoutMs)
  signal?.addEventListener('abort', transport.kill, { once: true })
  if (signal?.aborted === true) transport.kill()
  transport.input.end(input)
  let stdout = ''
  transport.output.setEncoding('utf8').on('data', (text: string) => {
    stdout = (stdout + text).slice(0, STDOUT_LENGTH_MAX)
  })
  try {
    const exit = await transport.exited
    if (signal?.aborted === true) throw new LabError('cancelled', 'the request was cancelled')
    return { ...exit, stdout }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', transport.kill)
  }
}
