/**
 * Runs the cells of measured campaigns on one host, one at a time. A connection that is lost is
 * opened again a few times, and the cell done anew; then the campaign is told, which pauses.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { assert } from '../../core/base/assert.ts'
import { LabError } from '../../core/base/lab-error.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import { NO_PROGRESS } from '../runner/task.ts'
import type { Executor, Task, TaskOutcome } from '../runner/task.ts'
import { HostJob } from './host-job.ts'
import type { HostLink } from './host-link.ts'
import type { HostLinks } from './host-links.ts'

type Waiting = {
  readonly job: HostJob
  readonly started: PromiseWithResolvers<boolean>
  readonly done: PromiseWithResolvers<TaskOutcome>
  startedAt: Date | null
}

/** Pauses before a lost host is tried again, ms. */
const RETRY_MS: readonly number[] = [1000, 2000, 4000, 8000, 15_000]
/** How often a cell is tried again whose guest did not answer in time, starved as it may be. */
const GUEST_RETRIES = 2

/** The executor of one host. */
export class HostExecutor implements Executor {
  readonly size = 1
  readonly host: string
  readonly #link: () => HostLink
  readonly #retryMs: readonly number[]
  readonly #queue: Waiting[] = []
  #working: Promise<void> = Promise.resolve()
  #isWorking = false

  /** `link`: the host's link as it is now; a host may be removed and added anew. */
  constructor(host: string, link: () => HostLink, retryMs: readonly number[] = RETRY_MS) {
    this.host = host
    this.#link = link
    this.#retryMs = retryMs
  }

  /** Queues a scenario that is to be measured here. */
  submit(scenario: Scenario): Task {
    const { measured } = scenario
    assert(measured?.host === this.host, 'a host measures its own scenarios')
    const waiting: Waiting = {
      job: new HostJob(this.#link(), { ...scenario, measured }),
      started: Promise.withResolvers<boolean>(),
      done: Promise.withResolvers<TaskOutcome>(),
      startedAt: null,
    }
    this.#queue.push(waiting)
    if (!this.#isWorking) this.#working = this.#work()
    const { job, started, done } = waiting
    return {
      started: started.promise,
      done: done.promise,
      progress: () => ({ ...NO_PROGRESS, fraction: job.fraction }),
      live: () => job.live,
      startedAt: () => waiting.startedAt,
      stop: () => this.#stop(waiting),
    }
  }

  /** Resolves when no job is at work and the host is put back. */
  idle(): Promise<void> {
    return this.#working
  }

  /** The answer comes at once; the host is put back before the next job begins. */
  #stop(waiting: Waiting): void {
    waiting.job.stop()
    waiting.started.resolve(false)
    waiting.done.resolve({ kind: 'stopped' })
  }

  async #work(): Promise<void> {
    this.#isWorking = true
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (next.job.signal.aborted) continue
      next.startedAt = new Date()
      next.started.resolve(true)
      next.done.resolve(await this.#outcome(next.job))
    }
    this.#isWorking = false
  }

  async #outcome(job: HostJob): Promise<TaskOutcome> {
    for (const [tried, pauseMs] of [...this.#retryMs, null].entries()) {
      try {
        return { kind: 'finished', ...(await job.measure()) }
      } catch (error) {
        // The session learns of its end at the same time as the request that fails by it.
        await new Promise((resolve) => setImmediate(resolve))
        const reason = asLabError(error)
        if (job.signal.aborted) return { kind: 'stopped' }
        const isPassing = reason.code === 'unavailable' && pauseMs !== null
        const isOpen = this.#link().isOpen
        if (isOpen && !(isPassing && tried < GUEST_RETRIES)) return endOf(reason)
        if (!isPassing) return { kind: 'lost', error: reason }
        job.wait(`${reason.message}; trying again`)
        await sleep(pauseMs, undefined, { signal: job.signal }).catch(() => undefined)
      }
    }
    throw new Error('unreachable: the last try ends the loop')
  }
}

/** Faults of the cell fail it; a host that is not free or not clean would fail every cell. */
const endOf = (error: LabError): TaskOutcome => ({
  kind: error.code === 'conflict' ? 'lost' : 'failed',
  error,
})

const asLabError = (error: unknown): LabError =>
  error instanceof LabError
    ? error
    : new LabError('internal', error instanceof Error ? error.message : String(error))

/** The executors of the hosts of one library. */
export class HostExecutors {
  readonly #links: HostLinks
  readonly #byHost = new Map<string, HostExecutor>()

  constructor(links: HostLinks) {
    this.#links = links
  }

  /** The executor of a host, whether that can be reached or not. */
  of(host: string): HostExecutor {
    const known = this.#byHost.get(host) ?? new HostExecutor(host, () => this.#links.of(host))
    this.#byHost.set(host, known)
    return known
  }

  /** Resolves when none is at work and every host is put back. */
  async idle(): Promise<void> {
    await Promise.all([...this.#byHost.values()].map((executor) => executor.idle()))
  }
}
