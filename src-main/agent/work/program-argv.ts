/** What a program of the contract is started with in a guest. */
import { LabError } from '../../core/base/lab-error.ts'
import type { MicroRequest } from '../../core/contract/agent/micro.ts'
import type { Program } from '../../core/contract/agent/program.ts'

/** A program as the guest gets it. */
export type GuestCommand = {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly stdin: string
  readonly threads: number
}

/** Options of flexlab-micro by the names they have in campaign files. */
const MICRO_OPTIONS: Readonly<Record<string, string>> = {
  threads: '--threads',
  iterations: '--iterations',
  seconds: '--seconds',
  workNs: '--work',
  holdNs: '--hold',
  pages: '--pages',
  llcKib: '--llc',
  windows: '--windows',
  warmUp: '--warmup',
  loopsPerUs: '--loops-per-us',
}

/** `$threads`, but not `$threadsafe`. */
const THREADS = /\$threads\b/g

/** Arguments of flexlab-micro. @throws LabError `bad-input` for an option that it does not have */
export function microArgs(mode: MicroRequest['mode'], options: MicroRequest['options']): string[] {
  const args = Object.entries(options).flatMap(([name, value]) => {
    const option = Object.hasOwn(MICRO_OPTIONS, name) ? MICRO_OPTIONS[name] : undefined
    if (option !== undefined) return [option, decimal(value)]
    const known = Object.keys(MICRO_OPTIONS).join(', ')
    throw new LabError('bad-input', `flexlab-micro has no option "${name}"`, `it has ${known}`)
  })
  return [mode, '--json', ...args]
}

/**
 * A program with its numbers filled in. A ballooned guest shows programs fewer CPUs than it has
 * vCPUs, so the micro-benchmark is told to use `vcpus` threads unless the campaign says otherwise.
 */
export function guestCommand(
  program: Program,
  micro: { readonly path: string; readonly loopsPerUs: number } | null,
  vcpus: number,
): GuestCommand {
  if (program.kind === 'command') return commandOf(program)
  if (micro === null) throw new Error('the micro-benchmark is not in the guest')
  const options = { threads: vcpus, loopsPerUs: micro.loopsPerUs, ...program.options }
  const argv = [micro.path, ...microArgs(program.mode, options)]
  return { argv, env: {}, stdin: '', threads: options.threads }
}

function commandOf({ argv, env, stdin, threads }: Extract<Program, { kind: 'command' }>) {
  const fill = (text: string) => text.replaceAll(THREADS, String(threads))
  const filled = Object.entries(env).map(([key, value]) => [key, fill(value)] as const)
  return { argv: argv.map(fill), env: Object.fromEntries(filled), stdin, threads }
}

/** Digits as C reads them: no exponent. */
function decimal(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(6)
}
