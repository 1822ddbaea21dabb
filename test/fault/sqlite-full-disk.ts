/**
 * A disk that refuses to grow a file, at `count` limits from a first page to hundreds of runs: each
 * refusal must be a clear LabError, and what was acknowledged must be there once there is space.
 * The limit is the system's own (RLIMIT_FSIZE).
 */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { LabError } from '../../src-main/core/base/lab-error.ts'
import type { Store } from '../../src-main/store/index.ts'
import { machine, open, resultOf, scenarioOf, withFile } from '../store/library-fixture.ts'
import { collect, draws, faultOptions, inspect, isSound } from './fault-script.ts'

const LIMIT_KIB_MAX = 6000

const { count, seed } = faultOptions()
const draw = draws(seed, 4)
const refusals: Record<string, number> = {}
const totals = { seed, limits: 0, acknowledged: 0, lost: 0, broken: 0, unsound: 0, refusals }

const writer = path.join(path.dirname(fileURLToPath(import.meta.url)), 'sqlite-full-writer.ts')

/** Runs the writer with files limited to a size; gives back its lines. */
async function writeWithin(limitKib: number, file: string): Promise<string[]> {
  // ulimit is a builtin of the shell, in blocks of 512 bytes; it lasts over the exec.
  const script = 'ulimit -f "$1"; shift; exec "$@"'
  const args = ['-c', script, 'sh', `${limitKib * 2}`, process.execPath, writer, file]
  const child = spawn('/bin/sh', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const { text } = await collect(child)
  const lines = text.trim().split('\n')
  if (lines.at(-1) !== 'done') totals.broken += 1
  return lines
}

function countRefusals(lines: readonly string[]): void {
  for (const line of lines) {
    const step = /^refused (\w+)/.exec(line)?.[1]
    if (step !== undefined) refusals[step] = (refusals[step] ?? 0) + 1
    if (!line.startsWith('broken')) continue
    totals.broken += 1
    console.error(line)
  }
}

async function checkWithSpace(file: string, lines: readonly string[]): Promise<void> {
  const promised = lines.flatMap((line) => /^run (\S+)$/.exec(line)?.[1] ?? [])
  totals.acknowledged += promised.length
  const store = await open(file)
  for (const id of promised) totals.lost += await isLost(store, id)
  const scenario = scenarioOf('vips', 'cfs', 9999)
  await store.saveRun({ scenario, result: resultOf(9999), machine })
  await store.close()
  inspect(file, (database) => {
    if (!isSound(database)) totals.unsound += 1
  })
}

async function isLost(store: Store, runId: string): Promise<number> {
  try {
    await store.getRun(runId)
    return 0
  } catch (error) {
    if (error instanceof LabError && error.code === 'not-found') return 1
    throw error
  }
}

for (let index = 0; index < count; index += 1) {
  // Spread evenly, with a seeded offset inside each share.
  const limitKib = Math.floor(((index + draw()) / count) * LIMIT_KIB_MAX)
  await withFile(async (file) => {
    const lines = await writeWithin(limitKib, file)
    countRefusals(lines)
    await checkWithSpace(file, lines)
  })
  totals.limits += 1
}
console.log(JSON.stringify(totals))
