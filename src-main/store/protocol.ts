/** What the client and the store's worker post to each other. */
import type { OpenOptions } from './open-database.ts'
import type { OperationName } from './operations.ts'
import type { PostedError } from './store-error.ts'

/** The worker's task, as its workerData. `from` names a backup; the latest one without. */
export type WorkerTask =
  | { readonly kind: 'open'; readonly options: OpenOptions }
  | { readonly kind: 'recover'; readonly file: string; readonly from: string | undefined }

/** What the worker was asked to do; `id` comes back with the answer. */
export type Request = { readonly id: number } & (
  | { readonly name: OperationName; readonly args: readonly unknown[] }
  | { readonly name: 'backup'; readonly args: readonly [file: string] }
  | { readonly name: 'close'; readonly args: readonly [] }
)

/** What happened when the library was opened. */
export type OpenReport = {
  readonly file: string
  readonly schemaVersion: number
  /** True when a newer app wrote the library. */
  readonly readOnly: boolean
  /** Schema versions that were applied just now. */
  readonly migrated: readonly number[]
}

/** The answer to a request, or with id 0 to the worker's task. */
export type Answer = { readonly id: number } & (
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: PostedError }
)

/** Id of the answer to the worker's task. */
export const TASK_ID = 0
