/**
 * kill -9 of a process that writes runs: every acknowledged run must be there, once, and the
 * database sound. A crash of the process, not of the machine: power loss is not simulated.
 */
import { existsSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { withFile } from '../store/library-fixture.ts'
import { collect, draws, faultOptions, inspect, isSound, start } from './fault-script.ts'

/** A library is used for this many kills: each finds what the ones before have left. */
const KILLS_A_LIBRARY = 25
const WRITING_MS_MAX = 100
const OPENING_MS_MAX = 400
/** Part of the kills that strike while the library is being opened. */
const OPENING_SHARE = 0.2

const { count, seed } = faultOptions()
const draw = draws(seed, 1)
const totals = { seed, kills: 0, acknowledged: 0, lost: 0, doubled: 0, unsound: 0 }

/** Starts the writer, kills it; gives back the lines that it wrote. */
async function killOnce(file: string): Promise<string[]> {
  const child = start('sqlite-writer.ts', [file])
  const output = collect(child)
  const isEarly = draw() < OPENING_SHARE
  const delayMs = draw() * (isEarly ? OPENING_MS_MAX : WRITING_MS_MAX)
  const kill = () => setTimeout(() => child.kill('SIGKILL'), delayMs)
  if (isEarly) kill()
  else child.stdout!.once('data', kill)
  const { text, code } = await output
  if (code !== null) throw new Error(`the writer ended by itself with ${code}`)
  totals.kills += 1
  return text.split('\n')
}

/** Keeps what the lines promise: `run id → cell index`, null for a run without a campaign. */
function acknowledge(lines: readonly string[], promised: Map<string, number | null>): void {
  for (const line of lines) {
    const cell = /^cell (\d+) (\S+)$/.exec(line)
    const run = /^run (\S+)$/.exec(line)
    if (line.startsWith('doubled')) totals.doubled += 1
    if (cell !== null) promised.set(cell[2]!, Number(cell[1]))
    if (run !== null) promised.set(run[1]!, null)
  }
}

function check(database: Database, promised: ReadonlyMap<string, number | null>): void {
  if (!isSound(database)) totals.unsound += 1
  const hasSchema = database.pragma('user_version', { simple: true }) !== 0
  if (!hasSchema && promised.size === 0) return
  const rows = database.prepare('SELECT id, cell_index FROM runs').raw().all()
  const stored = new Map(rows as [string, number | null][])
  for (const [id, index] of promised) if (stored.get(id) !== index) totals.lost += 1
  const cells = [...stored.values()].filter((index) => index !== null)
  totals.doubled += cells.length - new Set(cells).size
  const unlinked = `SELECT count(*) FROM runs LEFT JOIN cells USING (run_key)
    WHERE runs.campaign_key IS NOT NULL AND cells.run_key IS NULL`
  totals.lost += database.prepare(unlinked).pluck().get() as number
}

async function useLibrary(kills: number): Promise<void> {
  await withFile(async (file) => {
    const promised = new Map<string, number | null>()
    for (let kill = 0; kill < kills; kill += 1) {
      acknowledge(await killOnce(file), promised)
      if (existsSync(file)) inspect(file, (database) => check(database, promised))
      else totals.lost += promised.size
    }
    totals.acknowledged += promised.size
  })
}

while (totals.kills < count) await useLibrary(Math.min(KILLS_A_LIBRARY, count - totals.kills))
console.log(JSON.stringify(totals))
