/**
 * What answers a request: one function for each method of the contract. The session parses what
 * comes in and what goes out, so a handler only sees and gives typed values.
 */
import type { Restored } from '../../core/contract/agent/change.ts'
import type {
  AgentEvent,
  AgentMethod,
  AgentOutput,
  AgentParams,
} from '../../core/contract/agent/protocol.ts'
import type { Lease } from './lease.ts'

/** What a handler has of the request it answers. */
export type Call<M extends AgentMethod> = {
  /** Aborts when the lab cancels or is gone. */
  readonly signal: AbortSignal
  /** Streams an event; resolves once there is room for the next. @throws LabError `cancelled` */
  readonly emit: (event: AgentEvent<M>) => Promise<void>
}

/** Answers a method. @throws LabError as the lab will see it; any other error is `internal` */
export type Handler<M extends AgentMethod> = (
  params: AgentParams<M>,
  call: Call<M>,
) => Promise<AgentOutput<M>>

/** A function for each method; one that is missing is answered as `unavailable`. */
export type Handlers = { readonly [M in AgentMethod]?: Handler<M> }

/** Why a session ends: the lab closed its stream, a signal came, or something of ours broke. */
export type EndReason = 'eof' | 'signal' | 'failure'

/** What a session serves, and what it does at its ends. */
export type Agent = {
  readonly handlers: Handlers
  /** Renewed by each frame of the lab's while it is armed. */
  readonly lease: Lease
  /** Puts back what an earlier agent left, before `hello`; null when there was nothing. */
  recover(): Promise<Restored | null>
  /** Puts the host back and lets go of everything. Called once. */
  end(reason: EndReason): Promise<void>
}
