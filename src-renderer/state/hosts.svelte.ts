/** Hosts: the machines the lab can reach, the one that is open, and what is being done to it. */
import type { LabClient } from '../bridge/index.ts'
import type { HostPlan, JournalEntry } from '../../src-main/core/contract/agent/change.ts'
import type { VmFacts } from '../../src-main/core/contract/agent/facts.ts'
import type { Sample } from '../../src-main/core/contract/agent/work.ts'
import type { HostProbe, HostRow, NewHostInput } from '../../src-main/core/contract/hosts.ts'
import type { ParamValue } from '../../src-main/core/contract/values.ts'
import { ratesBetween } from './live-rates.ts'
import type { Rates } from './live-rates.ts'
import type { Notices } from './notices.svelte.ts'

/** A minute of samples at two a second. */
export const RATES_MAX = 120
/** Pins and online states are read anew so often while the host is watched. */
const VMS_AFTER_MS = 3000

/** What is asked of the host's VMs: a scheme by id, its changed parameters, the VMs. */
export type Wish = {
  readonly id: string
  readonly params: Readonly<Record<string, ParamValue>>
  readonly vms: readonly string[]
}

const NO_WISH: Wish = { id: 'flexcore', params: {}, vms: [] }

/** The state of the hosts screen. */
export class Hosts {
  rows = $state.raw<readonly HostRow[] | null>(null)
  probe = $state.raw<HostProbe | null>(null)
  vms = $state.raw<readonly VmFacts[] | null>(null)
  wish = $state.raw<Wish>(NO_WISH)
  /** The dry run of the wish; null once the wish changes. */
  plan = $state.raw<HostPlan | null>(null)
  journal = $state.raw<readonly JournalEntry[] | null>(null)
  sample = $state.raw<Sample | null>(null)
  rates = $state.raw<readonly Rates[]>([])
  /** What is under way; one at a time, since a host is one thing. */
  doing = $state<'nothing' | 'probing' | 'planning' | 'applying' | 'restoring'>('nothing')
  isWatching = $state(false)
  #name: string | null = null
  #watch: AbortController | null = null
  readonly #client: LabClient
  readonly #notices: Notices

  constructor(client: LabClient, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  /** Loads the list; what is known of the open host comes with it. */
  async load(): Promise<void> {
    this.rows = await this.#client.host.list()
    const row = this.rows.find((each) => each.name === this.#name)
    if (row?.probe && this.probe === null) this.#show(row.probe)
  }

  /** Shows another host; nothing is connected to. */
  open(name: string | null): void {
    if (name === this.#name) return
    this.stop()
    this.#name = name
    this.probe = null
    this.vms = null
    this.plan = null
    this.journal = null
    this.wish = NO_WISH
    const row = this.rows?.find((each) => each.name === name)
    if (row?.probe) this.#show(row.probe)
  }

  async add(host: NewHostInput): Promise<HostRow> {
    const row = await this.#client.host.add(host)
    await this.load()
    return row
  }

  async remove(name: string): Promise<void> {
    this.stop()
    await this.#client.host.remove({ name })
    this.open(null)
    await this.load()
  }

  /** Reaches the host as far as that goes. */
  async reach(name: string): Promise<void> {
    await this.#while('probing', async () => {
      const probe = await this.#client.host.probe({ name })
      if (name === this.#name) this.#show(probe)
      if (probe.problem === null) this.journal = await this.#client.host.journal({ name })
    })
    await this.load()
  }

  /** Accepts the key that was shown, and goes on. */
  async trust(name: string, fingerprint: string): Promise<void> {
    await this.#client.host.trust({ name, fingerprint })
    await this.reach(name)
  }

  /** Changes what is asked for; a plan of something else is gone. */
  ask(change: Partial<Wish>): void {
    this.wish = { ...this.wish, ...change }
    this.plan = null
  }

  async makePlan(name: string): Promise<void> {
    await this.#while('planning', async () => {
      this.plan = await this.#client.host.plan({ name, ...this.#request() })
    })
  }

  /** Does what the plan says, and nothing else: the host refuses if it has changed since. */
  async apply(name: string, plan: HostPlan): Promise<void> {
    await this.#while('applying', async () => {
      await this.#client.host.apply({ name, ...this.#request(), planId: plan.id })
      this.plan = null
    })
    await this.#refresh(name)
  }

  /** Puts the host back. @returns whether it equals its snapshot */
  async restore(name: string): Promise<boolean> {
    let clean = false
    await this.#while('restoring', async () => {
      const restored = await this.#client.host.restore({ name })
      clean = restored.clean
    })
    await this.#refresh(name)
    return clean
  }

  /** Follows the host's samples until `stop` or another host. */
  watch(name: string): void {
    this.stop()
    const watch = new AbortController()
    this.#watch = watch
    this.isWatching = true
    this.#notices.start(() => this.#follow(name, watch.signal))
    this.#notices.start(() => this.#followVms(name, watch.signal))
  }

  /** Stops following; what was seen stays. */
  stop(): void {
    this.#watch?.abort()
    this.#watch = null
    this.isWatching = false
  }

  async #follow(name: string, signal: AbortSignal): Promise<void> {
    this.rates = []
    this.sample = null
    try {
      for await (const sample of await this.#client.host.watch({ name }, { signal })) {
        if (signal.aborted) return
        const rates = this.sample === null ? null : ratesBetween(this.sample, sample)
        this.sample = sample
        if (rates !== null) this.rates = [...this.rates, rates].slice(-RATES_MAX)
      }
    } finally {
      if (!signal.aborted) this.stop()
    }
  }

  async #followVms(name: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, VMS_AFTER_MS))
      if (signal.aborted) return
      const vms = await this.#client.host.vms({ name }, { signal })
      if (!signal.aborted) this.vms = vms
    }
  }

  async #refresh(name: string): Promise<void> {
    await this.load()
    this.vms = await this.#client.host.vms({ name })
    this.journal = await this.#client.host.journal({ name })
  }

  #request() {
    const { id, params, vms } = this.wish
    return { scheme: { id, params: { ...params } }, vms: [...vms] }
  }

  #show(probe: HostProbe): void {
    this.probe = probe
    this.vms = probe.vms
    // A VM whose guest does not answer would only be refused; it can still be ticked.
    const able = (probe.vms ?? []).filter((vm) => vm.state === 'running' && vm.guest !== null)
    if (this.wish.vms.length === 0) this.ask({ vms: able.map((vm) => vm.name) })
  }

  async #while(doing: Hosts['doing'], work: () => Promise<void>): Promise<void> {
    this.doing = doing
    try {
      await work()
    } finally {
      this.doing = 'nothing'
    }
  }
}
