/**
 * The guests of a run, each with its launcher, behind one barrier: started together, let go
 * together, followed until each has its iterations, and ended together, whatever happens.
 */
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../core/base/lab-error.ts'
import type { VmWork } from '../../core/contract/agent/work.ts'
import type { Vm } from '../backend/vm.ts'
import { readGuestClock, type GuestClock } from './guest-clock.ts'
import { failureOf, outputOf } from './iteration-times.ts'
import type { LaunchStatus } from './launch-report.ts'
import { Launch, type Launched } from './launch.ts'
import type { GuestCommand } from './program-argv.ts'

/** Following is cheap, but not free: it wakes the guest's agent. */
const POLL_MS_MIN = 50
const POLL_MS_MAX = 500
/** A guest that does not answer for so long is given up: its launcher would have, too, ms. */
const SILENCE_MS_MAX = 20_000
/** Time for the word to reach every guest: three calls of the guest agent, 2–35 ms each, ms. */
const RELEASE_AHEAD_MS = 200
const US_PER_MS = 1e3

/** A VM's part, made ready. */
export type Part = {
  readonly vm: Vm
  readonly work: VmWork
  readonly launcher: string
  readonly command: GuestCommand
}

/** What is asked of a whole crew. */
export type Task = {
  /** Iterations of every VM that has any; null: what its work says. */
  readonly iterations: number | null
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Told now and then how many of the asked iterations are done. */
  readonly onProgress: (done: number, asked: number) => Promise<void>
}

/** What a part did, with its barrier on the host's clock, ms of `performance.now()`. */
export type Done = { readonly part: Part; readonly launched: Launched; readonly openedMs: number }

type Member = {
  readonly part: Part
  readonly launch: Launch
  readonly clock: GuestClock
  /** Its own iterations; 0 for one that is only load. */
  readonly asked: number
  done: number
  answeredMs: number
}

/** A crew that stands at its barrier. */
export class Crew {
  readonly #members: readonly Member[]
  readonly #task: Task

  /** Of members that stand at their barriers; `gather` makes them. */
  constructor(members: readonly Member[], task: Task) {
    this.#members = members
    this.#task = task
  }

  /** Starts a launcher in each guest. @throws LabError when one does not start; none is left */
  static async gather(parts: readonly Part[], task: Task): Promise<Crew> {
    const starts = await Promise.allSettled(parts.map((part) => memberOf(part, task)))
    const members = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
    const crew = new Crew(members, task)
    const failed = starts.find((start) => start.status === 'rejected')
    if (failed === undefined) return crew
    await crew.dismiss()
    throw failed.reason
  }

  /** The uncertainty of the barriers' moments on the host's clock, ms: that of the worst guest. */
  get clockErrorMs(): number {
    return Math.max(...this.#members.map(({ clock }) => clock.errorMs))
  }

  /** Opens all barriers at one moment, each told to its guest in the guest's own time. */
  async release(): Promise<void> {
    const atMs = performance.now() + RELEASE_AHEAD_MS
    await Promise.all(
      this.#members.map(({ launch, clock }) => launch.release((atMs + clock.aheadMs) * US_PER_MS)),
    )
  }

  /** Follows until every VM has its iterations. @throws LabError; see `budget`, `cancelled` */
  async follow(): Promise<void> {
    const { signal, timeoutMs, onProgress } = this.#task
    const endMs = performance.now() + timeoutMs
    const asked = sumOf(this.#members, (member) => member.asked)
    for (let pollMs = POLL_MS_MIN; ; pollMs = Math.min(POLL_MS_MAX, pollMs * 1.3)) {
      // The signal's own reason says more than that a sleep was aborted.
      await sleep(pollMs, undefined, { signal }).catch(() => {
        signal.throwIfAborted()
      })
      await Promise.all(this.#members.map((member) => this.#ask(member)))
      await onProgress(
        sumOf(this.#members, (member) => Math.min(member.done, member.asked)),
        asked,
      )
      if (this.#members.every((member) => member.done >= member.asked)) return
      if (performance.now() > endMs) throw timedOut(this.#members, timeoutMs)
    }
  }

  /** Ends what loops, and reads back what each did. */
  async finish(): Promise<Done[]> {
    await Promise.all(this.#members.map(({ launch }) => launch.stop()))
    return Promise.all(this.#members.map((member) => doneOf(member)))
  }

  /** Ends all and takes it away. Never fails: a guest that cannot be reached ends by its lease. */
  async dismiss(): Promise<void> {
    await Promise.allSettled(
      this.#members.map(async ({ launch }) => {
        await launch.cancel()
        await launch.clear()
      }),
    )
  }

  async #ask(member: Member): Promise<void> {
    const status = await answerOf(member)
    if (status === null) return
    member.answeredMs = performance.now()
    member.done = status.done
    if (status.state === 'failed') throw await failureIn(member)
    if (status.state === 'timeout' || status.state === 'cancelled') {
      const { name } = member.part.vm
      throw new LabError('unavailable', `${name}: the launcher ended by itself (${status.state})`)
    }
  }
}

async function memberOf(part: Part, task: Task): Promise<Member> {
  const { vm, work, launcher, command } = part
  const asked = work.repeat === 'load' ? 0 : (task.iterations ?? work.iterations)
  const clock = await readGuestClock(vm.guest)
  const launch = await Launch.start(vm.guest, {
    ...{ launcher, command, delayMs: work.startMs, iterations: asked },
    isLoop: work.repeat !== 'stop',
    // The agent's own time-out comes first; this one is for a guest that nobody reaches any more.
    timeoutMs: task.timeoutMs + work.startMs + SILENCE_MS_MAX,
  })
  return { part, launch, clock, asked, done: 0, answeredMs: performance.now() }
}

/** A starved guest may miss a question; it must not miss them for long. */
async function answerOf(member: Member): Promise<LaunchStatus | null> {
  try {
    return await member.launch.status()
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'unavailable') throw error
    if (performance.now() - member.answeredMs < SILENCE_MS_MAX) return null
    throw error
  }
}

async function failureIn({ part, launch }: Member): Promise<LabError> {
  const launched = await launch.read()
  const last = launched.iterations.at(-1)
  const why = (last === undefined ? null : failureOf(last)) ?? 'the program failed'
  const output = last === undefined ? '' : outputOf(launched, last)
  const hint = `the end of its output: ${output.trimEnd().slice(-500)}`
  return new LabError('conflict', `${part.vm.name}: ${why}`, hint)
}

async function doneOf({ part, launch, clock }: Member): Promise<Done> {
  const launched = await launch.read()
  const { barrier } = launched
  if (barrier === null) {
    throw new LabError('unavailable', `${part.vm.name}: the launcher saw no barrier open`)
  }
  return { part, launched, openedMs: barrier.gateUnixUs / US_PER_MS - clock.aheadMs }
}

function timedOut(members: readonly Member[], timeoutMs: number): LabError {
  const late = members.filter((member) => member.done < member.asked)
  const states = late.map(({ part, done, asked }) => `${part.vm.name} ${done} of ${asked}`)
  const message = `not done within ${timeoutMs} ms: ${states.join(', ')}`
  return new LabError('budget', message, 'give the run more time, or its programs less work')
}

function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0)
}
