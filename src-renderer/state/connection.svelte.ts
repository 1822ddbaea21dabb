/** Connection: the lab on the other side, what it knows, and whether it can be reached. */
import type { ConnectionState, LabClient } from '../bridge/index.ts'
import type { Catalogue } from '../../src-main/core/contract/catalogue.ts'
import type { SystemInfo } from '../../src-main/core/contract/system.ts'
import { problemOf } from './problem.ts'
import type { Problem } from './problem.ts'

/** How the lab is reached: the bridge, or a test's lab in memory. */
export type Door = {
  readonly connect: () => Promise<LabClient>
  readonly subscribe: (listener: (state: ConnectionState) => void) => () => void
  readonly reconnect: () => void
}

/** The lab's client together with its facts. Screens are only mounted once it is ready. */
export class Connection {
  state = $state<ConnectionState>('connecting')
  info = $state.raw<SystemInfo | null>(null)
  catalogue = $state.raw<Catalogue | null>(null)
  /** Why this page was refused; nothing works then. */
  refusal = $state.raw<Problem | null>(null)
  /** Grows with every new connection; what was being watched is watched again. */
  generation = $state(0)
  #client: LabClient | null = null
  readonly #door: Door

  constructor(door: Door) {
    this.#door = door
    door.subscribe((state) => {
      if (state === 'open' && this.state === 'lost') this.generation += 1
      this.state = state
    })
  }

  /** The client. Only for use on screens, which exist only when it does. */
  get client(): LabClient {
    if (this.#client === null) throw new Error('the lab was asked before it was connected')
    return this.#client
  }

  get isReady(): boolean {
    return this.catalogue !== null
  }

  /** Connects and loads what all screens need; a refusal is kept for the screen. */
  async start(): Promise<void> {
    try {
      this.refusal = null
      this.#client = await this.#door.connect()
      const { system } = this.#client
      const [info, catalogue] = await Promise.all([system.info(), system.catalogue()])
      this.info = info
      this.catalogue = catalogue
    } catch (error) {
      this.refusal = problemOf(error)
    }
  }

  /** Tries again now, after a loss or a refusal. */
  retry(): void {
    this.#door.reconnect()
    if (!this.isReady) void this.start()
  }
}
