/**
 * The store's worker: the one thread that touches SQLite. Opens or recovers a library, then answers
 * requests in the order in which they come.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { assert } from '../core/base/assert.ts'
import { backupTo } from './backups.ts'
import { BatchRunner, isOperation, type OperationRequest } from './batch.ts'
import { markInterrupted } from './campaigns.ts'
import { Connection } from './connection.ts'
import { libraryOperations } from './library.ts'
import { openDatabase, type OpenDatabase, type OpenOptions } from './open-database.ts'
import { TASK_ID, type Answer, type OpenReport, type Request, type WorkerTask } from './protocol.ts'
import { restoreBackup } from './recover.ts'
import { RunnerLock } from './runner-lock.ts'
import { postError } from './store-error.ts'

const GROUP_MAX = 256

assert(parentPort !== null, 'the store runs in a worker')
const port = parentPort
const post = (answer: Answer): void => port.postMessage(answer)

class Server {
  readonly #opened: OpenDatabase
  readonly #lock: RunnerLock
  readonly #batch: BatchRunner
  readonly #queue: Request[] = []
  #isBusy = false

  constructor(opened: OpenDatabase, options: OpenOptions, lock: RunnerLock) {
    this.#opened = opened
    this.#lock = lock
    const operations = libraryOperations(opened, options, lock)
    this.#batch = new BatchRunner(opened.database, operations, opened.readOnly)
  }

  /** Takes a request and all that wait behind it. */
  receive(request: Request): void {
    this.#queue.push(request)
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
      this.#queue.push(next.message as Request)
    }
    if (!this.#isBusy) void this.#work()
  }

  async #work(): Promise<void> {
    this.#isBusy = true
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (isOperation(next)) for (const answer of this.#batch.run(this.#group(next))) post(answer)
      else {
        post(await this.#special(next))
        // nothing comes any more, so the thread ends by itself, not in the middle of something
        if (next.name === 'close') port.close()
      }
    }
    this.#isBusy = false
  }

  #group(first: OperationRequest): OperationRequest[] {
    const group = [first]
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (!isOperation(next) || group.length === GROUP_MAX) break
      group.push(next)
      this.#queue.shift()
    }
    return group
  }

  async #special(request: Request): Promise<Answer> {
    try {
      if (request.name === 'backup') await backupTo(this.#opened.database, request.args[0])
      if (request.name === 'close') this.#close()
      return { id: request.id, ok: true, value: null }
    } catch (error) {
      return { id: request.id, ok: false, error: postError(error) }
    }
  }

  #close(): void {
    this.#lock.release()
    this.#opened.database.close()
  }
}

async function open(options: OpenOptions): Promise<OpenReport> {
  const opened = await openDatabase(options)
  const { database, version, readOnly, migrated } = opened
  const lock = new RunnerLock(database.memory ? null : options.file)
  if (!readOnly) {
    database.transaction(() => markInterrupted(new Connection(database), lock)).immediate()
  }
  const server = new Server(opened, options, lock)
  port.on('message', (request: Request) => server.receive(request))
  return { file: options.file, schemaVersion: version, readOnly, migrated }
}

const task = workerData as WorkerTask
try {
  const value =
    task.kind === 'open' ? await open(task.options) : restoreBackup(task.file, task.from)
  post({ id: TASK_ID, ok: true, value })
} catch (error) {
  post({ id: TASK_ID, ok: false, error: postError(error) })
}
