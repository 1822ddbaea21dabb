/** Use cases about the runs that are kept. */
import * as v from 'valibot'
import { GroupQuerySchema, RunQuerySchema } from '../core/contract/library.ts'
import type {
  Facets,
  GroupQuery,
  RunColumns,
  RunDetail,
  RunGroups,
  RunIdsQuery,
  RunPage,
  RunQuery,
  RunQuestion,
} from '../core/contract/library.ts'
import { ViewStateSchema } from '../core/contract/library-view.ts'
import type { LibraryView, SavedView } from '../core/contract/library-view.ts'
import type { LabContext } from './context.ts'
import { readSample } from './sample.ts'

/** How many rows a writing use case changed. */
export type Changed = { changed: number }

/** How many runs a writing use case changed, and which. */
export type Marked = { changed: number; ids: string[] }

/** How long runs stay in the trash, days; then they are deleted when the library is opened. */
export const TRASH_DAYS = 30

const marked = (ids: string[]): Marked => ({ changed: ids.length, ids })

/** A question to the runs table with every default filled in. */
export const runQuery = (query: v.InferInput<typeof RunQuerySchema> = {}): RunQuery =>
  v.parse(RunQuerySchema, query)

/** A question for groups with every default filled in. */
export const groupQuery = (query: v.InferInput<typeof GroupQuerySchema>): GroupQuery =>
  v.parse(GroupQuerySchema, query)

/** Search, facets, groups, one run, tags, notes, exclusions, views and trash. */
export class LibraryCases {
  readonly #context: LabContext

  constructor(context: LabContext) {
    this.#context = context
  }

  /** A page of the runs table. */
  runs(query: RunQuery): Promise<RunPage> {
    return this.#context.store.queryRuns(query)
  }

  /** Counts by which the question can be narrowed. */
  facets(question: RunQuestion): Promise<Facets> {
    return this.#context.store.facets(question)
  }

  /** Settings and metrics that matching runs have, and which columns differ among them. */
  columns(question: RunQuestion): Promise<RunColumns> {
    return this.#context.store.runColumns(question)
  }

  /** Runs in groups. */
  groups(query: GroupQuery): Promise<RunGroups> {
    return this.#context.store.groupRuns(query)
  }

  /** Ids of matching runs, in order. */
  ids(query: RunIdsQuery): Promise<string[]> {
    return this.#context.store.runIds(query)
  }

  /** A run with everything that is known of it. */
  run(id: string): Promise<RunDetail> {
    return this.#context.store.getRun(id)
  }

  /** Sets or removes a tag. */
  async tag(ids: readonly string[], tag: string, on: boolean): Promise<Marked> {
    return marked(await this.#context.store.tagRuns(ids, tag, on))
  }

  /** Replaces a run's note. */
  async note(id: string, note: string): Promise<Changed> {
    return { changed: await this.#context.store.noteRun(id, note) }
  }

  /** Excludes runs from every comparison with a reason; null takes them in again. */
  async exclude(ids: readonly string[], reason: string | null): Promise<Changed> {
    return { changed: await this.#context.store.excludeRuns(ids, reason) }
  }

  /** Adds a line to the notes of runs, or takes it off their ends. */
  async noteLine(ids: readonly string[], line: string, on: boolean): Promise<Marked> {
    return marked(await this.#context.store.noteLine(ids, line, on))
  }

  /** Questions that have a name; what an older app did not know of them is as by default. */
  async views(): Promise<SavedView[]> {
    const views = await this.#context.store.listViews()
    return views.map((view) => ({ ...view, state: v.parse(ViewStateSchema, view.state) }))
  }

  /** Keeps a question under a name, in place of an earlier one. */
  saveView(view: LibraryView): Promise<SavedView> {
    return this.#context.store.saveView(view)
  }

  /** Forgets a view. */
  async removeView(name: string): Promise<Changed> {
    return { changed: await this.#context.store.removeView(name) }
  }

  /** Copies the library into a file, whole or not at all. */
  backup(file: string): Promise<void> {
    return this.#context.store.backup(file)
  }

  /** Takes over the shipped sample; a second time adds nothing. */
  async importSample(): Promise<{ campaignId: string; added: number; restored: number }> {
    const { row, added, restored } = await this.#context.store.importCampaign(readSample())
    return { campaignId: row.id, added, restored }
  }

  /** Moves runs into the trash or back. */
  async trash(ids: readonly string[], on: boolean): Promise<Marked> {
    return marked(await this.#context.store.trashRuns(ids, on))
  }
}
