/**
 * One lab's session with the agent: frames in, requests to their handlers, frames out. The host is
 * put back when it ends, whatever ends it.
 */
import type { Readable, Writable } from 'node:stream'
import * as v from 'valibot'
import { FrameReader } from '../../core/contract/agent/frame.ts'
import {
  AGENT_METHODS,
  LabFrameSchema,
  type AgentMethod,
  type Hello,
  type LabFrame,
} from '../../core/contract/agent/protocol.ts'
import { LabError } from '../../core/base/lab-error.ts'
import { formatIssue } from '../../core/base/result.ts'
import { schemaIssues } from '../../core/base/schema-issues.ts'
import { agentError, report } from './agent-error.ts'
import { FrameRate } from './frame-rate.ts'
import { FrameWriter } from './frame-writer.ts'
import type { Agent, EndReason } from './handlers.ts'

/** Requests answered at a time; one more is refused. */
const REQUESTS_MAX = 64
const FRAMES_PER_SECOND = 1000
const FRAMES_BURST = 2000
/** How long handlers may take to stop, and the last frames to leave, ms. */
const GRACE_MS = 2000

/** Who the agent is, for its first frame. */
export type Introduction = Omit<Hello['hello'], 'recovered'>

type Request = Extract<LabFrame, { method: AgentMethod }>

/** Serves one lab over a stream in each direction. */
export class Session {
  readonly #agent: Agent
  readonly #input: Readable
  readonly #writer: FrameWriter
  readonly #rate = new FrameRate(FRAMES_PER_SECOND, FRAMES_BURST)
  readonly #running = new Map<number, { abort: AbortController; done: Promise<void> }>()
  #reason: EndReason | null = null

  constructor(agent: Agent, input: Readable, output: Writable) {
    this.#agent = agent
    this.#input = input
    this.#writer = new FrameWriter(output, () => {
      this.stop('eof')
    })
    agent.lease.on('expired', (leaseMs) => {
      const message = `no frame from the lab for ${leaseMs} ms: the host is put back`
      this.#sendError(null, new LabError('unavailable', message))
    })
  }

  /** Serves until the lab is gone or `stop` is called, then puts the host back. */
  async serve(introduction: Introduction): Promise<EndReason> {
    this.#writer.writeMagic()
    await this.#greet(introduction)
    await this.#read()
    const reason = this.#reason ?? 'eof'
    await this.#end(reason)
    return reason
  }

  /** Ends the session: `serve` goes on to put the host back. */
  stop(reason: EndReason): void {
    this.#reason ??= reason
    this.#input.destroy()
  }

  /** Tells the lab about a bug of ours that no request caught, and ends the session. */
  fail(error: unknown): void {
    this.#sendError(null, error)
    this.stop('failure')
  }

  async #greet(introduction: Introduction): Promise<void> {
    try {
      const recovered = await this.#agent.recover()
      this.#writer.write({ hello: { ...introduction, recovered } })
    } catch (error) {
      this.#writer.write({ hello: { ...introduction, recovered: null } })
      this.#sendError(null, error)
    }
  }

  async #read(): Promise<void> {
    const reader = new FrameReader()
    try {
      for await (const chunk of this.#input) {
        const frames = reader.push(chunk as Uint8Array)
        if (!frames.ok) {
          this.#sendError(null, new LabError('bad-input', frames.error))
          return
        }
        for (const frame of frames.value) {
          await this.#rate.admit()
          await this.#writer.isLight()
          if (this.#reason !== null) return
          this.#take(frame)
        }
      }
    } catch (error) {
      // A destroyed or broken stream is an end like any other; `stop` has noted a better reason.
      if (this.#reason === null) report('the lab is gone', error)
    }
  }

  #take(value: unknown): void {
    const parsed = v.safeParse(LabFrameSchema, value)
    if (!parsed.success) {
      this.#sendError(null, new LabError('bad-input', 'this is no frame of the protocol'))
      return
    }
    this.#agent.lease.renew()
    const frame = parsed.output
    if ('beat' in frame) this.#writer.write(frame)
    else if ('cancel' in frame) this.#running.get(frame.cancel)?.abort.abort()
    else if ('method' in frame) this.#start(frame)
  }

  #start(request: Request): void {
    const { id } = request
    if (this.#running.has(id)) {
      this.#sendError(null, new LabError('bad-input', `request ${id} is being answered already`))
      return
    }
    if (this.#running.size >= REQUESTS_MAX) {
      const message = `${REQUESTS_MAX} requests are being answered`
      this.#sendError(id, new LabError('budget', message, 'wait for one of them to end'))
      return
    }
    const abort = new AbortController()
    const done = this.#answer(request, abort.signal).finally(() => this.#running.delete(id))
    this.#running.set(id, { abort, done })
  }

  async #answer(request: Request, signal: AbortSignal): Promise<void> {
    try {
      const result = await this.#call(request.method, request, signal)
      this.#writer.write({ id: request.id, result })
    } catch (error) {
      this.#sendError(request.id, error)
    }
  }

  async #call<M extends AgentMethod>(method: M, request: Request, signal: AbortSignal) {
    const schemas = AGENT_METHODS[method]
    const params = v.safeParse(schemas.input, request.params)
    if (!params.success) throw badParams(schemas.input, request.params, params.issues)
    const handler = this.#agent.handlers[method]
    if (handler === undefined) throw new LabError('unavailable', `no ${method} on this agent`)
    const output = await handler(params.output, {
      signal,
      emit: (event) => this.#emit(method, request.id, event, signal),
    })
    return v.parse(schemas.output, output)
  }

  async #emit(method: AgentMethod, id: number, event: unknown, signal: AbortSignal): Promise<void> {
    const schema = AGENT_METHODS[method].event as v.GenericSchema | null
    if (schema !== null) this.#writer.write({ id, event: v.parse(schema, event) })
    await this.#writer.hasRoom(signal)
    if (signal.aborted) throw new LabError('cancelled', 'the lab cancelled this')
  }

  #sendError(id: number | null, error: unknown): void {
    this.#writer.write({ id, error: agentError(error) })
  }

  /** The host first: handlers that will not stop must not hold it. */
  async #end(reason: EndReason): Promise<void> {
    const running = [...this.#running.values()]
    for (const { abort } of running) abort.abort()
    try {
      await this.#agent.end(reason)
    } catch (error) {
      this.#sendError(null, error)
    }
    await Promise.race([Promise.all(running.map(({ done }) => done)), after(GRACE_MS)])
    await this.#writer.flush(GRACE_MS)
  }
}

const after = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })

function badParams(
  schema: v.GenericSchema,
  params: unknown,
  issues: readonly v.BaseIssue<unknown>[],
): LabError {
  const [first, ...others] = schemaIssues(schema, params, issues).map(formatIssue)
  return new LabError('bad-input', [first, ...others.slice(0, 9)].join('; '))
}
