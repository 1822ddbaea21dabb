/** Activity: what the lab runs and holds just now, for the rail and for the question at closing. */
import type { Activity } from '../../src-main/core/contract/system.ts'
import type { Connection } from './connection.svelte.ts'

const LOOK_EVERY_MS = 4000

/** Looked at every few seconds while the page is open. */
export class LabActivity {
  #now = $state.raw<Activity>({ running: [], held: [] })
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** How many campaigns run. */
  get running(): number {
    return this.#now.running.length
  }

  /** Whether a host is measured, or is not as it was found. */
  get isRemote(): boolean {
    const { running, held } = this.#now
    return held.length > 0 || running.some(({ host }) => host !== null)
  }

  /** Looks until the returned function is called. A lost connection is shown elsewhere. */
  watch(): () => void {
    const look = async () => {
      if (!this.#connection.isReady || this.#connection.state !== 'open') return
      const now = await this.#connection.client.system.activity().catch(() => null)
      if (now !== null) this.#now = now
    }
    void look()
    const timer = setInterval(() => void look(), LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }
}
