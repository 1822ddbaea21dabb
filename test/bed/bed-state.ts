// What a scheme can change of the bed's guests, read past the agent's own reading: affinities from
// /proc, the rest by commands in the guest. So its word is never what it is judged by; only its
// channel is used, which stays in step with what other clients left in it.
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { QgaSocket } from '../../src-main/agent/backend/qga-socket.ts'
import type { Guest } from './guest.ts'

/** State of one guest that must be as before. */
export interface GuestState {
  /** Allowed CPUs of each vCPU's thread as the kernel prints them. */
  readonly affinity: Readonly<Record<string, string>>
  /** `cpu:online` of each guest CPU. */
  readonly cpus: readonly string[]
  /** Each cgroup and its cpuset, and each user process that is not in the root. */
  readonly cgroups: readonly string[]
}

const POLL_MS = 10
/** Another client may have the channel, and a busy guest takes its time. */
const CALL_MS = 20_000

/** Prints cgroups with their cpusets, then processes of the guest's own outside the root. */
const CGROUPS = `
for d in $(find /sys/fs/cgroup -type d); do
  [ -f $d/cgroup.procs ] && echo "group $d $(cat $d/cpuset.cpus 2>/dev/null)"
done
for p in /proc/[0-9]*; do
  [ -e $p/exe ] && grep -H -e '^0::/.' -e 'cpuset:/.' $p/cgroup 2>/dev/null
done
true`

type Status = { readonly exited: boolean; readonly 'out-data'?: string }
type Cpu = { readonly 'logical-id': number; readonly online: boolean }

/** Reads the guests one after the other. @throws Error when one does not answer */
export async function bedState(guests: readonly Guest[]): Promise<Record<string, GuestState>> {
  const state: Record<string, GuestState> = {}
  for (const guest of guests) state[guest.name] = await guestState(guest)
  return state
}

async function guestState({ pid, agentSocket }: Guest): Promise<GuestState> {
  const channel = new QgaSocket(agentSocket)
  try {
    const vcpus = (await channel.call('guest-get-vcpus', {}, CALL_MS)) as readonly Cpu[]
    const cpus = vcpus.map((cpu) => `${cpu['logical-id']}:${cpu.online}`).sort()
    const text = await runInGuest(channel, ['/bin/sh', '-c', CGROUPS])
    return { affinity: affinityOf(pid), cpus, cgroups: text.trim().split('\n').sort() }
  } finally {
    channel.close()
  }
}

/** Starts a program in a guest and leaves it running. */
export async function startInGuest({ agentSocket }: Guest, [path, ...arg]: readonly string[]) {
  const channel = new QgaSocket(agentSocket)
  try {
    await channel.call('guest-exec', { path, arg }, CALL_MS)
  } finally {
    channel.close()
  }
}

async function runInGuest(channel: QgaSocket, [path, ...arg]: readonly string[]): Promise<string> {
  const request = { path, arg, 'capture-output': true }
  const { pid } = (await channel.call('guest-exec', request, CALL_MS)) as { pid: number }
  for (;;) {
    const status = (await channel.call('guest-exec-status', { pid }, CALL_MS)) as Status
    if (status.exited) return Buffer.from(status['out-data'] ?? '', 'base64').toString()
    await sleep(POLL_MS)
  }
}

function affinityOf(pid: number): Record<string, string> {
  const found: Record<string, string> = {}
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${tid}`
    const name = readFileSync(`${folder}/comm`, 'utf8').trim()
    if (!name.startsWith('CPU ')) continue
    const status = readFileSync(`${folder}/status`, 'utf8')
    found[name] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? ''
  }
  return found
}
