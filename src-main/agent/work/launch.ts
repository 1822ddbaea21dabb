/**
 * Work of one guest, held by flexlab-launch: started behind a barrier, followed, stopped, read back
 * and cleared away. The launcher ends by itself when the agent no longer asks for its state.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../core/base/lab-error.ts'
import { runInGuest } from '../backend/guest-exec.ts'
import { readGuestFile, writeGuestFile } from '../backend/guest-files.ts'
import type { Guest } from '../backend/guest.ts'
import { parseReport, parseStatus, type LaunchReport, type LaunchStatus } from './launch-report.ts'
import type { GuestCommand } from './program-argv.ts'

/** A starved guest may answer late; without a question for so long, its launcher gives up, ms. */
const LEASE_MS = 20_000
const START_MS = 20_000
/** 100,000 iterations' lines fit. */
const REPORT_BYTES_MAX = 32 * 1024 * 1024
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024
const STATUS_BYTES = 64
const END_POLL_MS = 50
const END_POLLS_MAX = 60

/** What a launcher is asked for. */
export type LaunchOrder = {
  readonly launcher: string
  readonly command: GuestCommand
  readonly iterations: number
  /** Goes on beyond them until it is stopped. */
  readonly isLoop: boolean
  readonly delayMs: number
  readonly timeoutMs: number
}

/** What was read back of a launcher. */
export type Launched = LaunchReport & { readonly output: Buffer }

/** One launcher in one guest. */
export class Launch {
  readonly #guest: Guest
  readonly #folder: string

  /** Of a launcher that has made this folder; `start` starts one. */
  constructor(guest: Guest, folder: string) {
    this.#guest = guest
    this.#folder = folder
  }

  /** Starts a launcher; it stands at its barrier. @throws LabError when it does not come so far */
  static async start(guest: Guest, order: LaunchOrder): Promise<Launch> {
    const folder = `${order.launcher}.${randomBytes(6).toString('hex')}`
    const argv = launchArgv(order, folder)
    const { stdin } = order.command
    const { code, stderr } = await runInGuest(guest, { argv, stdin }, START_MS)
    if (code === 0) return new Launch(guest, folder)
    throw new LabError('unavailable', `the launcher did not start: ${stderr.toString().trim()}`)
  }

  /** Opens the barrier at a moment of the guest's own clock, or at once when that is past. */
  release(unixUs: number): Promise<void> {
    const text = String(Math.round(unixUs))
    return writeGuestFile(this.#guest, `${this.#folder}/go`, Buffer.from(text))
  }

  async status(): Promise<LaunchStatus> {
    const bytes = await readGuestFile(this.#guest, `${this.#folder}/status`, STATUS_BYTES)
    const status = parseStatus(bytes.toString())
    if (!status.ok) throw new LabError('unavailable', status.error)
    return status.value
  }

  /** Ends its looping, and waits until it has ended. */
  stop(): Promise<LaunchStatus> {
    return this.#end('stop')
  }

  /** Ends all of it at once, and waits until it has ended. */
  cancel(): Promise<LaunchStatus> {
    return this.#end('cancel')
  }

  /** Its report and outputs. */
  async read(): Promise<Launched> {
    const read = (name: string, bytesMax: number) =>
      readGuestFile(this.#guest, `${this.#folder}/${name}`, bytesMax)
    const report = parseReport((await read('report', REPORT_BYTES_MAX)).toString())
    if (!report.ok) throw new LabError('unavailable', report.error)
    return { ...report.value, output: await read('out', OUTPUT_BYTES_MAX) }
  }

  /** Takes its folder away. */
  async clear(): Promise<void> {
    await runInGuest(this.#guest, { argv: ['rm', '-r', '-f', this.#folder] }, START_MS)
  }

  async #end(file: 'stop' | 'cancel'): Promise<LaunchStatus> {
    await writeGuestFile(this.#guest, `${this.#folder}/${file}`, Buffer.alloc(0))
    for (let polls = 0; polls < END_POLLS_MAX; polls++) {
      const status = await this.status()
      if (status.state !== 'waiting' && status.state !== 'running') return status
      await sleep(END_POLL_MS)
    }
    throw new LabError('unavailable', 'the launcher in the guest does not end')
  }
}

function launchArgv(order: LaunchOrder, folder: string): string[] {
  const { launcher, command, iterations, isLoop, delayMs, timeoutMs } = order
  const env = Object.entries(command.env).flatMap(([key, value]) => ['--env', `${key}=${value}`])
  return [
    ...[launcher, '--folder', folder, '--iterations', String(iterations)],
    ...['--delay-ms', String(Math.round(delayMs)), '--timeout-ms', String(Math.ceil(timeoutMs))],
    ...['--lease-ms', String(LEASE_MS), ...(isLoop ? ['--loop'] : []), ...env, '--'],
    ...command.argv,
  ]
}
