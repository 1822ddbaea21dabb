/** Use cases about hosts: which there are, how they are reached, what is changed on them. */
import * as v from 'valibot'
import { LabError } from '../../core/base/lab-error.ts'
import type { Applied, HostPlan, JournalEntry, Restored } from '../../core/contract/agent/change.ts'
import type { HostFacts, VmFacts } from '../../core/contract/agent/facts.ts'
import { HostTargetSchema } from '../../core/contract/agent/names.ts'
import type { Sample } from '../../core/contract/agent/work.ts'
import type {
  HostProbe,
  HostRecord,
  HostRow,
  HostScheme,
  NewHost,
} from '../../core/contract/hosts.ts'
import type { Store } from '../../store/index.ts'
import type { Changed } from '../library.ts'

/** What is watched of a host. */
export type WatchOptions = { readonly vms: readonly string[]; readonly periodMs: number }

/** Keeps, reaches and changes hosts. */
export class HostCases {
  readonly #store: Store

  constructor({ store }: { readonly store: Store }) {
    this.#store = store
  }

  /** Hosts by name; connects to none. */
  async list(): Promise<HostRow[]> {
    return (await this.#store.listHosts()).map(rowOf)
  }

  /** Keeps a host. @throws LabError `bad-input` for a name that ssh could misread, `conflict` */
  async add({ name, target, sshConfig }: NewHost): Promise<HostRow> {
    const parsed = v.safeParse(HostTargetSchema, target ?? name)
    if (!parsed.success) throw new LabError('bad-input', parsed.issues[0].message)
    const place = { name, target: parsed.output, sshConfig: sshConfig ?? null }
    return rowOf(await this.#store.addHost(place))
  }

  /** Forgets a host. */
  async remove(name: string): Promise<Changed> {
    return { changed: await this.#store.removeHost(name) }
  }

  /** Replaces a host's note. */
  async note(name: string, note: string): Promise<Changed> {
    return { changed: await this.#store.noteHost(name, note) }
  }

  probe(name: string): Promise<HostProbe> {
    return this.#notYet(name)
  }

  trust(name: string, _fingerprint: string): Promise<HostRow> {
    return this.#notYet(name)
  }

  facts(name: string): Promise<HostFacts> {
    return this.#notYet(name)
  }

  vms(name: string): Promise<VmFacts[]> {
    return this.#notYet(name)
  }

  plan({ name }: HostScheme): Promise<HostPlan> {
    return this.#notYet(name)
  }

  apply({ name }: HostScheme & { readonly planId: string }): Promise<Applied> {
    return this.#notYet(name)
  }

  restore(name: string): Promise<Restored> {
    return this.#notYet(name)
  }

  journal(name: string, _limit: number): Promise<JournalEntry[]> {
    return this.#notYet(name)
  }

  async *watch(name: string, _options: WatchOptions): AsyncGenerator<Sample, void> {
    yield await this.#notYet(name)
  }

  async #notYet(name: string): Promise<never> {
    await this.#store.getHost(name)
    throw new LabError('unavailable', 'this build cannot reach hosts yet')
  }
}

const rowOf = (record: HostRecord): HostRow => ({
  ...record,
  session: { state: 'closed', applied: null, campaignId: null },
})
