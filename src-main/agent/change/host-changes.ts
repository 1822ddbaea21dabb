/**
 * What the agent changes on its host: plans, applies one scheme at a time, and puts back. Nothing
 * is changed before a journal is on the disk and a guardian watches.
 */
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../core/base/lab-error.ts'
import type {
  Applied,
  HostPlan,
  JournalEntry,
  Restored,
  RestoredBy,
  SchemeRequest,
} from '../../core/contract/agent/change.ts'
import type { HostFacts, VmFacts } from '../../core/contract/agent/facts.ts'
import { HostLock } from './host-lock.ts'
import { InForce } from './in-force.ts'
import { JournalFolder } from './journal.ts'
import { bootId, isAlive, processId } from './processes.ts'
import { checkRequest, planScheme, touchesGuests, type Plan, type PlannedVm } from './plan.ts'
import { NOTHING_RESTORED, restoreJournal, together, type OpenVms } from './restore-host.ts'
import { seeVm } from './see-vm.ts'
import type { VmPort } from './vm-port.ts'

/** How the host and its VMs are reached. */
export type HostAccess = {
  host(): Pick<HostFacts, 'pcpus' | 'allowedCpus'>
  /** In the order asked; a port only of one that runs. @throws LabError `not-found` */
  vms(names: readonly string[]): Promise<readonly { facts: VmFacts; port: VmPort | null }[]>
  readonly openVms: OpenVms
}

/** What else it needs to know. */
export type ChangeOptions = {
  /** Where the journal is kept; see `stateFolder`. */
  readonly state: string
  /** How this program is started anew, as a guardian: Node's options and the script. */
  readonly program: readonly string[]
  /** Starts to count, and stops; the agent calls `restore('lease')` when it runs out. */
  readonly lease: { arm(leaseMs: number): void; disarm(): void }
  /** Told of what goes wrong while a scheme is in force. */
  readonly onTrouble: (error: unknown) => void
}

type Seen = { readonly plan: Plan; readonly vms: readonly PlannedVm[]; readonly ports: VmPort[] }

/** Waiting for a guardian that puts the host back, ms. */
const GUARDIAN_MS = 60_000
const POLL_MS = 50

/** Changes one host. */
export class HostChanges {
  readonly #access: HostAccess
  readonly #options: ChangeOptions
  readonly #journals: JournalFolder
  #inForce: InForce | null = null
  #applying: AbortController | null = null
  #restoring: Promise<Restored> | null = null

  constructor(access: HostAccess, options: ChangeOptions) {
    this.#access = access
    this.#options = options
    this.#journals = new JournalFolder(options.state)
  }

  /** vCPUs that the scheme in force gives a VM now; null: none of ours holds it. */
  onlineOf(vm: string): number | null {
    return this.#inForce?.onlineOf(vm) ?? null
  }

  /** What the scheme would change; changes nothing. */
  async plan(request: SchemeRequest): Promise<HostPlan> {
    return (await this.#see(request)).plan.shown
  }

  /** Journals, the latest first. */
  journal(limit: number): JournalEntry[] {
    return this.#journals.entries(limit)
  }

  /**
   * Applies a plan that was shown. Whatever fails, the host is put back.
   *
   * @throws LabError `conflict` when the plan is another one now, when the host is changed already,
   *   or when an earlier change was not put back; `unavailable` when a change failed
   */
  async apply(request: SchemeRequest, planId: string, leaseMs: number): Promise<Applied> {
    if (this.#inForce !== null || this.#applying !== null)
      throw new LabError('conflict', 'a scheme is applied already', 'restore first')
    this.#applying = new AbortController()
    // from here on: a lab that is lost while we still look must not find the host changed
    this.#options.lease.arm(leaseMs)
    try {
      const lock = await HostLock.take(this.#options.state)
      try {
        return await this.#applyLocked(request, planId, leaseMs, lock)
      } finally {
        if (this.#inForce === null) lock.release()
      }
    } finally {
      this.#applying = null
      if (this.#inForce === null) this.#options.lease.disarm()
    }
  }

  async #applyLocked(
    request: SchemeRequest,
    planId: string,
    leaseMs: number,
    lock: HostLock,
  ): Promise<Applied> {
    this.#refuseDirty()
    const { plan, vms, ports } = await this.#see(request)
    refuse(plan.shown, planId)
    if (this.#applying?.signal.aborted === true)
      throw new LabError('cancelled', 'the lab was lost before anything was changed')
    const journalId = this.#begin(plan, vms)
    const { state, program, onTrouble } = this.#options
    const task = { state, journalId, leaseMs }
    const snapshots = vms.map(({ seen }) => seen!.snapshot)
    const inForce = new InForce(plan.work, ports, snapshots, { task, program, lock, onTrouble })
    this.#inForce = inForce
    inForce.on('unguarded', () => void this.restore('lease').catch(onTrouble))
    try {
      const guardian = await inForce.guard((id) => {
        this.#journals.append(journalId, { record: 'guardian', guardian: id })
      })
      const done = await inForce.start()
      return { journalId, changes: plan.shown.changes, ...done, guardian: { ...guardian, leaseMs } }
    } catch (error) {
      throw failure(error, await this.restore('request'))
    }
  }

  #begin({ shown }: Plan, vms: readonly PlannedVm[]): string {
    return this.#journals.begin({
      startedAt: new Date().toISOString(),
      bootId: bootId(),
      scheme: shown.scheme,
      agent: processId(process.pid),
      vms: vms.map(({ seen }) => seen!.snapshot),
      changes: shown.changes,
    })
  }

  /** Puts back what is applied; on request also what earlier agents left. Harmless otherwise. */
  restore(by: RestoredBy): Promise<Restored> {
    this.#restoring ??= this.#restore(by).finally(() => {
      this.#restoring = null
    })
    return this.#restoring
  }

  async #restore(by: RestoredBy): Promise<Restored> {
    const inForce = this.#inForce
    if (inForce === null) {
      this.#applying?.abort()
      const left = by === 'request' ? await this.#restoreLeft(by) : null
      return left ?? NOTHING_RESTORED
    }
    const quiet = inForce.stop()
    try {
      const { journalId } = inForce.task
      return await restoreJournal(this.#journals, journalId, by, this.#access.openVms, quiet)
    } finally {
      this.#options.lease.disarm()
      await inForce.dismiss()
      this.#inForce = null
    }
  }

  /** Puts back what an earlier agent left; null when there is nothing. Called at the start. */
  recover(): Promise<Restored | null> {
    return this.#restoreLeft('next-start')
  }

  async #restoreLeft(by: RestoredBy): Promise<Restored | null> {
    const left = this.#left()
    if (left.length === 0) return null
    const waited = await Promise.all(left.map((id) => this.#awaitGuardian(id)))
    const restored = waited.filter((one) => one !== null)
    const open = left.filter((_, i) => waited[i] === null)
    if (open.length === 0) return together(restored)
    const lock = await HostLock.take(this.#options.state, GUARDIAN_MS)
    try {
      for (const id of open)
        restored.push(await restoreJournal(this.#journals, id, by, this.#access.openVms))
    } finally {
      lock.release()
    }
    return together(restored)
  }

  /** Journals that are open or dirty, and whose agent is gone. */
  #left(): readonly string[] {
    return this.#journals.all().flatMap(({ id, journal }) => {
      if (journal === null || journal.end?.state === 'restored') return []
      const { begin } = journal
      const isHeld = begin.bootId === bootId() && isAlive(begin.agent)
      return isHeld && journal.end === null ? [] : [id]
    })
  }

  /** A guardian that is still there knows already, and puts it back. */
  async #awaitGuardian(id: string): Promise<Restored | null> {
    const startMs = performance.now()
    for (;;) {
      const { guardian, end } = this.#journals.read(id)
      const tookMs = performance.now() - startMs
      if (end?.state === 'restored')
        return { journalId: id, clean: true, changes: [], differences: [], tookMs }
      if (guardian === null || !isAlive(guardian) || tookMs > GUARDIAN_MS) return null
      await sleep(POLL_MS)
    }
  }

  #refuseDirty(): void {
    const [entry] = this.#journals.entries(Infinity).filter(({ state }) => state !== 'restored')
    if (entry === undefined) return
    const { id, state, differences } = entry
    const what = state === 'open' ? 'a scheme is applied' : `it still differs: ${differences[0]}`
    const hint = `restore first; the journal is ${this.#journals.fileOf(id)}`
    throw new LabError('conflict', `this host was not put back after ${id}: ${what}`, hint)
  }

  async #see(request: SchemeRequest): Promise<Seen> {
    checkRequest(request)
    const found = await this.#access.vms(request.vms)
    const guests = touchesGuests(request)
    const vms = await Promise.all(
      found.map(async ({ facts, port }): Promise<PlannedVm> => {
        if (port === null || facts.state !== 'running') return { facts, seen: null }
        const asks = {
          guest: guests && facts.guest !== null,
          cpusets: facts.guest?.canExec ?? false,
        }
        return { facts, seen: await seeVm(port, asks) }
      }),
    )
    const ports = found.flatMap(({ port }) => port ?? [])
    return { plan: planScheme(request, this.#access.host(), vms), vms, ports }
  }
}

function refuse({ id, refusals }: HostPlan, planId: string): void {
  if (refusals.length > 0)
    throw new LabError('conflict', `this cannot be applied: ${refusals.join('; ')}`)
  if (id === planId) return
  const hint = 'look at the plan as it is now'
  throw new LabError('conflict', 'host or VMs have changed since the plan was shown', hint)
}

/** What went wrong, and whether the host is as it was. */
function failure(error: unknown, { clean, differences }: Restored): LabError {
  const what = error instanceof Error ? error.message : String(error)
  const now = clean
    ? 'the host is as it was'
    : `the host could not be put back: ${differences.join('; ')}`
  if (error instanceof DOMException && error.name === 'AbortError')
    return new LabError('cancelled', `the host was put back while this was applied; ${now}`)
  const code = error instanceof LabError ? error.code : 'internal'
  return new LabError(code, `${what}; ${now}`)
}
