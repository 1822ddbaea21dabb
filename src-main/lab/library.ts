/** Use cases about the runs that are kept. */
import * as v from 'valibot'
import { RunQuerySchema } from '../core/contract/library.ts'
import type { Facets, RunDetail, RunPage, RunQuery } from '../core/contract/library.ts'
import type { LabContext } from './context.ts'
import { readSample } from './sample.ts'

/** How many rows a writing use case changed. */
export type Changed = { changed: number }

/** A question to the runs table with every default filled in. */
export const runQuery = (query: v.InferInput<typeof RunQuerySchema> = {}): RunQuery =>
  v.parse(RunQuerySchema, query)

/** Search, facets, one run, tags, notes, exclusions and trash. */
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
  facets(query: RunQuery): Promise<Facets> {
    return this.#context.store.facets(query)
  }

  /** A run with everything that is known of it. */
  run(id: string): Promise<RunDetail> {
    return this.#context.store.getRun(id)
  }

  /** Sets or removes a tag. */
  async tag(ids: readonly string[], tag: string, on: boolean): Promise<Changed> {
    return { changed: await this.#context.store.tagRuns(ids, tag, on) }
  }

  /** Replaces a run's note. */
  async note(id: string, note: string): Promise<Changed> {
    return { changed: await this.#context.store.noteRun(id, note) }
  }

  /** Excludes runs from every comparison with a reason; null takes them in again. */
  async exclude(ids: readonly string[], reason: string | null): Promise<Changed> {
    return { changed: await this.#context.store.excludeRuns(ids, reason) }
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
  async trash(ids: readonly string[], on: boolean): Promise<Changed> {
    return { changed: await this.#context.store.trashRuns(ids, on) }
  }
}
