/**
 * The worker's side of a task: receives a scenario, simulates it, answers with the result or with
 * the error as data. One task at a time; the worker lives on for the next one.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../../core/base/assert.ts'
import { LabError } from '../../core/base/lab-error.ts'
import type { LabErrorCode } from '../../core/base/lab-error.ts'
import type { RunResult } from '../../core/contract/result.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import { TaskMemory } from './task-memory.ts'
import type { TaskProgress } from './task-memory.ts'

/** What a simulation is given while it runs. */
export type TaskHooks = {
  readonly onProgress: (progress: TaskProgress) => void
  readonly shouldStop: () => boolean
  readonly nowMs: () => number
}

/** The function that a worker serves; `simulate` fits. */
export type TaskFunction = (scenario: Scenario, hooks: TaskHooks) => RunResult

/** What the pool sends. */
export type TaskRequest = { readonly scenario: Scenario }

/** An error as data: it crosses the thread boundary whole. */
export type TaskError = {
  readonly code: LabErrorCode
  readonly message: string
  readonly hint: string
}

/** What the worker answers. */
export type TaskAnswer =
  | { readonly kind: 'finished'; readonly result: RunResult }
  | { readonly kind: 'failed'; readonly error: TaskError }

/** What a worker is started with. */
export type TaskWorkerData = { readonly memory: SharedArrayBuffer }

/** Serves tasks on this worker's port until the worker is ended. */
export function serveTasks(run: TaskFunction): void {
  const port = parentPort
  assert(port !== null, 'a task worker runs in a worker thread')
  const memory = new TaskMemory((workerData as TaskWorkerData).memory)
  port.on('message', (request: TaskRequest) => {
    port.postMessage(answer(run, request.scenario, memory))
  })
}

function answer(run: TaskFunction, scenario: Scenario, memory: TaskMemory): TaskAnswer {
  try {
    const result = run(scenario, {
      onProgress: (progress) => memory.report(progress),
      shouldStop: () => memory.shouldStop(),
      nowMs: () => performance.now(),
    })
    return { kind: 'finished', result }
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
