/**
 * The one place where a host hands the lab's router to a transport. Both hosts use oRPC's handler
 * for sockets (Electron through a port that looks like one), because it also catches what a
 * malformed frame throws.
 */
import { mapEventIterator, ORPCError } from '@orpc/client'
import type { Router } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import type { Contract } from '../../core/contract/handlers.ts'
import { toWireError } from '../../core/contract/wire-error.ts'

/** What a host tells a handler about a call: nothing. */
type NoContext = Record<string, never>

/** The lab's router: every handler of the contract, and no context from the host. */
export type LabRouter = Router<Contract, NoContext>

/** The part of a socket that a handler needs. */
export type RpcSocket = Parameters<RPCHandler<NoContext>['upgrade']>[0]

/** Called with what a handler threw that is no LabError: our bug, with its stack. */
export type OnInternalError = (error: unknown) => void

/** A handler for any number of sockets; errors cross as LabErrors, also from event iterators. */
export function createRpcHandler(
  router: LabRouter,
  onInternalError: OnInternalError,
): RPCHandler<NoContext> {
  const toSent = (error: unknown) => {
    const wire = toWireError(error)
    if (wire.code === 'internal') onInternalError(error)
    return new ORPCError(wire.code, wire)
  }
  return new RPCHandler(router, {
    clientInterceptors: [
      async (call) => {
        try {
          const output: unknown = await call.next()
          return isAsyncIterator(output) ? mapErrors(output, toSent) : output
        } catch (error) {
          throw toSent(error)
        }
      },
    ],
  })
}

function mapErrors(
  iterator: AsyncIterator<unknown, unknown, void>,
  toSent: (error: unknown) => Error,
) {
  return mapEventIterator(iterator, {
    value: (value) => Promise.resolve(value),
    error: (error) => Promise.resolve(toSent(error)),
  })
}

function isAsyncIterator(value: unknown): value is AsyncIterator<unknown, unknown, void> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
