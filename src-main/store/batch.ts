/**
 * Group commit: requests that wait together share one transaction and one fsync. Each is a
 * savepoint of its own, so one that fails takes nothing with it. Answers follow the commit.
 */
import type { Database } from 'better-sqlite3'
import { LabError } from '../core/base/lab-error.ts'
import { OPERATION_KINDS, type OperationName, type StoreOperations } from './operations.ts'
import type { Answer, Request } from './protocol.ts'
import { postError } from './store-error.ts'

/** A request for one of the operations. */
export type OperationRequest = Extract<Request, { readonly name: OperationName }>

type Operation = (...args: readonly unknown[]) => unknown

/** Whether a request is for one of the operations. */
export const isOperation = (request: Request): request is OperationRequest =>
  Object.hasOwn(OPERATION_KINDS, request.name)

/** Runs operations on one database, alone or as a group. */
export class BatchRunner {
  readonly #database: Database
  readonly #operations: StoreOperations
  readonly #readOnly: boolean

  constructor(database: Database, operations: StoreOperations, readOnly: boolean) {
    this.#database = database
    this.#operations = operations
    this.#readOnly = readOnly
  }

  /** Runs requests in order; the answers are in the same order, and everything is committed. */
  run(requests: readonly OperationRequest[]): Answer[] {
    const writes = requests.filter((request) => OPERATION_KINDS[request.name] === 'write')
    if (requests.length === 1 || writes.length === 0 || this.#readOnly) return this.#alone(requests)
    try {
      return this.#database.transaction(() => this.#group(requests)).immediate()
    } catch {
      // The group was rolled back as a whole; alone, each one gets its own error or success.
      return this.#alone(requests)
    }
  }

  #alone(requests: readonly OperationRequest[]): Answer[] {
    return requests.map((request) => this.#answer(request))
  }

  #group(requests: readonly OperationRequest[]): Answer[] {
    return requests.map((request) => {
      const answer = this.#answer(request)
      // SQLite ends the whole transaction by itself on a full disk or an I/O error.
      if (!this.#database.inTransaction) throw new Error('the group was rolled back')
      return answer
    })
  }

  #answer(request: OperationRequest): Answer {
    try {
      return { id: request.id, ok: true, value: this.#execute(request) }
    } catch (error) {
      return { id: request.id, ok: false, error: postError(error) }
    }
  }

  #execute({ name, args }: OperationRequest): unknown {
    const isWrite = OPERATION_KINDS[name] === 'write'
    if (isWrite && this.#readOnly) throw readOnlyError()
    const operation = this.#operations[name] as Operation
    const transaction = this.#database.transaction(() => operation(...args))
    return isWrite ? transaction.immediate() : transaction()
  }
}

function readOnlyError(): LabError {
  return new LabError(
    'store',
    'the library is open for reading only: a newer version of the app wrote it',
    'update the app, or use another library (--db FILE)',
  )
}
