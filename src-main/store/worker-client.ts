/** The calling side of the store's worker: requests become promises, and none is left hanging. */
import { Worker } from 'node:worker_threads'
import { LabError } from '../core/base/lab-error.ts'
import { TASK_ID, type Answer, type Request, type WorkerTask } from './protocol.ts'
import { receiveError } from './store-error.ts'

type Waiting = {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: LabError) => void
}

/** How long a worker that was closed may take to end, ms. */
const STOP_MS = 1000

/** One worker. It keeps the process alive only while an answer is awaited. */
export class WorkerClient {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #lastId = TASK_ID
  #ended: LabError | null = null
  readonly #gone: Promise<unknown>
  /** The answer to the worker's task. */
  readonly started: Promise<unknown>

  constructor(url: URL, task: WorkerTask) {
    this.#worker = new Worker(url, { workerData: task, name: 'store' })
    this.started = this.#wait(TASK_ID)
    this.#gone = new Promise((resolve) => this.#worker.once('exit', resolve))
    this.#worker.on('message', (answer: Answer) => this.#settle(answer))
    this.#worker.on('error', (error: Error) => this.#end(`the store failed: ${error.message}`))
    this.#worker.on('exit', () => this.#end('the library is closed'))
  }

  /** Posts a request; settles with its answer, or LabError `store` when the worker has ended. */
  call(name: Request['name'], args: readonly unknown[]): Promise<unknown> {
    if (this.#ended !== null) return Promise.reject(this.#ended)
    this.#lastId += 1
    const answer = this.#wait(this.#lastId)
    this.#worker.postMessage({ id: this.#lastId, name, args })
    return answer
  }

  /** Resolves when its thread is gone; ends it where it does not end by itself in time. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => void this.#worker.terminate(), STOP_MS)
    this.#worker.ref()
    await this.#gone
    clearTimeout(timer)
  }

  #wait(id: number): Promise<unknown> {
    this.#worker.ref()
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if (this.#waiting.size === 0) this.#worker.unref()
    if (answer.ok) waiting?.resolve(answer.value)
    else waiting?.reject(receiveError(answer.error))
  }

  #end(message: string): void {
    this.#ended ??= new LabError('store', message, 'open the library again')
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended)
    this.#waiting.clear()
  }
}
