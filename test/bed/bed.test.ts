// The bed itself, for real: that guests boot and answer, that SSH gets in, and above all that
// nothing outlives it.
import { execFileSync, spawn, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { BED_TOOLS, requiresTool } from '../support/requires.ts'
import { startBed } from './bed.ts'
import { JsonSocket } from './json-socket.ts'
import { processKey } from './process-table.ts'
import { sharedBed, type SharedBed } from './shared-bed.ts'

const OWNER = path.join(import.meta.dirname, 'owner.ts')

function running(pids: readonly number[]): number[] {
  return pids.filter((pid) => processKey(pid) !== undefined)
}

async function ask(agentSocket: string, execute: string, args = {}): Promise<unknown> {
  const connection = await JsonSocket.connect(agentSocket)
  try {
    await connection.syncAgent()
    return await connection.request(execute, args)
  } finally {
    connection.close()
  }
}

/** The agent lists them in the order in which it finds them, which is any. */
async function cpusOf(agentSocket: string) {
  const cpus = await ask(agentSocket, 'guest-get-vcpus')
  return (cpus as { online: boolean; 'logical-id': number }[]).sort(
    (a, b) => a['logical-id'] - b['logical-id'],
  )
}

async function startOwner(...argv: string[]) {
  const stdio: StdioOptions = ['ignore', 'pipe', 'inherit']
  const owner = spawn(process.execPath, [OWNER, ...argv], { stdio })
  const [line] = (await once(createInterface(owner.stdout!), 'line')) as [string]
  return { owner, bed: JSON.parse(line) as SharedBed }
}

function ssh({ ssh: server }: SharedBed, ...command: string[]): string {
  const argv = ['-F', server!.configFile, 'bed', '--', ...command]
  return execFileSync('ssh', argv, { encoding: 'utf8' })
}

describe.runIf(requiresTool(...BED_TOOLS))('a bed that runs', () => {
  it('has guests whose agents answer and show every vCPU online', async () => {
    const { guests } = sharedBed()
    expect(guests).toHaveLength(2)
    for (const { agentSocket } of guests) {
      expect(await ask(agentSocket, 'guest-ping')).toEqual({})
      expect(await cpusOf(agentSocket)).toEqual([
        { online: true, 'can-offline': false, 'logical-id': 0 },
        { online: true, 'can-offline': true, 'logical-id': 1 },
      ])
    }
  })

  it('has guests that can take a vCPU offline and back', async () => {
    const { agentSocket } = sharedBed().guests[0]!
    const set = (online: boolean) => {
      const vcpus = [{ 'logical-id': 1, online }]
      return ask(agentSocket, 'guest-set-vcpus', { vcpus })
    }
    expect(await set(false)).toBe(1)
    const [, second] = await cpusOf(agentSocket)
    expect(await set(true)).toBe(1)
    expect(second!.online).toBe(false)
  })

  it('shows the host thread of each vCPU through QMP, named after it', async () => {
    const { pid, qmpSocket } = sharedBed().guests[0]!
    const connection = await JsonSocket.connect(qmpSocket)
    await connection.request('qmp_capabilities')
    const cpus = (await connection.request('query-cpus-fast')) as { 'thread-id': number }[]
    connection.close()
    const threads = readdirSync(`/proc/${pid}/task`).map(Number)
    expect(cpus).toHaveLength(2)
    for (const cpu of cpus) expect(threads).toContain(cpu['thread-id'])
  })

  it('lets its own key in over SSH, to a home that goes with the bed', () => {
    const bed = sharedBed()
    expect(ssh(bed, 'printenv', 'HOME').trim()).toBe(bed.ssh!.home)
  })
})

describe.runIf(requiresTool(...BED_TOOLS))('a bed that ends', () => {
  it('leaves no process and no file behind when it is stopped', async () => {
    const bed = await startBed({ guests: 1, vcpus: 1, ssh: true })
    const session = spawn('ssh', [
      '-F',
      bed.ssh!.configFile,
      'bed',
      '--',
      'echo $$; exec sleep 600',
    ])
    const [line] = (await once(createInterface(session.stdout), 'line')) as [string]
    const pids = [...bed.pids, Number(line)]
    expect(running(pids)).toEqual(pids)
    const ended = once(session, 'exit')
    await bed.stop()
    await ended
    expect(running(pids)).toEqual([])
    expect(existsSync(bed.folder)).toBe(false)
  })

  it('leaves no process and no file behind when its owner is killed', async () => {
    const { owner, bed } = await startOwner()
    expect(running(bed.pids)).toEqual(bed.pids)
    owner.kill('SIGKILL')
    while (running(bed.pids).length > 0) await sleep(20)
    expect(existsSync(bed.folder)).toBe(false)
  })

  it('leaves nothing behind when a part of it cannot start', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'bed-test-'))
    vi.stubEnv('TMPDIR', folder)
    await expect(startBed({ guests: 1, vcpus: 999, ssh: true })).rejects.toThrow('SMP CPUs 999')
    expect(readdirSync(folder)).toEqual([])
    rmdirSync(folder)
    vi.unstubAllEnvs()
  })
})

const hasLibvirt = requiresTool(...BED_TOOLS, 'libvirtd', 'virsh')

// Mounts and cgroups need root; the bed says so itself to others.
describe.runIf(hasLibvirt && os.userInfo().uid === 0)('a bed with libvirt', () => {
  it('has domains in qemu:///system of SSH, and ends whole when its owner is killed', async () => {
    const { owner, bed } = await startOwner('libvirt')
    const { name, pid } = bed.libvirt!.domains[0]!
    expect(ssh(bed, 'virsh', '-c', 'qemu:///system', 'list', '--name').trim()).toBe(name)
    const vcpus = ssh(bed, 'virsh', '-c', 'qemu:///system', 'guestvcpus', name)
    expect(vcpus).toMatch(/online *: 0-1\n/)
    expect(running(bed.pids)).toEqual(bed.pids)
    expect(bed.pids).toContain(pid)
    expect(cgroupsOf(name)).not.toEqual([])
    owner.kill('SIGKILL')
    while (running(bed.pids).length > 0) await sleep(20)
    expect(existsSync(bed.folder)).toBe(false)
    expect(cgroupsOf(name)).toEqual([])
  })
})

/** The cgroups that libvirt has made for a domain. */
function cgroupsOf(name: string): string[] {
  const roots = readdirSync('/sys/fs/cgroup').map((root) => `/sys/fs/cgroup/${root}/machine`)
  return roots
    .filter((root) => existsSync(root))
    .flatMap((root) => readdirSync(root))
    .filter((group) => group.includes(`-${name}.libvirt-qemu`))
}
