/**
 * libvirt through virsh: it is wherever libvirt is administered, and needs no native code. A domain
 * is always given by its UUID, which is no option, no number and no other's name; values are ours.
 */
import * as v from 'valibot'
import { LabError } from '../../core/base/lab-error.ts'
import { formatCpus } from '../../core/base/cpu-list.ts'
import type { GuestChannel } from './guest-channel.ts'
import { replyValue } from './guest-channel.ts'
import { Deadline, DeadlineError } from './deadline.ts'
import { runProgram } from './run-program.ts'
import { Turns } from './turns.ts'

const CALL_MS = 5000
/** The first connection starts helpers of libvirt's: up to 9 s on the bed. */
const CONNECT_MS = 15_000

/** A domain as libvirt lists it. */
export type Domain = {
  readonly uuid: string
  readonly name: string
  readonly state: 'running' | 'paused' | 'off'
  readonly vcpus: number
  readonly memoryBytes: number | null
}

const UuidSchema = v.pipe(v.string(), v.uuid())

/** libvirt's own default for all but root is a session of their own, which hosts no servers. */
const URI_DEFAULT = 'qemu:///system'

/** libvirt at one URI. */
export class Virsh {
  readonly #uri: string

  /** @param uri null: what LIBVIRT_DEFAULT_URI says, else the system's */
  constructor(uri: string | null) {
    this.#uri = uri ?? (process.env['LIBVIRT_DEFAULT_URI'] || URI_DEFAULT)
  }

  /** All domains. @throws LabError `unavailable` when there is no virsh or no libvirt */
  async domains(): Promise<Domain[]> {
    const list = await this.#read(['list', '--all', '--uuid', '--name'], CONNECT_MS)
    const names = parseDomainList(list)
    if (names.length === 0) return []
    // Without --nowait it hung for a minute on a domain with a busy job.
    const stats = parseDomainStats(
      await this.#read(['domstats', '--state', '--vcpu', '--balloon', '--nowait'], CALL_MS),
    )
    return names.map(({ uuid, name }) => ({ uuid, name, ...domainState(stats.get(name)) }))
  }

  /** Versions of libvirt and of the hypervisor it runs, as virsh prints them. */
  version(): Promise<string> {
    return this.#read(['version', '--daemon'], CALL_MS)
  }

  /** Lets a vCPU of a running domain run on these CPUs only. */
  async pin(uuid: string, vcpu: number, cpus: readonly number[]): Promise<void> {
    const where = ['--domain', uuid, '--vcpu', String(vcpu), '--cpulist', formatCpus(cpus)]
    await this.#run(['vcpupin', '--live', ...where], CALL_MS)
  }

  /** The guest agent of a domain. */
  guest(uuid: string): GuestChannel {
    const turns = new Turns()
    return {
      call: (command, args, deadlineMs) => {
        const deadline = new Deadline(deadlineMs)
        return turns.take(command, deadline, () => this.#callGuest(uuid, command, args, deadline))
      },
      close: () => undefined,
    }
  }

  async #callGuest(uuid: string, command: string, args: object, deadline: Deadline) {
    // libvirt synchronises the channel itself, after a time-out too, and counts whole seconds.
    const seconds = Math.max(1, Math.ceil(deadline.leftMs / 1000))
    const request = JSON.stringify({ execute: command, arguments: args })
    const argv = ['qemu-agent-command', '--domain', uuid, '--timeout', String(seconds), request]
    return replyValue(command, await deadline.race(command, this.#run(argv, (seconds + 2) * 1000)))
  }

  /** Over libvirt's read-only socket, which is open to every user. */
  #read(args: readonly string[], timeoutMs: number): Promise<string> {
    return this.#virsh(['--readonly'], args, timeoutMs)
  }

  #run(args: readonly string[], timeoutMs: number): Promise<string> {
    return this.#virsh([], args, timeoutMs)
  }

  async #virsh(options: readonly string[], args: readonly string[], timeoutMs: number) {
    const connect = `--connect=${this.#uri}`
    const argv = ['virsh', '--quiet', connect, ...options, ...args]
    const { code, stdout, stderr } = await runProgram(argv, timeoutMs)
    if (code === 0) return stdout
    throw virshError(args[0] ?? '', stderr)
  }
}

function virshError(command: string, stderr: string): LabError {
  const text = stderr
    .replaceAll(/^error: /gm, '')
    .trim()
    .slice(0, 1000)
  const message = `virsh ${command}: ${text}`
  if (/timed? ?out|timeout/i.test(text)) return new DeadlineError(message, CALL_MS)
  if (/unable to execute QEMU agent command/.test(text)) return new LabError('conflict', message)
  const hint = /permission|authenticat|access/i.test(text)
    ? 'reading and changing VMs needs the libvirt group, or root'
    : ''
  return new LabError('unavailable', message, hint)
}

/** `uuid name` a line; what is no such line is passed over. */
export function parseDomainList(text: string): { readonly uuid: string; readonly name: string }[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([0-9a-f-]{36}) (.+)$/.exec(line)
    const uuid = v.safeParse(UuidSchema, match?.[1])
    return uuid.success ? [{ uuid: uuid.output, name: match?.[2] ?? '' }] : []
  })
}

/** `Domain: 'name'` and then `  key=value` lines, by name and key. */
export function parseDomainStats(text: string): Map<string, Map<string, string>> {
  const domains = new Map<string, Map<string, string>>()
  let current = new Map<string, string>()
  for (const line of text.split('\n')) {
    const name = /^Domain: '(.*)'$/.exec(line)?.[1]
    const pair = /^ {2}([\w.-]+)=(.*)$/.exec(line)
    if (name !== undefined) domains.set(name, (current = new Map<string, string>()))
    else if (pair !== null) current.set(pair[1] ?? '', pair[2] ?? '')
  }
  return domains
}

/** virDomainState: 1 running, 2 blocked, 3 paused, 7 suspended by the guest; else it is off. */
const STATES: Readonly<Record<string, Domain['state']>> = {
  1: 'running',
  2: 'running',
  3: 'paused',
  7: 'paused',
}

function domainState(stats: ReadonlyMap<string, string> | undefined) {
  const number = (key: string) => {
    const value = stats?.get(key) ?? ''
    return /^\d{1,15}$/.test(value) ? Number(value) : null
  }
  const memoryKib = number('balloon.maximum')
  return {
    state: STATES[stats?.get('state.state') ?? ''] ?? ('off' as const),
    vcpus: number('vcpu.current') ?? 0,
    memoryBytes: memoryKib === null ? null : memoryKib * 1024,
  }
}
