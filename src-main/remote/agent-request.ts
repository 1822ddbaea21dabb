/** One request to an agent: its result, and the events until then. */
import { Readable } from 'node:stream'
import * as v from 'valibot'
import { LabError } from '../core/base/lab-error.ts'
import { formatIssue } from '../core/base/result.ts'
import { schemaIssues } from '../core/base/schema-issues.ts'
import {
  AGENT_METHODS,
  type AgentEvent,
  type AgentMethod,
  type AgentOutput,
} from '../core/contract/agent/protocol.ts'

/** Events that may wait for whoever reads them: ten minutes of samples at 50 ms. */
const EVENTS_WAITING_MAX = 12_000

/** What the request needs of its session. */
export type RequestEnds = {
  /** Asks the agent to stop. */
  readonly cancel: () => void
  /** Told once, when it has its result or failed. */
  readonly onEnd: () => void
}

/** A request that is being answered. */
export class AgentRequest<M extends AgentMethod> {
  readonly result: Promise<AgentOutput<M>>
  readonly events: AsyncIterable<AgentEvent<M>>
  readonly #method: M
  readonly #ends: RequestEnds
  readonly #queue: Readable | null
  readonly #settle: PromiseWithResolvers<AgentOutput<M>>
  #isEnded = false

  constructor(method: M, isStream: boolean, ends: RequestEnds) {
    this.#method = method
    this.#ends = ends
    this.#settle = Promise.withResolvers()
    this.result = this.#settle.promise
    // Who reads events sees a failure there, and may never ask for the result.
    this.result.catch(() => undefined)
    this.#queue = isStream ? new Readable({ objectMode: true, read: () => undefined }) : null
    this.events = this.#queue ?? Readable.from([])
    this.#queue?.on('error', () => undefined)
    this.#queue?.once('close', () => {
      if (!this.#isEnded) ends.cancel()
    })
  }

  /** An event as it came. */
  event(value: unknown): void {
    if (this.#queue === null || this.#queue.destroyed) return
    const schema = AGENT_METHODS[this.#method].event as v.GenericSchema<AgentEvent<M>> | null
    const event = schema === null ? undefined : this.#parse(schema, value)
    if (event === undefined) return
    this.#queue.push(event)
    if (this.#queue.readableLength <= EVENTS_WAITING_MAX) return
    this.#ends.cancel()
    const message = `${EVENTS_WAITING_MAX} events of ${this.#method} wait to be read`
    this.fail(new LabError('budget', message, 'Ask for a longer period.'))
  }

  /** The result as it came. */
  finish(value: unknown): void {
    const schema = AGENT_METHODS[this.#method].output as unknown as v.GenericSchema<AgentOutput<M>>
    const result = this.#parse(schema, value)
    if (result === undefined) return
    this.#settle.resolve(result)
    this.#end(null)
  }

  fail(error: LabError): void {
    this.#settle.reject(error)
    this.#end(error)
  }

  #end(error: LabError | null): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#ends.onEnd()
    if (error === null) this.#queue?.push(null)
    else this.#queue?.destroy(error)
  }

  #parse<T>(schema: v.GenericSchema<T>, value: unknown): T | undefined {
    const parsed = v.safeParse(schema, value)
    if (parsed.success) return parsed.output
    const issues = schemaIssues(schema, value, parsed.issues).slice(0, 3).map(formatIssue)
    const message = `the agent's answer to ${this.#method} is not of the protocol`
    this.fail(new LabError('internal', `${message}: ${issues.join('; ')}`))
    return undefined
  }
}
