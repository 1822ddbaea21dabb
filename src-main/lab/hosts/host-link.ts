/** One host and its session: opened once for all who ask, noticed when it is lost, used by one. */
import { LabError } from '../../core/base/lab-error.ts'
import type { HostRow } from '../../core/contract/hosts.ts'
import type { MeasuredHost } from '../../core/contract/library.ts'
import type { Restored } from '../../core/contract/agent/change.ts'
import type { VmFacts } from '../../core/contract/agent/facts.ts'
import type { AgentSession } from '../../remote/agent-session.ts'

/** How a session is opened; `onNotice` is told what the agent says of itself. */
export type Connect = (onNotice: (notice: LabError) => void) => Promise<AgentSession>

type SessionState = HostRow['session']

/** The link to one host. */
export class HostLink {
  readonly name: string
  readonly #connect: Connect
  #opening: Promise<AgentSession> | null = null
  #session: AgentSession | null = null
  #snapshot: Promise<MeasuredHost> | null = null
  #state: SessionState['state'] = 'closed'
  #applied: SessionState['applied'] = null
  #measuring: string | null = null
  #dirty: string | null = null
  #notice: string | null = null

  constructor(name: string, connect: Connect) {
    this.name = name
    this.#connect = connect
  }

  /** What this process does with the host. */
  get state(): SessionState {
    return {
      state: this.#state,
      applied: this.#applied,
      measuring: this.#measuring,
      dirty: this.#dirty,
      notice: this.#notice,
    }
  }

  /** Whether a session is open now. */
  get isOpen(): boolean {
    return this.#session !== null
  }

  /** The open session, or a new one. @throws LabError why there is none */
  session(): Promise<AgentSession> {
    if (this.#session !== null) return Promise.resolve(this.#session)
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null
    })
    return this.#opening
  }

  /** Host and VMs as they were when the session was opened: the same for all runs of it. */
  async snapshot(): Promise<MeasuredHost> {
    const session = await this.session()
    this.#snapshot ??= snapshotOf(this.name, session)
    this.#snapshot.catch(() => (this.#snapshot = null))
    return this.#snapshot
  }

  /** Notes what this process has applied to the host. */
  hold(applied: NonNullable<SessionState['applied']>): void {
    this.#applied = applied
  }

  /** Notes what a restore did. @throws LabError `conflict` when the host is not as it was found */
  putBack(restored: Restored): void {
    this.#applied = null
    this.#dirty = restored.clean ? null : restored.differences.join('; ')
    this.requireClean()
  }

  /**
   * Keeps the host for a run while that is being measured.
   * @throws LabError `conflict` when something else uses it, and what the run throws
   */
  async during<T>(run: string, measure: () => Promise<T>): Promise<T> {
    this.requireFree()
    this.#measuring = run
    try {
      return await measure()
    } finally {
      this.#measuring = null
    }
  }

  /** @throws LabError `conflict` while a run is measured on the host or a scheme is applied */
  requireFree(): void {
    this.requireNoRun()
    if (this.#applied === null) return
    const message = `${this.#applied.scheme} is applied to "${this.name}"`
    throw new LabError('conflict', message, 'put the host back first')
  }

  /** @throws LabError `conflict` while a run is measured on the host */
  requireNoRun(): void {
    if (this.#measuring === null) return
    const message = `"${this.#measuring}" is being measured on "${this.name}"`
    throw new LabError('conflict', message, 'pause or cancel its campaign first')
  }

  /** @throws LabError `conflict` when the host is not as it was found */
  requireClean(): void {
    if (this.#dirty === null) return
    const message = `"${this.name}" could not be put back: ${this.#dirty}`
    const hint = 'put that back by hand, then: flexlab host restore; see: flexlab host journal'
    throw new LabError('conflict', message, hint)
  }

  /** Ends the session; the agent puts back what it applied. */
  async close(): Promise<void> {
    const session = this.#session ?? (await this.#opening?.catch(() => null))
    await session?.close()
  }

  async #open(): Promise<AgentSession> {
    this.#state = 'opening'
    try {
      const session = await this.#connect((notice) => {
        this.#notice = notice.message
      })
      const { recovered } = await session.opened
      const isClean = recovered === null || recovered.clean
      this.#dirty = isClean ? null : recovered.differences.join('; ')
      this.#session = session
      this.#state = 'open'
      void session.ended.then((reason) => this.#ended(session, reason))
      return session
    } catch (error) {
      this.#state = 'closed'
      throw error
    }
  }

  #ended(session: AgentSession, reason: LabError | null): void {
    if (this.#session !== session) return
    this.#session = null
    this.#snapshot = null
    this.#applied = null
    this.#state = reason === null ? 'closed' : 'lost'
  }
}

async function snapshotOf(name: string, session: AgentSession): Promise<MeasuredHost> {
  const { appVersion, agentSha256: sha256, node } = await session.opened
  const facts = await session.call('facts', {})
  const vms = await session.call('vms', {})
  return { name, facts, vms, accel: accelOf(vms), agent: { appVersion, sha256, node } }
}

function accelOf(vms: readonly VmFacts[]): MeasuredHost['accel'] {
  const accels = new Set(vms.filter(({ state }) => state === 'running').map(({ accel }) => accel))
  const [only] = accels
  return accels.size > 1 ? 'mixed' : (only ?? 'unknown')
}
