/**
 * The guardian: a process of its own, in a session of its own, that puts the host back when the
 * agent no longer can. The agent feeds it by a pipe: when the pipe closes, the agent is dead; when
 * nothing comes for as long as the lease, it is frozen, and is ended before the host is put back,
 * so that it cannot wake up and go on.
 */
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { HostLock } from './host-lock.ts'
import { JournalFolder } from './journal.ts'
import { killProcess } from './processes.ts'
import { restoreJournal, type OpenVms } from './restore-host.ts'

/** The agent's bytes to its guardian, and the guardian's only one back. */
export const FEED = 'f'
/** The host was put back: the guardian may go. */
export const DISMISS = 'q'
/** It has read the journal and watches; also the answer to each feed. */
const WATCHING = 'w'

/** The argument by which the agent's program is started as a guardian. */
const GUARDIAN_ARGUMENT = 'guardian'

const LOCK_WAIT_MS = 30_000
/** How often it tries while something still differs, and how long it waits in between. */
const ROUNDS = 5
const ROUND_PAUSE_MS = 2000

/** What a guardian is started with. */
export type GuardianTask = {
  readonly state: string
  readonly journalId: string
  readonly leaseMs: number
}

/** The arguments of a guardian's program. */
export const guardianArguments = ({ state, journalId, leaseMs }: GuardianTask): string[] => [
  GUARDIAN_ARGUMENT,
  state,
  journalId,
  String(leaseMs),
]

/** What such arguments say; null when they are none of ours. */
export function readGuardianArguments(argv: readonly string[]): GuardianTask | null {
  const [word, state, journalId, lease] = argv
  const leaseMs = Number(lease)
  if (word !== GUARDIAN_ARGUMENT || state === undefined || journalId === undefined) return null
  return leaseMs > 0 ? { state, journalId, leaseMs } : null
}

/** Watches until it is dismissed or the host is put back. */
export async function guard(
  { state, journalId, leaseMs }: GuardianTask,
  openVms: OpenVms,
  input: Readable,
  output: Writable,
): Promise<void> {
  const journals = new JournalFolder(state)
  const { begin } = journals.read(journalId)
  // An agent that is gone reads no answers; that is what the guardian is for.
  output.on('error', () => undefined)
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGPIPE'] as const) process.on(signal, () => undefined)
  if (await watch(input, output, leaseMs)) return
  killProcess(begin.agent)
  const lock = await HostLock.take(state, LOCK_WAIT_MS)
  try {
    await restoreInRounds(journals, journalId, openVms)
  } finally {
    lock.release()
  }
}

/** Gives true when it is dismissed, false when the agent is dead, frozen, or the session ends. */
function watch(input: Readable, output: Writable, leaseMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const lost = (): void => {
      resolve(false)
    }
    let timer = setTimeout(lost, leaseMs)
    input.on('data', (bytes: Buffer) => {
      clearTimeout(timer)
      if (bytes.includes(DISMISS)) {
        resolve(true)
        return
      }
      timer = setTimeout(lost, leaseMs)
      output.write(WATCHING)
    })
    for (const event of ['end', 'close', 'error'] as const) input.on(event, lost)
    process.once('SIGTERM', lost)
    output.write(WATCHING)
  })
}

async function restoreInRounds(
  journals: JournalFolder,
  journalId: string,
  openVms: OpenVms,
): Promise<void> {
  for (let round = 1; ; round++) {
    if (journals.read(journalId).end?.state === 'restored') return
    const { clean } = await restoreJournal(journals, journalId, 'guardian', openVms)
    if (clean || round === ROUNDS) return
    await sleep(ROUND_PAUSE_MS)
  }
}
