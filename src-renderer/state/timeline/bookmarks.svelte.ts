/** Bookmarks of a run: named places in its trace, kept in the library; with undo. */
import type { LabClient } from '../../bridge/index.ts'
import type { Bookmark } from '../../../src-main/core/contract/trace.ts'
import { strings } from '../../strings/index.ts'
import type { Notices } from '../notices.svelte.ts'

/** The bookmarks of the open run. */
export class Bookmarks {
  list = $state.raw<readonly Bookmark[]>([])
  readonly #client: LabClient
  readonly #notices: Notices
  #runId = ''

  constructor(client: LabClient, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  async open(runId: string): Promise<void> {
    this.#runId = runId
    const list = await this.#client.trace.bookmarks({ runId })
    if (runId === this.#runId) this.list = list
  }

  /** Keeps a new bookmark; undo forgets it. */
  async add(place: Omit<Bookmark, 'id'>): Promise<void> {
    const bookmark = { ...place, id: crypto.randomUUID() }
    await this.#put(bookmark)
    this.#notices.say(strings.timeline.bookmarkAdded(bookmark.name), () => this.#drop(bookmark.id))
  }

  /** Gives a bookmark another name; undo gives the old one back. */
  async rename(bookmark: Bookmark, name: string): Promise<void> {
    if (name === '' || name === bookmark.name) return
    await this.#put({ ...bookmark, name })
    this.#notices.say(strings.timeline.bookmarkRenamed(name), () => this.#put(bookmark))
  }

  /** Forgets a bookmark; undo puts it back. */
  async remove(bookmark: Bookmark): Promise<void> {
    await this.#drop(bookmark.id)
    this.#notices.say(strings.timeline.bookmarkRemoved(bookmark.name), () => this.#put(bookmark))
  }

  async #put(bookmark: Bookmark): Promise<void> {
    await this.#client.trace.bookmark({ runId: this.#runId, bookmark })
    await this.open(this.#runId)
  }

  async #drop(id: string): Promise<void> {
    await this.#client.trace.unbookmark({ runId: this.#runId, id })
    await this.open(this.#runId)
  }
}
