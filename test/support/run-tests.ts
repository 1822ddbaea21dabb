// `npm test`: Vitest with its normal output, then the suites that were skipped for want of a
// program, then one last line that scripts can read: `N passed, N failed[, N skipped]`.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { COUNTS_FILE_VARIABLE, verdict, type Counts } from './counting-reporter.ts'
import { readSkippedSuites, SETUP_COMMAND, SKIPPED_FILE_VARIABLE } from './requires.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-test-'))
  const countsFile = path.join(folder, 'counts.json')
  const skippedFile = path.join(folder, 'skipped.jsonl')
  const isFault = args[0] === '--fault'
  const env = {
    ...process.env,
    [COUNTS_FILE_VARIABLE]: countsFile,
    [SKIPPED_FILE_VARIABLE]: skippedFile,
    ...(isFault ? { FLEXLAB_FAULT: 'full' } : {}),
  }
  try {
    const code = await runVitest(isFault ? ['--project=fault', ...args.slice(1)] : args, env)
    printSkipped(skippedFile)
    const { line, exitCode } = verdict(readCounts(countsFile), code)
    console.log(line)
    return exitCode
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runVitest(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const packageFile = createRequire(import.meta.url).resolve('vitest/package.json')
  const program = path.join(path.dirname(packageFile), 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=./test/support/counting-reporter.ts']
  const child = spawn(process.execPath, [program, 'run', ...reporters, ...args], {
    env,
    stdio: 'inherit',
    shell: false,
  })
  // Vitest ends itself in order; this process stays to clean up and print what is known.
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      resolve(code ?? 1)
    })
  })
}

/** A run that ended without counts (Vitest crashed, bad argument) is one failure, never silence. */
function readCounts(file: string): Counts {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  return JSON.parse(readFileSync(file, 'utf8')) as Counts
}

function printSkipped(file: string): void {
  const suites = readSkippedSuites(file)
  for (const { file: name, reason } of suites) console.log(`skipped ${name}: ${reason}`)
  if (suites.length > 0) console.log(`To run them: ${SETUP_COMMAND}`)
}
