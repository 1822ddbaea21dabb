/**
 * The worker's side of a task: receives a scenario, simulates it, answers with the result or with
 * the error as data. One task at a time; the worker lives on for the next one.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../../core/base/assert.ts'
import { LabError } from '../../core/base/lab-error.ts'
import type { LabErrorCode } from '../../core/base/lab-error.ts'
import type { SimulatedResult } from '../../core/contract/result.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import type { TraceOptions } from '../../core/simulate/recording.ts'
import type { TraceHeader } from '../../core/contract/trace.ts'
import type { PackedTrace } from '../../core/trace/packed-trace.ts'
import type { SchemeSource } from '../user-files/scheme-loader.ts'
import { TaskMemory } from './task-memory.ts'
import type { TaskProgress } from './task-memory.ts'
import { TracePacker } from './trace-packer.ts'

/** What a simulation is given while it runs. */
export type TaskHooks = {
  readonly onProgress: (progress: TaskProgress) => void
  readonly shouldStop: () => boolean
  readonly nowMs: () => number
  readonly trace?: TraceOptions & { readonly done: (header: TraceHeader) => void }
}

/** The function that a worker serves; `simulate` fits. */
export type TaskFunction = (
  scenario: Scenario,
  hooks: TaskHooks,
) => SimulatedResult | Promise<SimulatedResult>

/** What the pool sends. `recordsMax`: the run is recorded, up to so many records. */
export type TaskRequest = { readonly scenario: Scenario; readonly recordsMax: number | null }

/** An error as data: it crosses the thread boundary whole. */
export type TaskError = {
  readonly code: LabErrorCode
  readonly message: string
  readonly hint: string
}

/** What the worker answers. */
export type TaskAnswer =
  | {
      readonly kind: 'finished'
      readonly result: SimulatedResult
      readonly trace: PackedTrace | null
    }
  | { readonly kind: 'failed'; readonly error: TaskError }

/** What a worker is started with. */
export type TaskWorkerData = {
  readonly memory: SharedArrayBuffer
  /** The users' schemes that may run. */
  readonly schemes: readonly SchemeSource[]
}

/** Serves tasks on this worker's port until the worker is ended. */
export function serveTasks(run: TaskFunction): void {
  const port = parentPort
  assert(port !== null, 'a task worker runs in a worker thread')
  const memory = new TaskMemory((workerData as TaskWorkerData).memory)
  port.on('message', (request: TaskRequest) => {
    void answer(run, request, memory).then((done) => port.postMessage(done))
  })
}

/** Never rejects: an error is an answer. */
async function answer(
  run: TaskFunction,
  request: TaskRequest,
  memory: TaskMemory,
): Promise<TaskAnswer> {
  const { scenario, recordsMax } = request
  const packer = recordsMax === null ? null : new TracePacker()
  try {
    const result = await run(scenario, {
      onProgress: (progress) => memory.report(progress),
      shouldStop: () => memory.shouldStop(),
      nowMs: () => performance.now(),
      ...(packer === null || recordsMax === null ? {} : { trace: packer.options(recordsMax) }),
    })
    return { kind: 'finished', result, trace: packer?.packed() ?? null }
  } catch (error) {
    return { kind: 'failed', error: errorAsData(error) }
  }
}

function errorAsData(error: unknown): TaskError {
  if (error instanceof LabError) {
    return { code: error.code, message: error.message, hint: error.hint }
  }
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    hint: 'this is a bug of the simulator: please report it with the scenario file',
  }
}
