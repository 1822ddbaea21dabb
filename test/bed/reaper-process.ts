// The process behind reaper.ts. Its input is the bed's lifeline: the kernel closes it with the
// owner, also after kill -9, and then everything on the list is killed and the folder removed.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning, processKey, withDescendants, type ProcessKey } from './process-table.ts'

const POLL_MS = 10

const bedFolder = process.argv[2]!
const processes: ProcessKey[] = []
const pidFolders: string[] = []

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

for await (const line of createInterface(process.stdin)) {
  const [kind, value] = line.split(/ (.*)/)
  if (kind === 'process') processes.push(...keysOf([Number(value)]))
  if (kind === 'folder') pidFolders.push(value!)
}
// Parents first: what starts others must be gone before its children are counted.
await kill(processes)
await kill(keysOf(pidFolders.flatMap(pidsIn)))
rmSync(bedFolder, { recursive: true, force: true })

async function kill(roots: readonly ProcessKey[]): Promise<void> {
  const doomed = withDescendants(roots.filter(isRunning))
  for (const one of doomed) {
    if (isRunning(one)) process.kill(one.pid, 'SIGKILL')
  }
  while (doomed.some(isRunning)) await sleep(POLL_MS)
}

function keysOf(pids: readonly number[]): ProcessKey[] {
  return pids.flatMap((pid) => processKey(pid) ?? [])
}

function pidsIn(folder: string): number[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pid'))
    .map((name) => Number.parseInt(readFileSync(path.join(folder, name), 'utf8'), 10))
    .filter((pid) => pid > 1)
}
