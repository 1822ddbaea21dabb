/**
 * A pool of simulation workers. Own instead of piscina's: a task must be stopped within 200 ms
 * without losing its worker, show its progress while it computes, and the worker must be one file
 * that runs from sources, from the bundle and beside an asar (docs/adr/0040-worker-pool.md).
 */
import { Worker } from 'node:worker_threads'
import { assert } from '../../core/base/assert.ts'
import { LabError } from '../../core/base/lab-error.ts'
import type { SimulatedResult } from '../../core/contract/result.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import type { PackedTrace } from '../../core/trace/packed-trace.ts'
import type { SchemeSource } from '../user-files/scheme-loader.ts'
import { whereItIs } from './busy-worker.ts'
import { TaskMemory } from './task-memory.ts'
import type { TaskProgress } from './task-memory.ts'
import type { TaskAnswer, TaskRequest, TaskWorkerData } from './task-port.ts'
import { NO_PROGRESS } from './task.ts'
import type { Executor, Task, TaskOutcome } from './task.ts'

/** What a finished simulation gives. */
export type Simulated = {
  readonly result: SimulatedResult
  readonly trace: PackedTrace | null
}
/** A task of the pool. */
export type SimulationTask = Task<Simulated>
type SimulationOutcome = TaskOutcome<Simulated>

/** What a pool is made of. */
export type PoolOptions = {
  readonly size: number
  readonly entry: URL
  /** Users' schemes that the workers may run. */
  readonly schemes?: readonly SchemeSource[]
  /** What a worker is given beyond the scenario's wall budget before it loses its task. */
  readonly overdueGraceMs?: number
  /** A running task that was asked to stop and has not after this time loses its worker. */
  readonly stopGraceMs?: number
}

type Job = {
  readonly request: TaskRequest
  readonly started: (taken: boolean) => void
  readonly settle: (outcome: SimulationOutcome) => void
  startedAt: Date | null
  last: TaskProgress
  slot: Slot | null
  stopping: NodeJS.Timeout | null
  overdue: NodeJS.Timeout | null
}

type Slot = { readonly worker: Worker; readonly memory: TaskMemory; job: Job | null }

const STOP_GRACE_MS = 120
/** For starting the worker, and for the time between two looks at the clock. */
const OVERDUE_GRACE_MS = 5000
const WORKER_HEAP_MB = 2048

/** Runs tasks on `size` worker threads, first come first served; threads start when needed. */
export class WorkerPool implements Executor {
  readonly size: number
  readonly host = null
  readonly #entry: URL
  readonly #stopGraceMs: number
  readonly #overdueGraceMs: number
  readonly #schemes: readonly SchemeSource[]
  readonly #slots = new Set<Slot>()
  readonly #waiting: Job[] = []
  readonly #ending = new Set<Promise<unknown>>()
  #closed = false

  constructor(options: PoolOptions) {
    assert(Number.isInteger(options.size) && options.size >= 1, 'a pool has at least one worker')
    this.size = options.size
    this.#entry = options.entry
    this.#stopGraceMs = options.stopGraceMs ?? STOP_GRACE_MS
    this.#overdueGraceMs = options.overdueGraceMs ?? OVERDUE_GRACE_MS
    this.#schemes = options.schemes ?? []
  }

  /** Queues a scenario; the first idle worker takes it. `recordsMax`: it is recorded, too. */
  submit(scenario: Scenario, recordsMax: number | null = null): SimulationTask {
    assert(!this.#closed, 'a closed pool takes no tasks')
    const started = Promise.withResolvers<boolean>()
    const done = Promise.withResolvers<SimulationOutcome>()
    const job: Job = newJob({ scenario, recordsMax }, started.resolve, done.resolve)
    this.#waiting.push(job)
    this.#dispatch()
    return {
      started: started.promise,
      done: done.promise,
      progress: () => job.slot?.memory.progress() ?? job.last,
      startedAt: () => job.startedAt,
      stop: () => this.#stop(job),
    }
  }

  /** Ends all tasks as stopped and all threads. */
  async close(): Promise<void> {
    this.#closed = true
    for (const job of this.#waiting.splice(0)) dismiss(job)
    for (const slot of this.#slots) {
      const job = slot.job
      if (job !== null) this.#release(slot, job, { kind: 'stopped' })
      this.#end(slot)
    }
    await Promise.all(this.#ending)
  }

  #dispatch(): void {
    while (this.#waiting.length > 0 && !this.#closed) {
      const slot = this.#idleSlot()
      if (slot === null) return
      const job = this.#waiting.shift()
      assert(job !== undefined, 'a job waits')
      this.#start(slot, job)
    }
  }

  #idleSlot(): Slot | null {
    for (const slot of this.#slots) if (slot.job === null) return slot
    return this.#slots.size < this.size ? this.#open() : null
  }

  #open(): Slot {
    const memory = new TaskMemory()
    const workerData: TaskWorkerData = { memory: memory.buffer, schemes: this.#schemes }
    const worker = new Worker(this.#entry, {
      workerData,
      execArgv: [],
      stdout: true,
      resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB },
    })
    const slot: Slot = { worker, memory, job: null }
    // What a user's scheme prints must not stand among the results of a command.
    worker.stdout.on('data', (chunk: Uint8Array) => process.stderr.write(chunk))
    worker.on('message', (answer: TaskAnswer) => this.#answered(slot, answer))
    worker.on('messageerror', (error) => this.#lost(slot, error.message))
    worker.on('error', (error) => this.#lost(slot, messageOf(error)))
    worker.on('exit', (code) => this.#lost(slot, `exit code ${code}`))
    this.#slots.add(slot)
    return slot
  }

  #start(slot: Slot, job: Job): void {
    slot.memory.reset()
    slot.job = job
    job.slot = slot
    job.startedAt = new Date()
    slot.worker.ref()
    slot.worker.postMessage(job.request)
    const limitMs = job.request.scenario.budget.wallMsMax + this.#overdueGraceMs
    job.overdue = setTimeout(() => void this.#overdue(slot, job), limitMs)
    job.started(true)
  }

  #answered(slot: Slot, answer: TaskAnswer): void {
    const job = slot.job
    if (job === null) return
    this.#release(slot, job, outcomeOf(answer, job.stopping !== null))
    this.#dispatch()
  }

  #release(slot: Slot, job: Job, outcome: SimulationOutcome): void {
    if (job.stopping !== null) clearTimeout(job.stopping)
    if (job.overdue !== null) clearTimeout(job.overdue)
    slot.job = null
    // An idle worker must not keep a finished process alive.
    slot.worker.unref()
    job.last = slot.memory.progress()
    job.slot = null
    job.settle(outcome)
  }

  #stop(job: Job): void {
    const at = this.#waiting.indexOf(job)
    if (at >= 0) {
      this.#waiting.splice(at, 1)
      dismiss(job)
      return
    }
    const slot = job.slot
    if (slot === null || job.stopping !== null) return
    slot.memory.stop()
    job.stopping = setTimeout(() => this.#abandon(slot, job), this.#stopGraceMs)
  }

  /** A worker that does not hear the flag is ended; the next task gets a new one. */
  #abandon(slot: Slot, job: Job): void {
    this.#release(slot, job, { kind: 'stopped' })
    this.#end(slot)
    this.#dispatch()
  }

  /** A worker that never came to look at its budget: something in it does not end. */
  async #overdue(slot: Slot, job: Job): Promise<void> {
    const at = await whereItIs(slot.worker.threadId)
    if (slot.job !== job) return
    const error = overdueError(job.request.scenario, at)
    this.#release(
      slot,
      job,
      job.stopping === null ? { kind: 'failed', error } : { kind: 'stopped' },
    )
    this.#end(slot)
    this.#dispatch()
  }

  /** Comes after `#release`: ending keeps the process alive until the thread is gone. */
  #end(slot: Slot): void {
    this.#slots.delete(slot)
    const ended = slot.worker.terminate().finally(() => this.#ending.delete(ended))
    this.#ending.add(ended)
  }

  /** A worker that broke: its task fails with the reason, another worker takes its place. */
  #lost(slot: Slot, reason: string): void {
    if (!this.#slots.has(slot)) return
    const job = slot.job
    this.#end(slot)
    if (job === null) return
    const error = new LabError(
      'internal',
      `the simulation worker broke: ${reason}`,
      'the other cells go on; retry this one, and report it with its scenario if it breaks again',
    )
    const stopped = job.stopping !== null
    this.#release(slot, job, stopped ? { kind: 'stopped' } : { kind: 'failed', error })
    this.#dispatch()
  }
}

const newJob = (request: TaskRequest, started: Job['started'], settle: Job['settle']): Job => ({
  request,
  started,
  settle,
  startedAt: null,
  last: NO_PROGRESS,
  slot: null,
  stopping: null,
  overdue: null,
})

function overdueError({ budget, scheme }: Scenario, at: string | null): LabError {
  const where = at === null ? '' : `; it was busy at ${at}`
  const limit = `${budget.wallMsMax} ms of wall time`
  const message = `the run did not end within ${limit}, and was ended${where}`
  const own = `look for an endless loop in the scheme "${scheme.id}", or raise budget.wallMsMax`
  return new LabError('budget', message, scheme.code === undefined ? 'raise budget.wallMsMax' : own)
}

/** Ends a job that no worker has taken. */
function dismiss(job: Job): void {
  job.started(false)
  job.settle({ kind: 'stopped' })
}

function outcomeOf(answer: TaskAnswer, stopAsked: boolean): SimulationOutcome {
  if (answer.kind === 'finished') return answer
  const { code, message, hint } = answer.error
  if (stopAsked && code === 'cancelled') return { kind: 'stopped' }
  return { kind: 'failed', error: new LabError(code, message, hint) }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
