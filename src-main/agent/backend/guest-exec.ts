/** Programs in a guest: argument vectors, environment and stdin as data; no shell is needed. */
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import { DeadlineError } from './deadline.ts'
import type { Guest } from './guest.ts'

/** The first polls come quickly, for short programs; each costs the guest a wake-up. */
const POLL_MS_MIN = 10
const POLL_MS_MAX = 200

/** A program of the guest. */
export type GuestProgram = {
  /** The first is the program's path. */
  readonly argv: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string | Uint8Array
  /** Whether its output is kept; 16 MiB at most, so long output belongs into a file. */
  readonly capture?: boolean
}

/** How a program of the guest ended. */
export type GuestExit = {
  /** null: a signal ended it. */
  readonly code: number | null
  readonly signal: number | null
  readonly stdout: Buffer
  readonly stderr: Buffer
  /** The agent kept only the first part of the output. */
  readonly isCut: boolean
}

const PidSchema = v.object({ pid: v.pipe(v.number(), v.safeInteger()) })
const StatusSchema = v.object({
  exited: v.boolean(),
  exitcode: v.optional(v.number()),
  signal: v.optional(v.number()),
  'out-data': v.optional(v.string(), ''),
  'err-data': v.optional(v.string(), ''),
  'out-truncated': v.optional(v.boolean(), false),
  'err-truncated': v.optional(v.boolean(), false),
})

/** Starts a program and gives its pid in the guest. */
export async function startInGuest(guest: Guest, program: GuestProgram): Promise<number> {
  const [path, ...args] = program.argv
  const env = Object.entries(program.env ?? {}).map(([key, value]) => `${key}=${value}`)
  const { pid } = await guest.ask(PidSchema, 'guest-exec', {
    path,
    arg: args,
    ...(env.length > 0 ? { env } : {}),
    'input-data': Buffer.from(program.stdin ?? '').toString('base64'),
    'capture-output': program.capture ?? true,
  })
  return pid
}

/**
 * How a program that was started ended; null while it runs. The agent hands an end out once: after
 * that, and after an answer that came too late, the pid is unknown (LabError `conflict`).
 */
async function pollInGuest(
  guest: Guest,
  pid: number,
  deadlineMs: number,
): Promise<GuestExit | null> {
  const status = await guest.ask(StatusSchema, 'guest-exec-status', { pid }, deadlineMs)
  if (!status.exited) return null
  return {
    code: status.exitcode ?? null,
    signal: status.signal ?? null,
    stdout: Buffer.from(status['out-data'], 'base64'),
    stderr: Buffer.from(status['err-data'], 'base64'),
    isCut: status['out-truncated'] || status['err-truncated'],
  }
}

/** Runs a program to its end. @throws DeadlineError when it takes longer; it is left running */
export async function runInGuest(
  guest: Guest,
  program: GuestProgram,
  deadlineMs: number,
): Promise<GuestExit> {
  const endMs = performance.now() + deadlineMs
  const pid = await startInGuest(guest, program)
  for (let pollMs = POLL_MS_MIN; ; pollMs = Math.min(POLL_MS_MAX, pollMs * 1.5)) {
    // a late answer may be the only one that has the end, so none is given up before the program
    const exit = await pollInGuest(guest, pid, Math.max(1, endMs - performance.now()))
    if (exit !== null) return exit
    if (performance.now() > endMs) throw new DeadlineError(program.argv[0] ?? '', deadlineMs)
    await sleep(pollMs)
  }
}
