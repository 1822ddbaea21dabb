/** What is done to runs of the library, with its undo: trash, restore, tags, notes. */
import type { LabClient } from '../bridge/index.ts'
import { strings } from '../strings/index.ts'
import type { Notices } from './notices.svelte.ts'

/** Changes to runs; `onchange` is called after each, for whoever shows them. */
export class RunChanges {
  readonly #client: LabClient
  readonly #notices: Notices
  readonly #onchange: () => void

  constructor(client: LabClient, notices: Notices, onchange: () => void) {
    this.#client = client
    this.#notices = notices
    this.#onchange = onchange
  }

  /** Moves runs to the trash or back; the message offers the other way. */
  async trash(ids: readonly string[], on: boolean): Promise<void> {
    await this.#setTrash(ids, on)
    const text = on ? strings.library.trashed(ids.length) : strings.library.restored(ids.length)
    this.#notices.say(
      text,
      () => this.#setTrash(ids, !on),
      () => this.#setTrash(ids, on),
    )
  }

  /** Adds a tag to runs, or takes it away. */
  async tag(ids: readonly string[], tag: string, on: boolean): Promise<void> {
    await this.#client.library.tag({ ids: [...ids], tag, on })
    this.#onchange()
  }

  /** Writes a run's note. */
  async note(id: string, note: string): Promise<void> {
    await this.#client.library.note({ id, note })
    this.#notices.say(strings.library.noteSaved)
    this.#onchange()
  }

  /** Excludes runs from comparisons with a reason or takes them in again, with an undo. */
  async exclude(ids: readonly string[], reason: string | null, before: string | null) {
    await this.#setExcluded(ids, reason)
    const text = reason === null ? strings.run.included : strings.run.excludedNow
    this.#notices.say(text, () => this.#setExcluded(ids, before))
  }

  async #setExcluded(ids: readonly string[], reason: string | null): Promise<void> {
    await this.#client.library.exclude({ ids: [...ids], reason })
    this.#onchange()
  }

  async #setTrash(ids: readonly string[], on: boolean): Promise<void> {
    await this.#client.library.trash({ ids: [...ids], on })
    this.#onchange()
  }
}
