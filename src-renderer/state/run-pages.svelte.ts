/** RunPages: the runs table as far as it has been looked at; pages of it come from the lab. */
import { SvelteMap } from 'svelte/reactivity'
import type { LabClient } from '../bridge/index.ts'
import type { RunQuery, RunRow } from '../../src-main/core/contract/library.ts'
import type { Notices } from './notices.svelte.ts'

/** A question without its window. */
export type OpenQuery = Omit<RunQuery, 'offset' | 'limit'>

const PAGE_ROWS = 200

/** Rows by position; a row that is not there yet is undefined and on its way. */
export class RunPages {
  total = $state(0)
  isLoaded = $state(false)
  readonly #pages = new SvelteMap<number, readonly RunRow[]>()
  readonly #asked = new Set<number>()
  readonly #client: LabClient
  readonly #notices: Notices
  #query: OpenQuery | null = null
  #generation = 0
  /** Generation of the rows that are held; older ones stay only until their page is here anew. */
  #heldGeneration = 0
  #sight = { first: 0, last: 0 }

  constructor(client: LabClient, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  /** Asks anew, for what is in sight; the old rows stay until new ones take their place. */
  ask(query: OpenQuery): void {
    this.#query = query
    this.#generation += 1
    this.#asked.clear()
    this.#load(0)
    this.need(this.#sight.first, this.#sight.last)
  }

  /** Asks the same again, e.g. after a change. */
  refresh(): void {
    if (this.#query !== null) this.ask(this.#query)
  }

  /** The row at a position of the whole table. */
  row(index: number): RunRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS]
  }

  /** Position of a run, if it is on a loaded page; −1 otherwise. */
  indexOf(id: string): number {
    for (const [page, rows] of this.#pages) {
      const at = rows.findIndex((row) => row.id === id)
      if (at >= 0) return page * PAGE_ROWS + at
    }
    return -1
  }

  /** Sees to it that the rows first … last come. */
  need(first: number, last: number): void {
    this.#sight = { first, last }
    const lastPage = Math.floor(Math.min(last, this.total - 1) / PAGE_ROWS)
    for (let page = Math.floor(first / PAGE_ROWS); page <= lastPage; page += 1) this.#load(page)
  }

  #load(page: number): void {
    const query = this.#query
    if (query === null || this.#asked.has(page)) return
    this.#asked.add(page)
    const generation = this.#generation
    this.#notices.start(async () => {
      const window = { offset: page * PAGE_ROWS, limit: PAGE_ROWS }
      const answer = await this.#client.library.runs({ ...query, ...window })
      if (generation !== this.#generation) return
      if (this.#heldGeneration !== generation) this.#dropUnasked(generation)
      this.#pages.set(page, answer.rows)
      this.total = answer.total
      this.isLoaded = true
    })
  }

  #dropUnasked(generation: number): void {
    this.#heldGeneration = generation
    for (const page of [...this.#pages.keys()]) {
      if (!this.#asked.has(page)) this.#pages.delete(page)
    }
  }
}
