/** Live: one campaign watched as it runs, its cells, and the list of all campaigns. */
import type { LabClient } from '../bridge/index.ts'
import type { CampaignRow, Cell, CellStatus } from '../../src-main/core/contract/library.ts'
import type { Progress, Queued } from '../../src-main/core/contract/progress.ts'
import type { Notices } from './notices.svelte.ts'
import { progressGrid, statusesOf } from './progress-grid.ts'

/** What a button of the live screen asks for. */
export type LiveAction = 'pause' | 'resume' | 'cancel'

/** The state of the live screen. */
export class Live {
  campaigns = $state.raw<readonly CampaignRow[] | null>(null)
  progress = $state.raw<Progress | null>(null)
  /** Campaigns that the lab runs now, in the order in which they were started. */
  queue = $state.raw<readonly Queued[]>([])
  /** Whether the lab still carries out what was asked last. */
  isActing = $state(false)
  #cells = $state.raw<readonly Cell[]>([])
  #statuses = $state.raw<ReadonlyMap<number, CellStatus>>(new Map())
  #watching: AbortController | null = null
  #id: string | null = null
  readonly #client: LabClient
  readonly #notices: Notices

  readonly grid = $derived.by(() =>
    progressGrid(this.#cells, (cell) => this.#statuses.get(cell.index) ?? cell.status),
  )
  readonly failures = $derived.by(() =>
    this.#cells.filter((cell) => (this.#statuses.get(cell.index) ?? cell.status) === 'failed'),
  )

  constructor(client: LabClient, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  /** All campaigns, the watched one as it is now. */
  get rows(): readonly CampaignRow[] {
    const now = this.progress
    return (this.campaigns ?? []).map((row) => {
      if (row.id !== now?.campaignId) return row
      const { status, finished, failed, skipped } = now
      return { ...row, status, finished, failed, skipped }
    })
  }

  /** Loads the list of campaigns. */
  async loadCampaigns(): Promise<void> {
    const [campaigns, queue] = await Promise.all([
      this.#client.campaign.list(),
      this.#client.campaign.queue(),
    ])
    this.campaigns = campaigns
    this.queue = queue
  }

  /** The campaign that a user most likely wants to see. */
  get likely(): CampaignRow | undefined {
    const rows = this.campaigns ?? []
    const byNeed = ['running', 'paused', 'interrupted', 'cancelled', 'new'] as const
    for (const status of byNeed) {
      const row = rows.find((candidate) => candidate.status === status)
      if (row !== undefined) return row
    }
    return undefined
  }

  /** Looks at the queue again. */
  async loadQueue(): Promise<void> {
    this.queue = await this.#client.campaign.queue()
  }

  /** Watches a campaign until the next call of this or of `stop`. */
  watch(id: string): void {
    this.stop()
    if (this.#id !== id) this.progress = null
    this.#id = id
    const watching = new AbortController()
    this.#watching = watching
    this.#notices.start(() => this.#follow(id, watching.signal))
  }

  /** Stops watching. */
  stop(): void {
    this.#watching?.abort()
    this.#watching = null
  }

  /** Pauses, resumes or cancels, and goes on watching. */
  async act(action: LiveAction): Promise<void> {
    const id = this.#id
    if (id === null) return
    await this.#wait(this.#client.campaign[action]({ id }))
    this.watch(id)
    await this.loadCampaigns()
  }

  /** Sets failed cells (all without `cells`) back and resumes. */
  async retry(cells: readonly number[] = []): Promise<void> {
    const id = this.#id
    if (id === null) return
    await this.#wait(this.#client.campaign.retry({ id, cells: [...cells] }))
    this.watch(id)
  }

  /** Leaves cells out. */
  async skip(cells: readonly number[]): Promise<void> {
    const id = this.#id
    if (id === null) return
    await this.#client.campaign.skip({ id, cells: [...cells] })
    this.watch(id)
  }

  async #wait(work: Promise<unknown>): Promise<void> {
    this.isActing = true
    try {
      await work
    } finally {
      this.isActing = false
    }
  }

  async #follow(id: string, signal: AbortSignal): Promise<void> {
    await this.#loadCells(id, signal)
    for await (const progress of await this.#client.campaign.watch({ id }, { signal })) {
      if (signal.aborted) return
      this.progress = progress
      this.#statuses = new Map([...this.#statuses, ...statusesOf(progress)])
    }
    if (signal.aborted) return
    await this.#loadCells(id, signal)
    await this.loadCampaigns()
  }

  async #loadCells(id: string, signal: AbortSignal): Promise<void> {
    const detail = await this.#client.campaign.get({ id })
    if (signal.aborted) return
    this.#cells = detail.cells
    this.#statuses = new Map()
  }
}
