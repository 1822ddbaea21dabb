/** Puts the agent together: which part answers which method, and what happens at its ends. */
import { Inventory } from './backend/inventory.ts'
import { HostFiles } from './proc/host-files.ts'
import type { Agent } from './serve/handlers.ts'
import { Lease } from './serve/lease.ts'

/** What the agent's command line may say. */
export type AgentOptions = {
  /** libvirt's URI; null: what LIBVIRT_DEFAULT_URI or libvirt itself says. */
  readonly connectUri: string | null
}

/** The agent of this host. */
export function composeAgent({ connectUri }: AgentOptions): Agent {
  const files = new HostFiles()
  const inventory = new Inventory(files, connectUri)
  return {
    handlers: {},
    lease: new Lease(),
    recover: () => Promise.resolve(null),
    end: () => {
      inventory.close()
      return Promise.resolve()
    },
  }
}
