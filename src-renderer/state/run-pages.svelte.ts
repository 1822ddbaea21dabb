/** RunPages: the runs table as far as it has been looked at; pages of it come from the lab. */
import { SvelteMap } from 'svelte/reactivity'
import type { LabClient } from '../bridge/index.ts'
import type { RunQuery, RunRow } from '../../src-main/core/contract/library.ts'
import type { Notices } from './notices.svelte.ts'

/** A question without its window. */
export type OpenQuery = Omit<RunQuery, 'offset' | 'limit'>

/** So few that they come within three frames, also after a jump. */
const PAGE_ROWS = 100
/** Rows asked for beyond those in sight, so that scrolling finds them there. */
const AHEAD_ROWS = 100
/** Pages on their way at most: what a fast scroll has passed by is not asked for any more. */
const UNDERWAY_MAX = 3
/** Pages that are held at most; those farthest from sight go first. */
const PAGES_MAX = 40

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
  #underway = 0

  constructor(client: LabClient, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  /** Asks anew, for what is in sight; the old rows stay until new ones take their place. */
  ask(query: OpenQuery): void {
    this.#query = query
    this.#generation += 1
    this.#asked.clear()
    this.#underway = 0
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

  /** Whether all rows between two positions are there, both included. */
  has(a: number, b: number): boolean {
    const [first, last] = [Math.min(a, b), Math.max(a, b)]
    for (let page = Math.floor(first / PAGE_ROWS); page <= last / PAGE_ROWS; page += 1) {
      if (!this.#pages.has(page)) return false
    }
    return true
  }

  /** All rows that are there. */
  get loaded(): RunRow[] {
    return [...this.#pages.values()].flat()
  }

  /** Sees to it that the rows first … last come. */
  need(first: number, last: number): void {
    this.#sight = { first, last }
    const pageOf = (row: number) =>
      Math.floor(Math.max(0, Math.min(row, this.total - 1)) / PAGE_ROWS)
    this.#loadPages(pageOf(first), pageOf(last))
    // What may come into sight must not hold up what is.
    if (this.has(first, Math.min(last, this.total - 1))) {
      this.#loadPages(pageOf(first - AHEAD_ROWS), pageOf(last + AHEAD_ROWS))
    }
  }

  #loadPages(first: number, last: number): void {
    for (let page = first; page <= last; page += 1) this.#load(page)
  }

  #load(page: number): void {
    const query = this.#query
    if (query === null || this.#asked.has(page) || this.#underway >= UNDERWAY_MAX) return
    this.#asked.add(page)
    this.#underway += 1
    const generation = this.#generation
    this.#notices.start(async () => {
      const window = { offset: page * PAGE_ROWS, limit: PAGE_ROWS }
      const answer = await this.#client.library.runs({ ...query, ...window })
      if (generation !== this.#generation) return
      this.#underway -= 1
      if (this.#heldGeneration !== generation) this.#dropUnasked(generation)
      this.#pages.set(page, answer.rows)
      this.#forgetFarthest()
      this.total = answer.total
      this.isLoaded = true
      this.need(this.#sight.first, this.#sight.last)
    })
  }

  #forgetFarthest(): void {
    if (this.#pages.size <= PAGES_MAX) return
    const middle = (this.#sight.first + this.#sight.last) / 2 / PAGE_ROWS
    const far = (page: number) => Math.abs(page + 0.5 - middle)
    const farthest = [...this.#pages.keys()].reduce((a, b) => (far(b) > far(a) ? b : a))
    this.#pages.delete(farthest)
    this.#asked.delete(farthest)
  }

  #dropUnasked(generation: number): void {
    this.#heldGeneration = generation
    for (const page of [...this.#pages.keys()]) {
      if (!this.#asked.has(page)) this.#pages.delete(page)
    }
  }
}
