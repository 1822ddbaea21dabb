/** What a calibration needs of a host: its agent, and to be the only one who uses it meanwhile. */
import type { AgentInput, AgentMethod, AgentOutput } from '../../core/contract/agent/protocol.ts'
import type { HostLinks } from '../hosts/host-links.ts'

/** An agent that answers. */
export type AgentCalls = {
  /** False once the connection has ended. */
  readonly isOpen: boolean
  readonly call: <M extends AgentMethod>(
    method: M,
    input: AgentInput<M>,
    signal?: AbortSignal,
  ) => Promise<AgentOutput<M>>
}

/** Keeps a host for something while that goes on, and gives it the agent there. */
export type UseHost = <T>(
  host: string,
  what: string,
  use: (agent: AgentCalls) => Promise<T>,
) => Promise<T>

/** The hosts of the lab, each kept for one at a time. */
export const hostUse =
  (links: HostLinks): UseHost =>
  (host, what, use) => {
    const link = links.of(host)
    return link.during(what, async () => {
      const session = await link.session()
      return use({
        get isOpen() {
          return link.isOpen
        },
        call: (method, input, signal) => session.call(method, input, signal),
      })
    })
  }
