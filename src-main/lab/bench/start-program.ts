/**
 * Starts the programs of the bench and reads what they print. One of the few places that start
 * programs (docs/adr/0041-bench-yardsticks.md): compilers, interpreters and our own Node, on our
 * own files, never through a shell.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What a program prints. @throws Error when it cannot be started, fails, or `signal` aborts */
export async function outputOf(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const { stdout } = await run(program, [...args], { shell: false, signal })
  return stdout.trim()
}
