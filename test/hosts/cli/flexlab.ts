// Runs the command line as its users do: a child process, a library of its own, exit codes.
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

const MAIN = path.resolve(import.meta.dirname, '../../../src-main/hosts/cli/main.ts')

/** How a command ended. */
export type Ended = {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs. */
export type Running = {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<Ended>
  /** What was written to stderr so far. */
  readonly said: () => string
}

/** A folder with a library of its own. */
export class Workplace {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-cli-'))
  readonly database = path.join(this.folder, 'library.sqlite')

  /** Writes a file. @returns its path */
  write(name: string, text: string): string {
    const file = path.join(this.folder, name)
    writeFileSync(file, text)
    return file
  }

  /** Runs a command to its end. */
  flexlab(...args: string[]): Promise<Ended> {
    return this.start(...args).ended
  }

  /** Runs a command that prints JSON. */
  async json(...args: string[]): Promise<unknown> {
    const { stdout, stderr, code } = await this.flexlab(...args, '--json')
    if (code !== 0) throw new Error(`flexlab ${args.join(' ')} ended with ${code}: ${stderr}`)
    return JSON.parse(stdout)
  }

  /** Starts a command. */
  start(...args: string[]): Running {
    const argv = [MAIN, '--db', this.database, '--workers', '2', ...args]
    // The schemes of whoever runs the tests must not be in them.
    const env = { ...process.env, NO_COLOR: '1', XDG_DATA_HOME: this.folder }
    const child = spawn(process.execPath, argv, { cwd: this.folder, env, shell: false })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
    })
    child.stdin.end()
    return { child, ended, said: () => stderr }
  }

  /** Deletes the folder. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A workplace that is deleted after the test. */
export function workplace(): Workplace {
  const place = new Workplace()
  onTestFinished(() => place.remove())
  return place
}
