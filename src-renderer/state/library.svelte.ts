/** Library: the runs that match, the facets beside them, the campaigns, and what is selected. */
import type { LabClient } from '../bridge/index.ts'
import type { CampaignRow, Facets, RunRow } from '../../src-main/core/contract/library.ts'
import type { Notices } from './notices.svelte.ts'
import { RunChanges } from './run-changes.ts'
import { RunPages } from './run-pages.svelte.ts'
import type { OpenQuery } from './run-pages.svelte.ts'
import { Selection } from './selection.svelte.ts'

const NO_FACETS: Facets = { kind: [], campaign: [], app: [], scheme: [], mix: [], tag: [] }

/** The state of the library screen. */
export class Library {
  readonly pages: RunPages
  readonly selection = new Selection()
  readonly changes: RunChanges
  facets = $state.raw<Facets>(NO_FACETS)
  campaigns = $state.raw<readonly CampaignRow[] | null>(null)
  readonly #client: LabClient
  readonly #notices: Notices
  #query: OpenQuery | null = null

  constructor(client: LabClient, notices: Notices) {
    this.#client = client
    this.#notices = notices
    this.pages = new RunPages(client, notices)
    this.changes = new RunChanges(client, notices, () => this.refresh())
  }

  /** Nothing has ever been run here. */
  get isEmpty(): boolean {
    return this.campaigns?.length === 0 && this.pages.isLoaded && this.pages.total === 0
  }

  /** The selected rows that are loaded. */
  get selectedRows(): RunRow[] {
    const { pages, selection } = this
    return [...selection.ids].flatMap((id) => pages.row(pages.indexOf(id)) ?? [])
  }

  /** Asks the lab for what matches. */
  ask(query: OpenQuery): void {
    this.#query = query
    this.pages.ask(query)
    this.#notices.start(async () => {
      const facets = await this.#client.library.facets(query)
      if (this.#query === query) this.facets = facets
    })
    this.#notices.start(async () => {
      this.campaigns = await this.#client.campaign.list()
    })
  }

  /** Asks the same again, after a change. */
  refresh(): void {
    if (this.#query !== null) this.ask(this.#query)
  }
}
