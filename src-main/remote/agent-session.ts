/**
 * A session with an agent: requests by number, events of theirs as they come, a beat each second
 * that keeps the agent's lease. When the connection ends, every open request ends with the reason.
 */
import { LabError } from '../core/base/lab-error.ts'
import {
  BEAT_MS,
  PROTOCOL_VERSION,
  type AgentEvent,
  type AgentFrame,
  type AgentInput,
  type AgentMethod,
  type AgentOutput,
  type Hello,
} from '../core/contract/agent/protocol.ts'
import type { HostTarget } from '../core/contract/agent/names.ts'
import { AgentLink } from './agent-link.ts'
import { AgentRequest } from './agent-request.ts'
import type { HostShell } from './host-shell.ts'
import { printable } from './printable.ts'
import type { Transport } from './start-program.ts'

/** Beats without an answer after which a session is given up; 15 s, as ssh's own ServerAlive. */
const SILENT_BEATS_MAX = 15

/** What a session is opened with. */
export type SessionOptions = {
  readonly shell: HostShell
  /** A started agent of `shell`. */
  readonly transport: Transport
  /** SHA-256 of the agent that was asked for. */
  readonly agentSha256: string
  /** Told of what the agent reports outside of requests, such as a lost lease. */
  readonly onNotice: (notice: LabError) => void
  /** Gives the agent up that has not said hello yet. */
  readonly signal?: AbortSignal | undefined
}

/** A request that streams: its events in order, and its result. */
export type AgentStream<M extends AgentMethod> = {
  /** To be read once; leaving the loop early cancels the request. */
  readonly events: AsyncIterable<AgentEvent<M>>
  readonly result: Promise<AgentOutput<M>>
}

/**
 * A session with a started agent, once that has said hello.
 * @throws LabError `unavailable` when it does not start, `conflict` when it is another than asked
 */
export async function openSession(options: SessionOptions): Promise<AgentSession> {
  const { signal } = options
  const session = new AgentSession(options)
  const onAbort = () => session.abort(new LabError('cancelled', 'the request was cancelled'))
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted === true) onAbort()
  try {
    await session.opened
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
  return session
}

/** A connected agent. */
export class AgentSession {
  /** Resolves to who the agent is, and what it put back on its start. */
  readonly opened: Promise<Hello['hello']>
  /** Resolves when the session has ended, to the reason; to null when it was closed. */
  readonly ended: Promise<LabError | null>
  readonly #target: HostTarget
  readonly #link: AgentLink
  readonly #requests = new Map<number, AgentRequest<AgentMethod>>()
  readonly #onNotice: (notice: LabError) => void
  #reason: LabError | undefined
  #lastId = 0
  #beats: NodeJS.Timeout | undefined
  #lastBeat = 0
  #answeredBeat = 0

  /** Use openSession, which waits for the hello. */
  constructor({ shell, transport, agentSha256, onNotice }: SessionOptions) {
    const opened = Promise.withResolvers<Hello['hello']>()
    const ended = Promise.withResolvers<LabError | null>()
    this.opened = opened.promise
    this.ended = ended.promise
    this.#target = shell.target
    this.#onNotice = onNotice
    this.#link = new AgentLink(shell, transport, {
      onHello: (hello) => {
        const skew = skewOf(hello, agentSha256, shell.target)
        if (skew !== null) return this.#link.abort(skew)
        // Not before: an agent that has a host to put back first answers nothing meanwhile.
        this.#beats = setInterval(() => this.#beat(), BEAT_MS)
        opened.resolve(hello)
      },
      onFrame: (frame) => this.#take(frame),
      onEnd: (reason) => {
        clearInterval(this.#beats)
        this.#fail(reason ?? new LabError('unavailable', 'the session was closed'))
        opened.reject(this.#reason)
        ended.resolve(reason)
      },
    })
  }

  /**
   * Asks the agent. Aborting the signal cancels on the host; the promise then waits for the agent
   * to say that it has stopped.
   * @throws LabError the agent's own, or why the session ended
   */
  call<M extends AgentMethod>(
    method: M,
    input: AgentInput<M>,
    signal?: AbortSignal,
  ): Promise<AgentOutput<M>> {
    return this.#request(method, input, signal, false).result
  }

  /** As `call`, with the events that the method streams meanwhile. */
  stream<M extends AgentMethod>(
    method: M,
    input: AgentInput<M>,
    signal?: AbortSignal,
  ): AgentStream<M> {
    return this.#request(method, input, signal, true)
  }

  /** Ends the session at once, for a reason; the agent puts everything back without us. */
  abort(reason: LabError): void {
    this.#link.abort(reason)
  }

  /** Ends the session; the agent puts back what it applied before it ends. */
  close(): Promise<void> {
    clearInterval(this.#beats)
    return this.#link.close()
  }

  #request<M extends AgentMethod>(
    method: M,
    params: AgentInput<M>,
    signal: AbortSignal | undefined,
    isStream: boolean,
  ): AgentRequest<M> {
    const id = ++this.#lastId
    const cancel = () => this.#link.send({ cancel: id })
    const onEnd = () => {
      this.#requests.delete(id)
      signal?.removeEventListener('abort', cancel)
    }
    const request = new AgentRequest(method, isStream, { cancel, onEnd })
    this.#requests.set(id, request as unknown as AgentRequest<AgentMethod>)
    signal?.addEventListener('abort', cancel, { once: true })
    if (this.#reason === undefined) this.#send(request, { id, method, params })
    else request.fail(this.#reason)
    if (signal?.aborted === true) cancel()
    return request
  }

  #send<M extends AgentMethod>(
    request: AgentRequest<M>,
    frame: { id: number; method: M; params: unknown },
  ): void {
    try {
      this.#link.send(frame)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      request.fail(new LabError('bad-input', `the request is too large: ${error.message}`))
    }
  }

  #take(frame: AgentFrame): void {
    if ('beat' in frame) {
      this.#answeredBeat = frame.beat
      return
    }
    if (frame.id === null) {
      if ('error' in frame) this.#onNotice(labErrorOf(frame.error))
      return
    }
    // One that was given up here may still be answered there.
    const request = this.#requests.get(frame.id)
    if (request === undefined) return
    if ('event' in frame) request.event(frame.event)
    else if ('error' in frame) request.fail(labErrorOf(frame.error))
    else request.finish(frame.result)
  }

  #beat(): void {
    if (this.#lastBeat - this.#answeredBeat < SILENT_BEATS_MAX) {
      this.#link.send({ beat: ++this.#lastBeat })
      return
    }
    const message = `the agent on ${this.#target} has not answered for ${SILENT_BEATS_MAX} s`
    const hint = 'It, or the connection, is stuck. What was applied is put back there without us.'
    this.abort(new LabError('unavailable', message, hint))
  }

  #fail(reason: LabError): void {
    this.#reason = reason
    for (const request of [...this.#requests.values()]) request.fail(reason)
  }
}

/** Why an agent is not the one that was asked for; null when it is. */
function skewOf(hello: Hello['hello'], agentSha256: string, target: string): LabError | null {
  const hint =
    'Remove ~/.cache/flexlab on the host and connect again: the lab uploads its own agent.'
  if (hello.protocol !== PROTOCOL_VERSION) {
    const message =
      `the agent on ${target} (of FlexCore Lab ${printable(hello.appVersion)}) speaks version ` +
      `${hello.protocol} of the protocol, this lab version ${PROTOCOL_VERSION}`
    return new LabError('conflict', message, hint)
  }
  if (hello.agentSha256 === agentSha256) return null
  const message = `the agent on ${target} is not the one that this lab put there`
  return new LabError('conflict', `${message} (its SHA-256 is ${hello.agentSha256})`, hint)
}

/** What an agent says is shown to people, so it is printable. */
function labErrorOf(error: { code: LabError['code']; message: string; hint: string }): LabError {
  return new LabError(error.code, printable(error.message), printable(error.hint))
}
