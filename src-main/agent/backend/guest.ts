/**
 * A guest through its agent: what it allows, which of its CPUs are online, and taking them on- and
 * offline. Files and programs are in guest-files.ts and guest-exec.ts.
 */
import * as v from 'valibot'
import { performance } from 'node:perf_hooks'
import { LabError } from '../../core/base/lab-error.ts'
import { formatCpus } from '../../core/base/cpu-list.ts'
import { DeadlineError } from './deadline.ts'
import { parseAnswer, type GuestChannel } from './guest-channel.ts'

/** A call that only reads: even a starved guest answers these in time (2–35 ms on the bed). */
const READ_MS = 2000
/** A resize of a loaded guest took up to 1 s on the bed; under high-priority load it hangs. */
const RESIZE_MS = 10_000

const InfoSchema = v.object({
  version: v.string(),
  supported_commands: v.array(v.object({ name: v.string(), enabled: v.boolean() })),
})
const VcpusSchema = v.array(
  v.object({
    'logical-id': v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    online: v.boolean(),
    'can-offline': v.optional(v.boolean(), true),
  }),
)

/** A guest agent: its version and the commands that it allows. */
export type GuestInfo = { readonly version: string; readonly commands: ReadonlySet<string> }
/** A CPU as the guest has it. */
export type GuestCpu = {
  readonly id: number
  readonly isOnline: boolean
  readonly canOffline: boolean
}
/** What a resize came to, read back from the guest. */
export type Resized = { readonly tookMs: number; readonly online: readonly number[] }

/** A guest, as far as its agent goes. */
export class Guest {
  readonly #channel: GuestChannel

  constructor(channel: GuestChannel) {
    this.#channel = channel
  }

  /** What a command returns, unchecked. @throws LabError; see GuestChannel */
  call(command: string, args: object = {}, deadlineMs: number = READ_MS): Promise<unknown> {
    return this.#channel.call(command, args, deadlineMs)
  }

  /** What a command returns, by its schema. @throws LabError as `call` does */
  async ask<T extends v.GenericSchema>(
    schema: T,
    command: string,
    args: object = {},
    deadlineMs: number = READ_MS,
  ): Promise<v.InferOutput<T>> {
    return parseAnswer(command, schema, await this.call(command, args, deadlineMs))
  }

  /** Version and allowed commands. */
  async info(): Promise<GuestInfo> {
    const { version, supported_commands } = await this.ask(InfoSchema, 'guest-info')
    const enabled = supported_commands.filter((command) => command.enabled)
    return { version, commands: new Set(enabled.map(({ name }) => name)) }
  }

  /** All its CPUs. */
  async cpus(): Promise<GuestCpu[]> {
    const cpus = await this.ask(VcpusSchema, 'guest-get-vcpus')
    return cpus
      .map((cpu) => ({
        id: cpu['logical-id'],
        isOnline: cpu.online,
        canOffline: cpu['can-offline'],
      }))
      .sort((a, b) => a.id - b.id)
  }

  /** CPUs online, ascending. */
  async online(): Promise<number[]> {
    return (await this.cpus()).filter((cpu) => cpu.isOnline).map((cpu) => cpu.id)
  }

  /**
   * Makes these CPUs, and no others, the guest's online ones, and reads them back. Those that come
   * go first: a guest short of CPU time is given some before anything is taken.
   *
   * @throws LabError `bad-input` when it has no such CPU or cannot take one offline; DeadlineError
   *   when it does not come to it in time, after reading back what is online
   */
  async setOnline(target: readonly number[], deadlineMs: number = RESIZE_MS): Promise<Resized> {
    const startMs = performance.now()
    const cpus = await this.cpus()
    refuseImpossible(cpus, target)
    const wanted = cpus.map((cpu) => ({ ...cpu, isWanted: target.includes(cpu.id) }))
    const changes = wanted
      .filter((cpu) => cpu.isWanted !== cpu.isOnline)
      .sort((a, b) => Number(b.isWanted) - Number(a.isWanted))
      .map((cpu) => ({ 'logical-id': cpu.id, online: cpu.isWanted }))
    const late = await this.#change(changes, deadlineMs)
    const online = changes.length === 0 ? [...target] : await this.online()
    if (formatCpus(online) === formatCpus(target)) {
      return { tookMs: performance.now() - startMs, online }
    }
    const what = `CPUs ${formatCpus(target)} asked, ${formatCpus(online)} online`
    throw late ?? new LabError('unavailable', `guest-set-vcpus: ${what}`, 'try again')
  }

  close(): void {
    this.#channel.close()
  }

  /** The agent may do the first part of a list and say how many that was. Gives a time-out back. */
  async #change(changes: readonly object[], deadlineMs: number): Promise<DeadlineError | null> {
    const endMs = performance.now() + deadlineMs
    let left = changes
    try {
      while (left.length > 0) {
        const leftMs = Math.max(1, endMs - performance.now())
        const done = await this.ask(v.number(), 'guest-set-vcpus', { vcpus: left }, leftMs)
        if (!(done > 0)) return null
        left = left.slice(done)
      }
      return null
    } catch (error) {
      // It may have been done nevertheless: what is online decides, not the answer.
      if (error instanceof DeadlineError) return error
      throw error
    }
  }
}

function refuseImpossible(cpus: readonly GuestCpu[], target: readonly number[]): void {
  const unknown = target.filter((id) => !cpus.some((cpu) => cpu.id === id))
  if (unknown.length > 0) {
    throw new LabError('bad-input', `the guest has no CPU ${formatCpus(unknown)}`)
  }
  const fixed = cpus.filter((cpu) => cpu.isOnline && !cpu.canOffline && !target.includes(cpu.id))
  if (fixed.length === 0) return
  const ids = formatCpus(fixed.map((cpu) => cpu.id))
  throw new LabError('bad-input', `the guest cannot take CPU ${ids} offline`)
}
