/** Use cases about hosts: which there are, how they are reached, what is changed on them. */
import * as v from 'valibot'
import type { Applied, HostPlan, JournalEntry, Restored } from '../../core/contract/agent/change.ts'
import type { HostFacts, VmFacts } from '../../core/contract/agent/facts.ts'
import { HostTargetSchema } from '../../core/contract/agent/names.ts'
import type { AgentInput, AgentMethod, AgentOutput } from '../../core/contract/agent/protocol.ts'
import type { Sample } from '../../core/contract/agent/work.ts'
import type {
  HostProbe,
  HostRecord,
  HostRow,
  HostScheme,
  NewHost,
} from '../../core/contract/hosts.ts'
import { LabError } from '../../core/base/lab-error.ts'
import { checkHostScheme } from '../../core/schemes/host-schemes.ts'
import { schemeLabel } from '../../core/contract/scheme-label.ts'
import { checkHostKey, trustHostKey } from '../../remote/host-keys.ts'
import type { Store } from '../../store/index.ts'
import { InputError } from '../input-error.ts'
import type { Changed } from '../library.ts'
import type { HostLinks } from './host-links.ts'
import { probeHost } from './probe-host.ts'

/** A new host whose target is still any text. */
type Unchecked<T> = Omit<T, 'target'> & { readonly target?: string | undefined }

/** What is watched of a host. */
export type WatchOptions = { readonly vms: readonly string[]; readonly periodMs: number }

/** Keeps, reaches and changes hosts. */
export class HostCases {
  readonly #store: Store
  readonly #links: HostLinks

  constructor({ store, links }: { readonly store: Store; readonly links: HostLinks }) {
    this.#store = store
    this.#links = links
  }

  /** Hosts by name; connects to none. */
  async list(): Promise<HostRow[]> {
    return (await this.#store.listHosts()).map((record) => this.#rowOf(record))
  }

  /** Keeps a host. @throws LabError `bad-input` for a name that ssh could misread, `conflict` */
  async add({ name, target, sshConfig }: Unchecked<NewHost>): Promise<HostRow> {
    const parsed = v.safeParse(HostTargetSchema, target ?? name)
    if (!parsed.success) throw new LabError('bad-input', parsed.issues[0].message)
    const place = { name, target: parsed.output, sshConfig: sshConfig ?? null }
    return this.#rowOf(await this.#store.addHost(place))
  }

  /** Forgets a host and ends its session. @throws LabError `conflict` while it is used */
  async remove(name: string): Promise<Changed> {
    this.#links.of(name).requireFree()
    const changed = await this.#store.removeHost(name)
    await this.#links.forget(name)
    return { changed }
  }

  /** Replaces a host's note. */
  async note(name: string, note: string): Promise<Changed> {
    return { changed: await this.#store.noteHost(name, note) }
  }

  /** Tries to reach a host and says how far that went; what it found is kept. */
  async probe(name: string): Promise<HostProbe> {
    const record = await this.#store.getHost(name)
    const probe = await probeHost(record, this.#links)
    await this.#store.keepProbe(probe)
    return probe
  }

  /** Accepts the key that a host shows. @throws LabError `conflict` when it is another one */
  async trust(name: string, fingerprint: string): Promise<HostRow> {
    const record = await this.#store.getHost(name)
    const reached = await this.#links.reach(record)
    if (reached === null) {
      throw new LabError('bad-input', `"${name}" is this machine, which has no key to trust`)
    }
    const found = await checkHostKey(reached.ssh, reached.host)
    if (found.state === 'known') return this.#rowOf(record)
    await trustHostKey(reached.ssh, reached.host, fingerprint)
    const key = { algorithm: found.key.type, fingerprint, trustedAt: new Date().toISOString() }
    return this.#rowOf(await this.#store.trustHost(name, key))
  }

  /** What kind of host it is now. */
  facts(name: string): Promise<HostFacts> {
    return this.#call(name, 'facts', {})
  }

  /** Its VMs now. */
  vms(name: string): Promise<VmFacts[]> {
    return this.#call(name, 'vms', {})
  }

  /** What a scheme would change; changes nothing. @throws InputError for an unknown scheme */
  plan({ name, ...request }: HostScheme): Promise<HostPlan> {
    requireHostScheme(request.scheme)
    return this.#call(name, 'plan', request)
  }

  /** Applies a plan that was shown, and holds it. @throws LabError `conflict` while it is used */
  async apply({ name, ...request }: HostScheme & { readonly planId: string }): Promise<Applied> {
    requireHostScheme(request.scheme)
    const link = this.#links.of(name)
    link.requireFree()
    const applied = await this.#call(name, 'apply', request)
    const { journalId } = applied
    const since = new Date().toISOString()
    link.hold({ scheme: schemeLabel(request.scheme), vms: request.vms, journalId, since })
    return applied
  }

  /** Puts a host back. @throws LabError `conflict` while a run is measured on it, or it is dirty */
  async restore(name: string): Promise<Restored> {
    const link = this.#links.of(name)
    link.requireNoRun()
    const restored = await this.#call(name, 'restore', {})
    link.putBack(restored)
    return restored
  }

  /** Resolves when the session with a host ends: to why, or to null when it was closed. */
  async ended(name: string): Promise<LabError | null> {
    return (await this.#links.of(name).session()).ended
  }

  /** What was changed on a host and how it ended, newest first. */
  journal(name: string, limit: number): Promise<JournalEntry[]> {
    return this.#call(name, 'journal', { limit })
  }

  /** Samples of a host and its VMs until the reader stops; all that run unless some are named. */
  async *watch(
    name: string,
    { vms, periodMs }: WatchOptions,
    signal?: AbortSignal,
  ): AsyncGenerator<Sample, void> {
    await this.#store.getHost(name)
    const session = await this.#links.of(name).session()
    const names = vms.length > 0 ? [...vms] : await this.#running(name)
    const stream = session.stream('sample', { vms: names, periodMs }, signal)
    try {
      for await (const { sample } of stream.events) yield sample
    } catch (error) {
      if (signal?.aborted !== true) throw error
    }
  }

  async #running(name: string): Promise<string[]> {
    const vms = await this.vms(name)
    return vms.filter(({ state }) => state === 'running').map((vm) => vm.name)
  }

  async #call<M extends AgentMethod>(
    name: string,
    method: M,
    input: AgentInput<M>,
  ): Promise<AgentOutput<M>> {
    await this.#store.getHost(name)
    return (await this.#links.of(name).session()).call(method, input)
  }

  #rowOf(record: HostRecord): HostRow {
    return { ...record, session: this.#links.of(record.name).state }
  }
}

/** @throws InputError */
function requireHostScheme(scheme: HostScheme['scheme']): void {
  const issues = checkHostScheme(scheme)
  if (issues.length > 0) throw new InputError('the scheme is refused', issues)
}
