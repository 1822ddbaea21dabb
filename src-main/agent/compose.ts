/** Puts the agent together: which part answers which method, and what happens at its ends. */
import type { Agent } from './serve/handlers.ts'
import { Lease } from './serve/lease.ts'

/** The agent of this host. */
export function composeAgent(): Agent {
  return {
    handlers: {},
    lease: new Lease(),
    recover: () => Promise.resolve(null),
    end: () => Promise.resolve(),
  }
}
