/**
 * What the fault scripts share. Each is a program that prints one line of JSON with its seed and
 * counts, `node test/fault/<name>.ts --count N --seed S`, so that a crash of it is a failure too.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { streamKey, uniformAt } from '../../src-main/core/base/random.ts'

/** What a fault script was asked for. */
export type FaultOptions = { readonly count: number; readonly seed: number }

/** The options of this process's command line. */
export function faultOptions(): FaultOptions {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
    },
  })
  return { count: Number(values.count), seed: Number(values.seed) }
}

/** A stream of uniform draws in (0, 1). */
export function draws(seed: number, stream: number): () => number {
  const key = streamKey(seed, stream)
  let index = 0
  return () => uniformAt(key, index++)
}

const here = path.dirname(fileURLToPath(import.meta.url))

/** Starts a program of this folder; its standard output is read by the caller. */
export function start(name: string, args: readonly string[]): ChildProcess {
  const stdio = ['ignore', 'pipe', 'inherit'] as const
  return spawn(process.execPath, [path.join(here, name), ...args], { stdio: [...stdio] })
}

/** Runs a fault script to its end; gives back its counts. Throws when it crashed. */
export async function runFault(
  name: string,
  options: FaultOptions,
): Promise<Record<string, unknown>> {
  const child = start(name, ['--count', `${options.count}`, '--seed', `${options.seed}`])
  const { text, code, signal } = await collect(child)
  if (code !== 0) throw new Error(`${name} ended with ${code ?? signal ?? 'nothing'}: ${text}`)
  return JSON.parse(text.trim().split('\n').at(-1)!) as Record<string, unknown>
}

/** What a child wrote, and how it ended. */
export async function collect(child: ChildProcess): Promise<{
  readonly text: string
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}> {
  let text = ''
  child.stdout!.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { text, code, signal }
}

/** Runs `use` on a connection that leaves the library, and what its log holds, as they are. */
export function inspect<T>(file: string, use: (database: Database.Database) => T): T {
  const database = new Database(file, { readonly: true })
  try {
    return use(database)
  } finally {
    database.close()
  }
}

/** Whether SQLite finds nothing wrong with a library, its indexes and its references. */
export function isSound(database: Database.Database): boolean {
  const check = database.pragma('integrity_check', { simple: true })
  const broken = database.pragma('foreign_key_check') as unknown[]
  return check === 'ok' && broken.length === 0
}
