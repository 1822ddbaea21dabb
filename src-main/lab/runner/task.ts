/** Task and executor: what a campaign run needs of whoever runs its cells, workers or a host. */
import type { LabError } from '../../core/base/lab-error.ts'
import type { MeasuredHost } from '../../core/contract/library.ts'
import type { ActiveCell } from '../../core/contract/progress.ts'
import type { RunResult } from '../../core/contract/result.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import type { TaskProgress } from './task-memory.ts'

/** What a run gave, and the host where it was measured. */
export type TaskResult = { readonly result: RunResult; readonly host?: MeasuredHost }

/**
 * How a task ended. `lost`: not by the task's doing; the cell can be run again, but nothing else
 * can be run before somebody has looked.
 */
export type TaskOutcome<Finished = TaskResult> =
  | ({ readonly kind: 'finished' } & Finished)
  | { readonly kind: 'failed'; readonly error: LabError }
  | { readonly kind: 'lost'; readonly error: LabError }
  | { readonly kind: 'stopped' }

/** A scenario on its way to a result. */
export type Task<Finished = TaskResult> = {
  /** Resolves when it is begun: true, or false when it was stopped while it waited. */
  readonly started: Promise<boolean>
  /** Never rejects: every end is an outcome. */
  readonly done: Promise<TaskOutcome<Finished>>
  readonly progress: () => TaskProgress
  /** Of a measured run; absent of a simulation. */
  readonly live?: () => ActiveCell['live']
  /** When it was begun; null while it waits. */
  readonly startedAt: () => Date | null
  /** Ends the task: at once while it waits, soon while it runs. */
  readonly stop: () => void
}

/** Runs scenarios, `size` at a time. */
export type Executor = {
  readonly size: number
  /** The host that it measures on; null where it simulates. */
  readonly host: string | null
  /** Queues a scenario. */
  readonly submit: (scenario: Scenario) => Task
}

/** Of a task that has not begun. */
export const NO_PROGRESS: TaskProgress = { fraction: 0, events: 0, simulatedNs: 0 }
