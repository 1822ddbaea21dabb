/** Library: what matches, the facets beside it, columns, groups, views, and what is selected. */
import type { LabClient } from '../bridge/index.ts'
import type {
  CampaignRow,
  Facets,
  RunColumns,
  RunGroups,
  RunRow,
} from '../../src-main/core/contract/library.ts'
import type { SavedView, ViewState } from '../../src-main/core/contract/library-view.ts'
import { strings } from '../strings/index.ts'
import type { Notices } from './notices.svelte.ts'
import { RunChanges } from './run-changes.ts'
import { RunPages } from './run-pages.svelte.ts'
import { runsOf } from './run-query.ts'
import { Selection } from './selection.svelte.ts'

const NO_FACETS: Facets = {
  ...{ kind: [], campaign: [], app: [], scheme: [], mix: [], host: [], tag: [] },
}
const NO_COLUMNS: RunColumns = { settings: [], metrics: [], differing: [] }

/** The state of the library screen. */
export class Library {
  readonly pages: RunPages
  readonly selection = new Selection()
  readonly changes: RunChanges
  facets = $state.raw<Facets>(NO_FACETS)
  columns = $state.raw<RunColumns>(NO_COLUMNS)
  /** Of the view that is open; null while they are on their way. */
  groups = $state.raw<RunGroups | null>(null)
  campaigns = $state.raw<readonly CampaignRow[] | null>(null)
  views = $state.raw<readonly SavedView[]>([])
  readonly #client: LabClient
  readonly #notices: Notices
  #view: ViewState | null = null

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
    return pages.loaded.filter((row) => selection.has(row.id))
  }

  /** Asks the lab for what the view shows. */
  ask(view: ViewState): void {
    this.#view = view
    this.pages.ask(runsOf(view))
    const { library, campaign } = this.#client
    this.#load(
      view,
      () => library.facets(view),
      (facets) => (this.facets = facets),
    )
    if (view.by.length > 0) {
      this.#load(
        view,
        () => library.groups(view),
        (groups) => (this.groups = groups),
      )
    } else this.groups = null
    this.#load(
      view,
      () => library.columns(view),
      (columns) => (this.columns = columns),
    )
    this.#load(
      view,
      () => campaign.list(),
      (campaigns) => (this.campaigns = campaigns),
    )
    this.#load(
      view,
      () => library.views(),
      (views) => (this.views = views),
    )
  }

  /** Asks the same again, after a change. */
  refresh(): void {
    if (this.#view !== null) this.ask(this.#view)
  }

  /** Chooses the rows from one position to another, also those that nobody has seen. */
  async chooseRange(from: number, to: number): Promise<void> {
    const view = this.#view
    if (view === null) return
    const offset = Math.min(from, to)
    const ids = await this.#ids(view, offset, Math.abs(to - from) + 1)
    if (view === this.#view) this.selection.setAll(ids)
  }

  /** Chooses all runs that match. */
  async chooseAll(): Promise<void> {
    const { total } = this.pages
    if (total > 0) await this.chooseRange(0, total - 1)
  }

  /** Keeps the view under a name. */
  async saveView(name: string, state: ViewState): Promise<void> {
    await this.#client.library.saveView({ name, state })
    this.views = await this.#client.library.views()
    this.#notices.say(strings.library.viewSaved(name))
  }

  /** Forgets a view; it can be taken back. */
  async removeView(view: SavedView): Promise<void> {
    await this.#client.library.removeView({ name: view.name })
    this.views = await this.#client.library.views()
    const undo = () => this.saveView(view.name, view.state)
    this.#notices.say(strings.library.viewRemoved(view.name), undo)
  }

  #load<T>(view: ViewState, ask: () => Promise<T>, show: (answer: T) => void): void {
    this.#notices.start(async () => {
      const answer = await ask()
      if (this.#view === view) show(answer)
    })
  }

  #ids(view: ViewState, offset: number, limit: number): Promise<string[]> {
    return this.#client.library.ids({ ...view, offset, limit })
  }
}
