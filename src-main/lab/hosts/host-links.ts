/** The hosts that this process is connected to: one session each, opened when it is needed. */
import path from 'node:path'
import * as v from 'valibot'
import { LabError } from '../../core/base/lab-error.ts'
import { HostTargetSchema, LOCAL_TARGET } from '../../core/contract/agent/names.ts'
import type { HostTarget } from '../../core/contract/agent/names.ts'
import type { HostRecord } from '../../core/contract/hosts.ts'
import { connectAgent } from '../../remote/connect-agent.ts'
import type { AgentSession } from '../../remote/agent-session.ts'
import { hostShell } from '../../remote/host-shell.ts'
import { openSsh } from '../../remote/open-ssh.ts'
import type { OpenSsh, SshHost } from '../../remote/open-ssh.ts'
import type { Store } from '../../store/index.ts'
import { HostLink } from './host-link.ts'

/** A host as ssh reaches it. */
export type Reached = { readonly ssh: OpenSsh; readonly host: SshHost }

/** Opens and keeps the connections to the hosts of one library. */
export class HostLinks {
  readonly #store: Store
  readonly #knownHostsFile: string
  readonly #links = new Map<string, HostLink>()
  readonly #clients = new Map<string | null, Promise<OpenSsh>>()

  /** `folder`: where the keys of hosts that the user trusts are kept, beside the library. */
  constructor(store: Store, folder: string) {
    this.#store = store
    this.#knownHostsFile = path.join(folder, 'known_hosts')
  }

  /** The link to a host; it connects to nothing yet. */
  of(name: string): HostLink {
    const known = this.#links.get(name)
    if (known !== undefined) return known
    const link = new HostLink(name, (onNotice) => this.#connect(name, onNotice))
    this.#links.set(name, link)
    return link
  }

  /** A host as ssh resolves it; null of this machine itself. */
  async reach(record: HostRecord): Promise<Reached | null> {
    const target = targetOf(record)
    if (target === LOCAL_TARGET) return null
    const ssh = await this.#client(record.sshConfig)
    return { ssh, host: await ssh.host(target) }
  }

  /** Forgets a host's link, which must be idle. */
  async forget(name: string): Promise<void> {
    const link = this.#links.get(name)
    this.#links.delete(name)
    await link?.close()
  }

  /** Ends all sessions; each agent puts back what it applied before it ends. */
  async close(): Promise<void> {
    await Promise.all([...this.#links.values()].map((link) => link.close()))
    const clients = await Promise.allSettled(this.#clients.values())
    const opened = clients.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    await Promise.all(opened.map((client) => client.close()))
  }

  async #connect(name: string, onNotice: (notice: LabError) => void): Promise<AgentSession> {
    const record = await this.#store.getHost(name)
    const ssh = await this.#client(record.sshConfig)
    const shell = await hostShell(ssh, targetOf(record))
    return connectAgent(shell, { onNotice, onProgress: () => undefined })
  }

  #client(configFile: string | null): Promise<OpenSsh> {
    const known = this.#clients.get(configFile)
    if (known !== undefined) return known
    const knownHostsFile = this.#knownHostsFile
    const opening = openSsh(
      configFile === null ? { knownHostsFile } : { knownHostsFile, configFile },
    )
    this.#clients.set(configFile, opening)
    opening.catch(() => this.#clients.delete(configFile))
    return opening
  }
}

/** @throws LabError `bad-input` for a target that ssh could misread, from an older library, say */
function targetOf({ target }: HostRecord): HostTarget {
  const parsed = v.safeParse(HostTargetSchema, target)
  if (parsed.success) return parsed.output
  throw new LabError('bad-input', parsed.issues[0].message)
}
