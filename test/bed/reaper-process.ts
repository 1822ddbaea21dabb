// The process behind reaper.ts. Its input is the bed's lifeline: the kernel closes it with the
// owner, also after kill -9, and then everything on the list is killed and the folder removed.
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning, processKey, withDescendants, type ProcessKey } from './process-table.ts'

const POLL_MS = 10
const POLLS_MAX = 500
const CGROUPS = '/sys/fs/cgroup'

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
const strangers = keysOf(pidFolders.flatMap(pidsIn))
const cgroups = strangers.flatMap(({ pid }) => libvirtCgroups(pid))
await kill(strangers)
rmSync(bedFolder, { recursive: true, force: true })
for (const folder of cgroups) await removeCgroup(folder)

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

/** The cgroups that libvirt made for a domain, in each hierarchy, and will not remove now. */
function libvirtCgroups(pid: number): string[] {
  const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().split('\n')
  const paths = lines.flatMap((line) => line.match(/\/machine\/[^/]+\.libvirt-qemu/) ?? [])
  const hierarchies = ['', ...readdirSync(CGROUPS)].map((name) => path.join(CGROUPS, name))
  return hierarchies.flatMap((root) => [...new Set(paths)].map((one) => path.join(root, one)))
}

/** A cgroup is removed by its folder; the files in it are not files. */
async function removeCgroup(folder: string): Promise<void> {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeCgroup(path.join(folder, entry.name))
  }
  // Threads of a killed process are members until they have ended one by one.
  for (let poll = 0; poll < POLLS_MAX && !isRemoved(folder); poll += 1) await sleep(POLL_MS)
}

function isRemoved(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch {
    return false
  }
}
