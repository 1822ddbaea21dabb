// `npm run check`: every check that needs no test run, two at a time, each one's output in a piece.
// Arguments: `all`, `types` or `lint`.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** A program of node_modules and its arguments. */
interface Step {
  readonly name: string
  readonly program: string
  readonly args: string[]
}

interface Outcome {
  readonly ok: boolean
  readonly output: string
  readonly seconds: number
}

const { resolve } = createRequire(import.meta.url)

/** The two compilers and the linter overlap; more at once gain nothing on two cores. */
const CONCURRENT_MAX = 2

const TYPES: Step[] = [
  { name: 'types', program: '@typescript/native:tsc', args: ['--noEmit', '-p', '.'] },
  {
    name: 'types of the core (no DOM, no Node)',
    program: '@typescript/native:tsc',
    args: ['--noEmit', '-p', 'tsconfig.core.json'],
  },
  ...(existsSync('src-renderer') ? [svelteCheck()] : []),
]

const LINT: Step[] = [
  // Without a cache: type-aware rules depend on other files than the one they report on.
  { name: 'eslint', program: 'eslint:eslint', args: ['.', '--max-warnings=0'] },
  {
    name: 'tidy',
    program: 'vitest:vitest',
    args: ['run', '--project=unit', '--reporter=dot', 'test/tidy.test.ts'],
  },
  {
    name: 'prettier',
    program: 'prettier:prettier',
    args: ['--check', '--log-level=warn', '.', '--cache', '--cache-strategy=content'],
  },
]

process.exitCode = await main(process.argv[2] ?? 'all')

async function main(what: string): Promise<number> {
  const steps = { all: [...LINT, ...TYPES], types: TYPES, lint: LINT }[what]
  if (steps === undefined) {
    console.error(`unknown check "${what}"; there are: all, types, lint`)
    return 2
  }
  const failed: string[] = []
  const queue = steps.values()
  const work = async (): Promise<void> => {
    for (const step of queue) {
      const outcome = await runStep(step)
      report(step, outcome)
      if (!outcome.ok) failed.push(step.name)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENT_MAX }, work))
  console.log(failed.length === 0 ? 'check: all is well' : `check: ${failed.join(', ')} failed`)
  return failed.length === 0 ? 0 : 1
}

function svelteCheck(): Step {
  const args = ['--tsconfig', './tsconfig.renderer.json', '--tsgo', '--fail-on-warnings']
  return { name: 'svelte-check', program: 'svelte-check:svelte-check', args }
}

function runStep({ program, args }: Step): Promise<Outcome> {
  const startMs = performance.now()
  const child = spawn(process.execPath, [binPath(program), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: false,
  })
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  }
  return new Promise((settle, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      const seconds = (performance.now() - startMs) / 1000
      settle({ ok: code === 0, output: Buffer.concat(chunks).toString(), seconds })
    })
  })
}

function report({ name }: Step, { ok, output, seconds }: Outcome): void {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`)
  if (!ok) console.log(output.trimEnd())
}

/** The script behind `package:bin`, found through package.json: exports often hide it. */
function binPath(program: string): string {
  const [name = '', bin = ''] = program.split(':')
  const manifest = path.join('node_modules', name, 'package.json')
  const { bin: bins } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    bin: string | Record<string, string>
  }
  const file = typeof bins === 'string' ? bins : bins[bin]
  return resolve(path.resolve(path.dirname(manifest), file ?? ''))
}
