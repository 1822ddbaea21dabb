/**
 * Keeps one client alive over transports that come and go: opens them, opens them again after a
 * loss, says which state it is in, and turns every error into a LabError.
 */
import { mapEventIterator, ORPCError } from '@orpc/client'
import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client'
import { LabError } from '../../src-main/core/base/lab-error.ts'
import { fromWireError } from '../../src-main/core/contract/wire-error.ts'

/** `connecting` until the first success; `lost` while a broken connection is tried again. */
export type ConnectionState = 'connecting' | 'open' | 'lost'

/** An open connection to a host. */
export type Transport = {
  readonly link: ClientLink<ClientContext>
  /** Whether something can be sent; false no later than `closed` resolves. */
  readonly isOpen: () => boolean
  /** Resolves when the connection is gone, for whatever reason. */
  readonly closed: Promise<void>
}

/** Opens a connection; a LabError `unavailable` means that trying again would not help. */
export type OpenTransport = () => Promise<Transport>

/** Waits between attempts; a test gives its own. */
export type Wait = (ms: number) => Promise<void>

const RETRY_FIRST_MS = 250
const RETRY_LAST_MS = 5_000

const LOST_HINT = 'It is tried again by itself; is the lab still running?'

/** One connection, however many transports it takes. It is the link of the oRPC client. */
export class Connection implements ClientLink<ClientContext> {
  readonly #open: OpenTransport
  readonly #wait: Wait
  readonly #listeners = new Set<(state: ConnectionState) => void>()
  #state: ConnectionState = 'connecting'
  #transport: Transport | null = null
  #refusal: LabError | null = null
  #opening: Promise<void> | null = null
  #wake: () => void = () => {}

  constructor(open: OpenTransport, wait: Wait = sleep) {
    this.#open = open
    this.#wait = wait
  }

  /** Resolves when a transport is open; rejects when the host refuses this page. */
  opened(): Promise<void> {
    if (this.#transport !== null) return Promise.resolve()
    if (this.#refusal !== null) return Promise.reject(this.#refusal)
    this.#opening ??= this.#openUntilOpen().finally(() => {
      this.#opening = null
    })
    return this.#opening
  }

  /** Calls back at once and on every change, until the returned function is called. */
  subscribe(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener)
    listener(this.#state)
    return () => this.#listeners.delete(listener)
  }

  /** Ends the wait before the next attempt, and tries again even after a refusal. */
  retryNow(): void {
    this.#refusal = null
    this.#wake()
    void this.opened().catch(keepForNextCall)
  }

  /** oRPC's call. While the connection is lost it fails at once, so that no screen hangs. */
  async call(
    path: readonly string[],
    input: unknown,
    options: ClientOptions<ClientContext>,
  ): Promise<unknown> {
    try {
      if (this.#state === 'connecting') await this.opened()
    } catch (error) {
      throw fromWireError(error)
    }
    const transport = this.#transport
    if (transport === null) throw this.#refusal ?? lostError()
    const toLabError = (error: unknown) => labErrorOf(error, transport, options)
    try {
      const output = await transport.link.call(path, input, options)
      return isAsyncIterator(output) ? mapErrors(output, toLabError) : output
    } catch (error) {
      throw toLabError(error)
    }
  }

  async #openUntilOpen(): Promise<void> {
    for (let waitMs = RETRY_FIRST_MS; ; waitMs = Math.min(waitMs * 2, RETRY_LAST_MS)) {
      try {
        this.#adopt(await this.#open())
        return
      } catch (error) {
        if (error instanceof LabError) {
          this.#refusal = error
          this.#enter('lost')
          throw error
        }
      }
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      await Promise.race([this.#wait(waitMs), woken])
    }
  }

  #adopt(transport: Transport): void {
    this.#transport = transport
    this.#enter('open')
    void transport.closed.then(() => {
      if (this.#transport !== transport) return
      this.#transport = null
      this.#enter('lost')
      void this.opened().catch(keepForNextCall)
    })
  }

  #enter(state: ConnectionState): void {
    if (state === this.#state) return
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }
}

// A refusal is kept in the connection and given to the next caller; it is not lost here.
function keepForNextCall(): void {}

/** A call that ended with its transport failed because of that, whatever oRPC calls it. */
function labErrorOf(
  error: unknown,
  transport: Transport,
  options: ClientOptions<ClientContext>,
): LabError {
  if (options.signal?.aborted === true) {
    return new LabError('cancelled', 'the request was cancelled')
  }
  const isFromHost = error instanceof ORPCError
  return isFromHost || transport.isOpen() ? fromWireError(error) : lostError()
}

function mapErrors(
  iterator: AsyncIterator<unknown, unknown, void>,
  toLabError: (error: unknown) => LabError,
) {
  return mapEventIterator(iterator, {
    value: (value) => Promise.resolve(value),
    error: (error) => Promise.resolve(toLabError(error)),
  })
}

function lostError(): LabError {
  return new LabError('unavailable', 'the connection to the lab was lost', LOST_HINT)
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function isAsyncIterator(value: unknown): value is AsyncIterator<unknown, unknown, void> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
