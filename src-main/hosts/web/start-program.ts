/**
 * The only place where a host starts another program (a browser, Electron, Electron's installer):
 * never through a shell, and only with arguments that we made. See docs/adr for why hosts may.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * Starts a program that outlives us and whose output nobody reads.
 * @returns whether it could be started
 */
export function startDetached(program: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(program, args, { shell: false, detached: true, stdio: 'ignore' })
  return new Promise((resolve) => {
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}

/**
 * Runs a program with our terminal until it ends; ends it when `signal` is aborted.
 * @returns its exit code, 128 + n when signal n ended it; rejects when it cannot be started
 */
export function runToEnd(
  program: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly signal?: AbortSignal } = {},
): Promise<number> {
  const env = options.env ?? process.env
  const child = spawn(program, args, { shell: false, stdio: 'inherit', env })
  const end = () => child.kill('SIGTERM')
  options.signal?.addEventListener('abort', end, { once: true })
  if (options.signal?.aborted === true) end()
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      options.signal?.removeEventListener('abort', end)
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}
